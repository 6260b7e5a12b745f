"""Plots of a run's test rows: precision and recall, and whether probabilities hold. Same scores, same bytes."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from model.calibration import logit
from training.scorecard import BINS, Judged

SIZE = (5.0, 4.0)
FIXED = {"svg.hashsalt": "lurewatch", "svg.fonttype": "path"}
NAMES = ("precision_recall.svg", "reliability.svg")


def draw(parts: dict[str, Judged], folder: Path) -> None:
    """Write both plots, one line for each part that holds both labels; without such a part nothing is written."""
    parts = {name: judged for name, judged in parts.items() if len(set(judged.labels.tolist())) == 2}
    if not parts:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context(FIXED):
        for name, figure in zip(NAMES, (precision_recall(parts), reliability(parts)), strict=True):
            figure.savefig(folder / name, metadata={"Date": None}, bbox_inches="tight")


def precision_recall(parts: dict[str, Judged]) -> Figure:
    """Precision over recall at the rows' own share of lures."""
    figure = Figure(SIZE)
    axes = figure.subplots()
    for name, judged in parts.items():
        precision, recall, _ = precision_recall_curve(judged.labels, judged.log_odds)
        axes.step(recall, precision, where="post", label=f"{name} ({judged.labels.mean():.1%} lures)")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title="Test rows")
    axes.legend(fontsize="small")
    return figure


def reliability(parts: dict[str, Judged]) -> Figure:
    """Share of lures over mean probability, in bins of equal size, at the rows' own share of lures."""
    figure = Figure(SIZE)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, judged in parts.items():
        p = 1 / (1 + np.exp(-(judged.log_odds + logit(float(judged.labels.mean())))))
        bins = [part for part in np.array_split(np.argsort(p, kind="stable"), BINS) if len(part)]
        axes.plot([p[b].mean() for b in bins], [judged.labels[b].mean() for b in bins], marker="o", markersize=3, label=name)
    axes.set(xlabel="mean probability", ylabel="share of lures", xlim=(0, 1), ylim=(0, 1), title="Test rows")
    axes.legend(fontsize="small")
    return figure
