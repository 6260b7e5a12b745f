"""Plots of the benchmark as SVG. Same figures, same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from model.calibration import logit
from training.benchmark.contenders import CONTENDERS
from training.benchmark.explaining import SHARES
from training.benchmark.fraud_figures import NEAR, Held
from training.benchmark.nested import LOG_ODDS
from training.curves import FIXED
from training.metrics import EMSCAD_PREVALENCE, prevalence_weights
from training.scorecard import BINS

OURS = ("lurewatch_fast", "lurewatch_full")
Told = Mapping[str, Any]


def save(figure: Figure, path: Path) -> None:
    """Write without a date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")


def draw(figures: Told, held: Held | None, folder: Path) -> list[str]:
    """Write what can be drawn; names of the files."""
    plots: dict[str, Figure] = {}
    with matplotlib.rc_context(FIXED):
        if held is not None:
            plots["precision_recall"], plots["reliability"] = precision_recall(held), reliability(held)
            plots["learning_curve"] = learning_curve(figures["emscad"]["few"])
        plots["languages"] = bars(figures["written"], "language", "found, 1 % of honest ads flagged")
        if any(told["board"] for told in figures["written"].values()):
            plots["boards"] = bars(figures["written"], "board", "flagged, where 1 % of all are")
        plots["evasion"] = evasion(figures["written"])
        plots["deletion"] = deletion(figures["explanations"]["explainers"])
        for name, figure in plots.items():
            save(figure, folder / f"{name}.svg")
    return list(plots)


def title(name: str) -> str:
    """Of a contender."""
    return CONTENDERS[name].title


def new(width: float = 6.5, height: float = 4.2, **told: Any) -> tuple[Figure, Axes]:
    """A figure with one pair of axes."""
    figure = Figure((width, height))
    axes = figure.subplots()
    axes.set(**told)
    return figure, axes


def precision_recall(held: Held) -> Figure:
    """Of near-duplicate folds, first seed, at EMSCAD's share of fraud."""
    figure, axes = new(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title="EMSCAD, near-duplicate groups")
    labels = held.stock.labels
    for name in held.contenders:
        scores = held.base(NEAR, name)[0][LOG_ODDS]
        precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=prevalence_weights(labels))
        axes.step(recall, precision, where="post", label=title(name))
    axes.legend(fontsize="x-small")
    return figure


def reliability(held: Held) -> Figure:
    """Of the same, in bins of equal weight; logarithmic, since fraud is rare."""
    figure, axes = new(
        xlabel="mean probability", ylabel="share of fraud", title="EMSCAD, near-duplicate groups", xscale="log", yscale="log"
    )
    labels, weight = held.stock.labels, prevalence_weights(held.stock.labels)
    axes.plot([0.001, 1], [0.001, 1], color="grey", linewidth=0.8)
    for name in held.contenders:
        p = 1 / (1 + np.exp(-(held.base(NEAR, name)[0][LOG_ODDS] + logit(EMSCAD_PREVALENCE))))
        order = np.argsort(p, kind="stable")
        share = np.cumsum(weight[order]) / weight.sum()
        bins = [order[(share > i / BINS) & (share <= (i + 1) / BINS + 1e-9)] for i in range(BINS)]
        points = [(np.average(p[b], weights=weight[b]), np.average(labels[b], weights=weight[b])) for b in bins if len(b)]
        axes.plot([x for x, _ in points], [max(y, 0.001) for _, y in points], marker="o", markersize=3, label=title(name))
    axes.legend(fontsize="x-small")
    return figure


def learning_curve(few: Told) -> Figure:
    """Average precision over labels."""
    figure, axes = new(xlabel="labels", ylabel="average precision", title="EMSCAD, near-duplicate groups, few labels")
    for name, told in few.items():
        sizes = sorted(map(int, told))
        values = [told[str(size)]["average_precision"] for size in sizes]
        axes.plot(sizes, [v["value"] for v in values], marker="o", markersize=3, label=title(name))
        if "interval_95" in values[0]:
            low, high = zip(*(v["interval_95"] for v in values), strict=True)
            axes.fill_between(sizes, low, high, alpha=0.12)
    axes.legend(fontsize="x-small")
    return figure


def bars(written: Told, by: str, label: str) -> Figure:
    """Shares by language or board, ours beside TF-IDF."""
    shown = [name for name in (*OURS, "tfidf_lr") if name in written]
    values = sorted({value for name in shown for value in written[name][by]})
    figure, axes = new(max(6.5, 0.42 * len(values)), 4.2, ylabel=label)
    for i, name in enumerate(shown):
        heights = [written[name][by].get(value, {"share": 0.0})["share"] for value in values]
        axes.bar(np.arange(len(values)) + (i - 1) * 0.27, heights, 0.27, label=title(name))
    axes.set_xticks(range(len(values)), values, rotation=60, ha="right", fontsize="x-small")
    axes.legend(fontsize="x-small")
    return figure


def evasion(written: Told) -> Figure:
    """Share of found scams that a trick hides."""
    return grouped({name: told["tricks"] for name, told in written.items()}, "share of found scams lost")


def grouped(told: Mapping[str, Mapping[str, float]], label: str) -> Figure:
    """Bars side by side."""
    groups: Sequence[str] = list(next(iter(told.values())))
    figure, axes = new(7.5, 4.2, ylabel=label)
    width = 0.8 / len(told)
    for i, (name, values) in enumerate(told.items()):
        axes.bar(np.arange(len(groups)) + (i - len(told) / 2) * width, [values[g] for g in groups], width, label=title(name))
    axes.set_xticks(range(len(groups)), [g.replace("_", " ") for g in groups], rotation=30, ha="right")
    axes.legend(fontsize="x-small")
    return figure


def deletion(explainers: Told) -> Figure:
    """Log-odds left when the strongest words go."""
    figure, axes = new(xlabel="share of words taken away", ylabel="mean log-odds (prior one half)", title="Deletion, test scams")
    for name, told in explainers.items():
        values = [told["log_odds_whole"]["value"], *(told[f"log_odds_without_{share:.0%}"]["value"] for share in SHARES)]
        axes.plot([0, *SHARES], values, marker="o", markersize=3, label=name.replace("_", " "))
    axes.legend(fontsize="x-small")
    return figure
