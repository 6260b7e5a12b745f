"""What `make bench` measured, as plots and as the tables of docs/batch.md, from `reports/bench.json` alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.card import table

BEGIN, END = "<!-- figures: generated from reports/bench.json by `make bench`, do not edit -->", "<!-- /figures -->"
DOCS = Path("docs/batch.md")
STOCK = 100_000_000
PRICES = {"on demand": 0.05, "spot": 0.02}
"""US dollars for an hour of one core that the table reckons with; put in your own."""


def publish(told: Mapping[str, Any], folder: Path) -> None:
    """Write bench.json and its plots, and the tables of the docs where they are those of this checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    plot(told, folder / "bench.png")
    if folder == Path("reports") and DOCS.is_file():
        head, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
        DOCS.write_text(f"{head}{BEGIN}\n{tables(told)}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def tables(told: Mapping[str, Any]) -> str:
    """All tables of the docs."""
    parts = [f"Measured on {told['machine']['processor']}, {told['machine']['cores']} cores, ads of 2,000 characters.", runs_table(told)]
    parts += [costs_table(told)] if rate_of_a_core(told) else []
    parts += [growth_table(told["growth"])] if "growth" in told else []
    return "\n\n".join(parts)


def runs_table(told: Mapping[str, Any]) -> str:
    """Every command that was timed. Load tells how many processes wanted to run before it began; above 1 figures are too low."""
    rows = [
        [name, f"{run['ads_per_s']:,.0f}", f"{run['memory_mb']:,.0f} MB", f"{run['load_before']:.1f}"]
        for name, run in sorted(told["runs"].items(), key=lambda item: (item[1]["ads"], item[0]))
    ]
    return table(["command, start included", "ads/s", "memory, all processes", "load before"], rows)


def rate_of_a_core(told: Mapping[str, Any]) -> float | None:
    """Ads a second of one core, from the largest stock judged on two; None where none was."""
    found = [run for name, run in told["runs"].items() if name.startswith("fast, 2 cores")]
    return max(found, key=lambda run: int(run["ads"]))["ads_per_s"] / 2 if found else None


def costs_table(told: Mapping[str, Any]) -> str:
    """What a hundred million ads take."""
    rate = rate_of_a_core(told)
    assert rate  # noqa: S101 - asked before
    hours = STOCK / rate / 3600
    rows = [[name, f"{price:.2f} $", f"{hours:,.0f}", f"{hours * price:,.2f} $"] for name, price in PRICES.items()]
    return table(["100 million ads, fast tier", "a core and hour", "core hours", "cost"], rows)


def growth_table(growth: Mapping[str, Any]) -> str:
    """Cost by length and by number of phrases."""
    rows = [[f"{int(length):,} characters", f"{us:,.0f} µs"] for length, us in ordered(growth["lengths"])]
    rows += [[f"{int(count):,} phrases, 2,000 characters", f"{us:,.0f} µs"] for count, us in ordered(growth["phrases"])]
    rows += [["datasketch's MinHash and index, for comparison", f"{growth['datasketch_us_per_ad']:,.0f} µs"]]
    return table(["one ad, one core, without reading and writing", "time"], rows)


def ordered(figures: Mapping[str, float]) -> list[tuple[str, float]]:
    """By the number that each stands for."""
    return sorted(figures.items(), key=lambda item: int(item[0]))


def plot(told: Mapping[str, Any], path: Path) -> None:
    """Rates of the runs, and growth with length and phrases where it was measured."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - no part of what is measured

    figure = Figure(figsize=(12, 4), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    runs = sorted(told["runs"].items(), key=lambda item: (item[1]["ads"], item[0]))
    left.barh([name for name, _ in runs], [run["ads_per_s"] for _, run in runs])
    left.set_xscale("log")
    left.set_xlabel("ads a second")
    for axes, key in ((middle, "lengths"), (right, "phrases")):
        points = ordered(told.get("growth", {}).get(key, {}))
        axes.loglog([int(at) for at, _ in points], [us for _, us in points], marker="o")
        axes.set_xlabel({"lengths": "characters of an ad", "phrases": "hand-written phrases"}[key])
        axes.set_ylabel("µs an ad")
    figure.savefig(path, dpi=90, metadata={"Software": None})
