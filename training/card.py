"""The model card and the README's tables, written from `metrics.json` alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.card_head import front_matter

BEGIN, END = "<!-- figures: generated from reports/metrics.json by `make report`, do not edit -->", "<!-- /figures -->"


def percent(value: float | None) -> str:
    """A share as per cent."""
    return "-" if value is None else f"{100 * value:.1f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def at(figures: Mapping[str, Any], *path: str) -> Any:
    """What stands there, None where any part of the way is missing."""
    for key in path:
        figures = figures.get(key) if isinstance(figures, Mapping) else None  # type: ignore[assignment]
    return figures


def rounded_area(value: float | None, interval: Sequence[float] | None = None) -> str:
    """An area under a curve, with its interval if there is one."""
    return "-" if value is None else f"{value:.3f}" + (f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval else "")


def main_table(m: Mapping[str, Any]) -> str:
    """The figures that matter most: both tiers, the frozen encoder with a linear head, the usual recipe."""
    full, usual = m.get("full", {}), m["baseline"]["tfidf_word12_char25_lr"]
    tiers, others = (m, full), (full.get("frozen_encoder", {}), usual)
    limit = ("test", "at_1pct_of_boards")
    shares = {
        "found at 5 % false alarms among twins": (("test", "corpus", "found_at_5pct_of_twins"), "found_at_5pct_of_twins"),
        "found at 1 % false alarms on held-out honest board ads": ((*limit, "found", "share"), "found_at_1pct_of_boards"),
        "honest twins flagged at that threshold": ((*limit, "twin_flagged", "share"), "twin_flagged"),
        "news, warnings, stories flagged at that threshold": ((*limit, "no_ad_flagged", "share"), "no_ad_flagged"),
    }
    areas = [rounded_area(at(t, "test", "corpus", "roc_auc"), at(t, "test", "corpus", "roc_auc_95")) for t in tiers]
    rows = [["written scams against honest twins, ROC-AUC", *areas, *(rounded_area(o.get("roc_auc")) for o in others)]]
    rows += [
        [name, *(percent(at(t, *path)) for t in tiers), *(percent(o.get(key)) for o in others)] for name, (path, key) in shares.items()
    ]
    rows += [[name, *cells, "-", "-"] for name, *cells in tier_rows(m, full)]
    speed = m["speed"]
    protocol = [
        "-"
        if at(m, "emscad_protocol", who) is None
        else "{average_precision:.3f} ± {average_precision_sd:.3f}".format(**at(m, "emscad_protocol", who))
        for who in ("lurewatch", "tfidf_lr")
    ]
    both = at(full, "emscad_protocol", "full", "average_precision")
    whole = "-" if both is None else f"{both:.3f} (fast {full['emscad_protocol']['fast']['average_precision']:.3f} on the same folds)"
    rows.append(["EMSCAD, near-duplicate-grouped 5-fold, 4.84 % fraud: average precision", protocol[0], whole, "-", protocol[1]])
    if "lurewatch_ads_per_s" in speed:
        rate = [f"{speed['lurewatch_ads_per_s']:,.0f}", "-", "-", f"{speed['tfidf_lr_ads_per_s']:,.0f} (no spans)"]
        rows.append(["2 KB ads a second, one core, spans included", *rate])
    heads = ["what, on rows not learnt from", "fast tier", "full tier", "frozen encoder, linear head", "TF-IDF + logistic regression"]
    return table(heads, rows)


def tier_rows(m: Mapping[str, Any], full: Mapping[str, Any]) -> list[list[str]]:
    """What only our own tiers have."""
    both = (m, full)
    boards = [f"{percent(at(t, 'test', 'boards', 'warning'))} / {percent(at(t, 'test', 'boards', 'caution'))}" for t in both]
    languages = [at(m, "left_out", "language", "mean_roc_auc"), at(full, "left_out_languages", "mean_roc_auc")]
    difficulty = [
        [at(t, "test", "at_1pct_of_boards", "difficulty", name, "found") for name in ("plain", "subtle", "obfuscated")] for t in both
    ]
    milliseconds = at(full, "speed", "milliseconds")
    footprints = [at(t, "speed", "load_seconds") and f"{t['speed']['load_seconds']:.2f} s; {t['speed']['memory_mb']:.0f} MB" for t in both]
    return [
        ["found at 1 % of boards: plain / subtle / obfuscated", *(" / ".join(map(percent, found)) for found in difficulty)],
        ["held-out honest board ads: warning / caution", *boards],
        ["a language never seen: mean ROC-AUC", *map(rounded_area, languages)],
        ["a lure type never seen: mean ROC-AUC", rounded_area(at(m, "left_out", "lure_type", "mean_roc_auc")), "-"],
        ["marked words against an analyst's underlining, F1", *(rounded_area(at(t, "spans", "token_f1")) for t in both)],
        ["right lure on words marked by both", *(percent(at(t, "spans", "lure_right_on_shared_tokens")) for t in both)],
        ["EMSCAD ads of the test fifth: average precision", *(rounded_area(at(t, "test", "emscad", "average_precision")) for t in both)],
        ["one ad of 250 words, one core", "-", "-" if milliseconds is None else f"{milliseconds:.0f} ms"],
        ["import and load; memory", *(f or "-" for f in footprints)],
    ]


def slices(m: Mapping[str, Any]) -> str:
    """Found by language, lure type, difficulty and format."""
    parts = []
    found = m["test"].get("at_1pct_of_boards", {})
    for by in ("language", "lure_type", "difficulty", "format"):
        aucs = m["test"]["corpus"].get(by, {})
        rows = [
            [name, str(v["of"]), percent(v["found"]), f"{aucs[name]['roc_auc']:.2f}" if name in aucs else "-"]
            for name, v in found.get(by, {}).items()
        ]
        if rows:
            parts.append(table([by.replace("_", " "), "scams", "found at 1 % of boards", "ROC-AUC against twins"], rows))
    return "\n\n".join(parts)


def boards(m: Mapping[str, Any]) -> str:
    """False alarms by board and language."""
    figures = m["test"].get("boards", {})
    return "\n\n".join(
        table(
            [by, "ads", "warning", "caution"],
            [[name, str(v["ads"]), percent(v["warning"]), percent(v["caution"])] for name, v in figures[by].items()],
        )
        for by in ("board", "language")
        if by in figures
    )


def sources(m: Mapping[str, Any]) -> str:
    """Test rows of every source with lures, at that source's own share of lures."""
    names = ("average_precision", "roc_auc", "found_at_1pct", "caution_found", "caution_false_alarms", "ece_15_bins")
    cells = [
        [
            name,
            str(v["rows"]),
            percent(v["prior"]),
            *(rounded_area(at(v, "figures", n, "value"), at(v, "figures", n, "interval_95")) for n in names),
        ]
        for name, v in m.get("sources", {}).items()
    ]
    heads = ["source", "test rows", "lures (class prior)", *(name.replace("_", " ") for name in names)]
    return f"### By source\n{table(heads, cells)}\n\n" if cells else ""


def full_tier(m: Mapping[str, Any]) -> str:
    """How the full tier was made and what `auto` costs; empty where there is none."""
    full = m.get("full")
    if not full:
        return ""
    asked, setting, agreement = full["auto"]["asked"], full["setting"], full["agreement"]
    blend, found = full["blend"], [percent(f["found_at_5pct_of_twins"]) for f in (full["auto"], full["test"]["corpus"])]
    return f"""### The full tier
A multilingual encoder ({setting["layers"]} layers, {setting["passes"]} passes, mean of {setting.get("runs", 1)} runs, int8) beside the fast
tier: log-odds = {blend["fast"]:.2f} x fast tier + {blend["encoder"]:.2f} x encoder + constant, learnt on validation families. int8 against
the float32 model: correlation {agreement["correlation_of_windows"]:.3f} over windows, {agreement["correlation_of_pieces"]:.3f} over pieces.

`auto` asks the encoder on {percent(asked.get("boards"))} of honest board ads and {percent(asked.get("corpus_scam"))} of written scams, and
finds {found[0]} of them at 5 % false alarms among twins (full tier: {found[1]}).

Tables by slice below are the fast tier's; the full tier's are in `reports/metrics.json` under `full`.

"""


def card(m: Mapping[str, Any]) -> str:
    """The card that travels with the artefact, in the Hugging Face format."""
    model = m["model"]
    data = "\n".join(
        f"- {name}: {v['rows']:,} rows, sha256 {v['sha256'][:16]}, refused {sum(v['refused'].values())}" for name, v in m["data"].items()
    )
    return f"""{front_matter(m)}
# Lurewatch {model["version"]}

Reads a job ad and warns when it carries the lures of a scam, above all those that bring people into scam compounds. It fits phrases to
reported patterns; it does not know whether an employer is honest. **A low score is not a clearance.**

## Intended use
Warning job seekers and moderators before an ad goes live; showing people what to look for. A person decides.

## Not for use
Accusing anybody, blocking without review, ranking workers or firms, law enforcement, texts that are no ads, languages without figures
below.

## Figures
The reported model learnt four fifths of the families (near-duplicates, pairs, employers); figures are of the fifth it did not see. The
shipped model is the same recipe learnt on all. Thresholds come from cross-validation, never from the test fifth. How it stands beside
other recipes on the same folds: `reports/README.md`.

{main_table(m)}

{full_tier(m)}{sources(m)}### Slices
{slices(m)}

### False alarms on held-out honest board ads
{boards(m)}

## Limits
Some lures look fully ordinary (a named company, market pay, video interviews); text alone cannot tell them. News, warnings and survivor
stories hold the same words as lures; the figures tell how many are flagged. Native speakers have not yet read all languages; slices with
few scams are uncertain.

## Training data
{data}

The written ads are ours: each scam has an honest twin in the same language, format and style. No ad was copied. Wages, places and advice
carry their sources in `seeds/`.
"""


def put_into(readme: Path, figures: str) -> None:
    """Replace what stands between the marks of a README. Raises ValueError where there are none."""
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    readme.write_text(head + BEGIN + "\n" + figures + "\n" + END + rest.split(END)[1], encoding="utf-8")
