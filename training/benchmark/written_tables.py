"""The report's part on written ads among board ads, from the figures alone."""

from training.benchmark.cells import RARE, Told, by_contender, cell, title
from training.card import at, percent, table


def honest(m: Told) -> str:
    """What stands for honest ads in the test fifth."""
    return "held-out board ads" if m["sizes"].get("boards", {}).get("tested") else "written twins"


def written(m: Told) -> str:
    """The test fifth of written ads."""
    rows = [[part, f"{v['learnt']:,}", f"{v['tested']:,}"] for part, v in m["sizes"].items()]
    columns = {
        "roc_auc": "scams against twins, ROC-AUC",
        "found_at_5pct_of_twins": "found at 5 % of twins",
        "found_at_1pct": "found at 1 % of honest",
        "twins_flagged_at_1pct": "twins flagged there",
        "no_ads_flagged_at_1pct": "news, warnings, stories flagged there",
        "emscad_average_precision": "EMSCAD fifth, average precision",
    }
    parts = [
        f"""## Written ads among {honest(m)}
One split: the fifth of families that nobody read who wrote phrases. Intervals are over families drawn anew.

{table(["part", "learnt from", "tested"], rows)}

{by_contender(m["written"], columns)}"""
    ]
    for prevalence in ("1%", "5%"):
        told = {f"prevalence.{prevalence}.{name}": head for name, head in RARE.items()}
        parts.append(f"### As if {prevalence} were scams, among {honest(m)}\n{by_contender(m['written'], told)}")
    tricks = list(next(iter(m["written"].values()))["tricks"])
    rows = [[title(name), *(percent(told["tricks"][trick]) for trick in tricks)] for name, told in m["written"].items()]
    parts.append(f"### Tricks: share of found scams lost\n{table(['', *(t.replace('_', ' ') for t in tricks)], rows)}")
    return "\n\n".join(parts)


def left_out(m: Told) -> str:
    """Languages, lure types and sources never seen."""
    told = m["left_out"]
    parts = [
        "## Never seen\nThe encoder cannot be learnt again for each, so the full tier is left out; so are LinearSVC and LightGBM, for time."
    ]
    for by, word in (("language", "Languages"), ("lure_type", "Lure types")):
        contenders = told[by]
        sizes = {value: v["scams"] for c in contenders.values() for value, v in c["each"].items()}
        rows = [["mean", "", *(mean_area(c["mean_roc_auc"]) for c in contenders.values())]]
        rows += [
            [v.replace("_", " "), str(n), *(cell(at(c, "each", v, "roc_auc"), 2) for c in contenders.values())] for v, n in sizes.items()
        ]
        parts.append(f"### {word}: ROC-AUC against twins\n{table(['never seen', 'test scams', *map(title, contenders)], rows)}")
    sources = told["source"]
    if any(sources.values()):
        columns = {
            "emscad.roc_auc": "EMSCAD left out: ROC-AUC",
            "emscad.average_precision": "EMSCAD left out: average precision",
            "corpus.roc_auc": "written ads left out: ROC-AUC against twins",
            "corpus.found_at_1pct": "written ads left out: found at 1 % of boards",
        }
        parts.append(f"### Sources\n{by_contender(sources, columns)}")
        parts.append(f"### Boards never seen: ads flagged, where 1 % of other boards' are\n{boards(sources)}")
    return "\n\n".join(parts)


def mean_area(value: float | None) -> str:
    """A mean area."""
    return "-" if value is None else f"{value:.3f}"


def boards(sources: Told) -> str:
    """Each board as a model that saw none of it judges it."""
    heaps = {name: {b: v for k, told in heap.items() if k.startswith("boards") for b, v in told.items()} for name, heap in sources.items()}
    first = next(iter(heaps.values()))
    rows = [[board, str(v["ads"]), *(percent(heap[board]["share"]) for heap in heaps.values())] for board, v in sorted(first.items())]
    return table(["board", "ads", *map(title, heaps)], rows)


def fairness(m: Told) -> str:
    """What should not count."""
    told = m["fairness"]
    groups = {group: v["ads"] for figures in told.values() for group, v in figures.items()}
    rows = [[group, str(ads), *(percent(at(figures, group, "share")) for figures in told.values())] for group, ads in groups.items()]
    parts = []
    if rows:
        parts.append(f"## Fairness\nHonest board ads flagged, where 1 % of all are.\n\n{table(['group', 'ads', *map(title, told)], rows)}")
    moved = {name: figures["places"] for name, figures in m["written"].items() if figures["places"]}
    if moved:
        countries = list(next(iter(moved.values()))["country"])
        heads = ["", *countries, "mean range of scores", "ads that change sides"]
        rows = [
            [
                title(name),
                *(f"{percent(v['country'][c]['honest_flagged'])} / {percent(v['country'][c]['lures_found'])}" for c in countries),
                f"{v['mean_range']:.2f}",
                percent(v["sides_changed"]),
            ]
            for name, v in moved.items()
        ]
        ads = next(iter(moved.values()))["ads"]
        note = f"{ads} English ads with a last line `Location: ...`: honest flagged / scams found."
        parts.append(f"### Another country, all else equal\n{note}\n\n{table(heads, rows)}")
    return "\n\n".join(parts)
