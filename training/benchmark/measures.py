"""Figures with their 95 % intervals: over seeds, and over families drawn anew."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import average_precision_score, roc_auc_score

from model.policy import Thresholds
from training.benchmark.nested import FLAGGED, LOG_ODDS
from training.data import Scores
from training.metrics import EMSCAD_PREVALENCE
from training.rows import Row
from training.scorecard import Judged, areas, draws, interval_of, weighted_quantile

Labels = NDArray[np.int64]
Figures = dict[str, float]
ANY = Thresholds(0.5, 0.5)
"""Levels that no figure here looks at."""
ROUNDS = 300


def fold_figures(rows: Sequence[Row], held: NDArray[np.float64], weight: Scores | None = None) -> Figures:
    """Of held-out log-odds and flags, shape (2, rows), at EMSCAD's share of fraud. weight: of each row, before that."""
    judged = Judged(rows, held[LOG_ODDS], ANY)
    labels = judged.labels
    weight = at_prevalence(labels, np.ones(len(labels)) if weight is None else weight)
    told = areas(judged, labels, weight)
    return {
        "average_precision": told["average_precision"],
        "recall_at_1pct_false_alarms": told["found_at_1pct"],
        "ece": told["ece_15_bins"],
        "brier": told["brier"],
        "f1_at_validation_threshold": f1(labels, held[FLAGGED] > 0, weight),
    }


def at_prevalence(labels: Labels, weight: Scores) -> Scores:
    """Weights under which fraud has EMSCAD's share, whatever was drawn."""
    out = weight.astype(np.float64)
    for label, share in ((1, EMSCAD_PREVALENCE), (0, 1 - EMSCAD_PREVALENCE)):
        out[labels == label] *= share / max(float(out[labels == label].sum()), 1e-12)
    return out


def f1(labels: Labels, flagged: NDArray[np.bool_], weight: Scores) -> float:
    """Of flags."""
    hits = float(weight[(labels == 1) & flagged].sum())
    return 2 * hits / max(float(weight[flagged].sum() + weight[labels == 1].sum()), 1e-12)


def over_seeds(told: Sequence[Figures]) -> dict[str, Any]:
    """Mean of each figure and its 95 % interval by Student's t over the seeds; one seed has none."""
    out: dict[str, Any] = {}
    for name in told[0]:
        values = np.array([figures[name] for figures in told])
        out[name] = {"value": float(values.mean()), "seeds": len(values)}
        if len(values) > 1:
            half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
            out[name]["interval_95"] = [float(values.mean()) - half, float(values.mean()) + half]
    return out


def over_families(rows: Sequence[Row], measure: Callable[[Scores], Figures], seed: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Each figure, and its interval over families drawn anew. measure: from weights of the rows."""
    told = measure(np.ones(len(rows)))
    drawn = [measure(weight) for weight in draws(rows, seed, rounds)]
    return {name: {"value": value, "interval_95": interval_of([d[name] for d in drawn])} for name, value in told.items()}


def gains(rows: Sequence[Row], ours: Sequence[NDArray[np.float64]], theirs: Sequence[NDArray[np.float64]], seed: int, rounds: int) -> Any:
    """By how much ours is better than theirs on the same folds, mean over seeds, with an interval over families drawn anew."""
    names = ("average_precision", "f1_at_validation_threshold")

    def measure(weight: Scores) -> Figures:
        pairs = [(fold_figures(rows, a, weight), fold_figures(rows, b, weight)) for a, b in zip(ours, theirs, strict=True)]
        return {name: float(np.mean([a[name] - b[name] for a, b in pairs])) for name in names}

    return over_families(rows, measure, seed, rounds)


def among_honest(lures: Scores, honest: Scores, share: float, lure_weight: Scores, honest_weight: Scores) -> Figures:
    """As if so large a share were lures: average precision, precision where 60 % are found, what the top 1 % and 5 % hold."""
    weight = np.concatenate([(1 - share) * honest_weight / honest_weight.sum(), share * lure_weight / lure_weight.sum()])
    scores, labels = np.concatenate([honest, lures]), np.repeat([0, 1], [len(honest), len(lures)])
    order = np.argsort(-scores, kind="stable")  # of equal scores the honest ones come first
    size, hits = (np.append(0.0, np.cumsum(part[order])) for part in (weight, weight * labels))
    out = {"average_precision": float(average_precision_score(labels, scores, sample_weight=weight))}
    at = min(int(np.searchsorted(hits, 0.6 * share)), len(hits) - 1)
    out["precision_at_60pct_found"] = float(hits[at] / size[at])
    for budget in (0.01, 0.05):
        caught = float(np.interp(budget, size, hits))
        out |= {f"precision_in_top_{budget:.0%}": caught / budget, f"found_in_top_{budget:.0%}": caught / share}
    return out


def above(scores: Scores, weight: Scores, limit: float) -> float:
    """Share of the weight above a limit; 0 where there is none."""
    return float(weight[scores > limit].sum() / max(weight.sum(), 1e-12))


def limit_of(honest: Scores, weight: Scores, false_alarms: float) -> float:
    """The score that this share of the honest weight exceeds."""
    return weighted_quantile(honest, weight, 1 - false_alarms)


def area(labels: Labels, scores: Scores, weight: Scores) -> float:
    """ROC-AUC."""
    return float(roc_auc_score(labels, scores, sample_weight=weight))
