"""The report's part on EMSCAD, from the figures alone."""

from training.benchmark.cells import METRICS, RARE, Told, by_contender, share
from training.card import percent


def emscad(e: Told, plan: Told) -> str:
    """Every protocol on EMSCAD."""
    parts = [
        f"""## EMSCAD
{e["rows"]:,} rows, {e["fraud"]} of them fraud; title, profile, description, requirements and benefits joined, because which field is
filled says nothing true in the shared copies. Rows weigh as if {percent(0.0484)} were fraud. Five folds, {plan["seeds"]} seeds; intervals
are Student's t over seeds. Calibration (Platt) and threshold of each fold come from models that saw neither the fold nor the row they
scored. Without fields, LightGBM's metadata are length, lines and shares of punctuation, capitals and digits."""
    ]
    names = {"random": "random split (leaks: half of the fraud has a near-twin in training)", "exact_group": "same words together"}
    for protocol, told in e["protocols"].items():
        parts.append(f"### {names.get(protocol, 'near-duplicate groups together')}\n{by_contender(told, METRICS)}")
    gains = {name: METRICS[name] for name in ("average_precision", "f1_at_validation_threshold")}
    note = "Lurewatch's fast tier less each baseline on the same folds; intervals over families drawn anew."
    parts.append(f"### Gain on near-duplicate groups\n{note}\n\n{by_contender(e['gains'], gains)}")
    parts.append(time_table(e["time"]))
    parts.append(
        f"### Every field and the metadata\nNear-duplicate groups; what LightGBM gains is how the copies were put together.\n\n"
        f"{by_contender(e['all_fields'], METRICS)}"
    )
    parts.append(variants(e["variants"]))
    for prevalence, told in e["prevalence"].items():
        parts.append(f"### EMSCAD as if {prevalence} were fraud, near-duplicate groups\n{by_contender(told, RARE)}")
    parts.append(few(e["few"]))
    parts.append(missing(e["missing"]))
    return "\n\n".join(parts)


def time_table(told: Told) -> str:
    """Job-id order."""
    columns = {f"all.{name}": head for name, head in METRICS.items()}
    columns["without_near_duplicates.average_precision"] = "average precision, without near-duplicates of earlier rows"
    note = "Learnt on the first 60 % by job id, threshold and calibration on the next 20 %, tested on the last; intervals over families."
    return f"### Job-id order\n{note}\n\n{by_contender(told, columns)}"


def variants(told: Told) -> str:
    """Stripped, generic, rewritten."""
    columns = {
        "stripped_before": "honest flagged",
        "stripped_after": "honest flagged without profile and benefits",
        "stripped_change": "change",
        "generic_before": "fraud found",
        "generic_after": "fraud found with generic profile and benefits",
        "rewritten_before": "originals found",
        "rewritten_after": "found when rewritten by a language model",
    }
    note = "At the score that 1 % of held-out honest EMSCAD ads exceed; each is judged by a model that did not see its original."
    return f"### Changed ads\n{note}\n\n{by_contender(told, columns, share)}"


def few(told: Told) -> str:
    """Learning curve."""
    sizes = list(next(iter(told.values())))
    columns = {f"{size}.average_precision": f"{size} labels" for size in sorted(sizes, key=int)}
    return f"### Few labels: average precision\n{by_contender(told, columns)}"


def missing(told: Told) -> str:
    """False alarms by what honest ads have."""
    columns = {name: f"{name.replace('_', ' ')} ({ads} ads)" for name, ads in told["ads"].items()}
    return f"### Honest EMSCAD ads flagged, by what they have\n{by_contender(told['false_alarms'], columns, share)}"
