"""Figures of a model on any labelled rows, with intervals that draw whole families anew. Thresholds are the model's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from model.calibration import DEFAULT_PRIOR, logit
from model.policy import Thresholds
from training.rows import Row
from training.split import families

Scores = NDArray[np.float64]
ROUNDS = 300
BINS = 15
FEWEST = 5
"""Lures and honest ads that a slice needs for areas under curves."""
LESS_IS_BETTER = frozenset(["ece_15_bins", "brier", "caution_false_alarms", "warning_false_alarms"])


@dataclass(frozen=True)
class Judged:
    """Labelled rows and one model's view of them. log_odds: calibrated, at a prior of one half."""

    rows: Sequence[Row]
    log_odds: Scores
    thresholds: Thresholds

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """1 lure, 0 honest."""
        return np.array([row.label for row in self.rows], np.int64)

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Index into LEVELS, at the default prior."""
        p = 1 / (1 + np.exp(-(self.log_odds + logit(DEFAULT_PRIOR))))
        return (p >= self.thresholds.caution).astype(np.int64) + (p >= self.thresholds.warning)

    def take(self, mask: NDArray[np.bool_]) -> "Judged":
        """Only these rows."""
        return Judged([row for row, m in zip(self.rows, mask.tolist(), strict=True) if m], self.log_odds[mask], self.thresholds)


def measures(judged: Judged, weight: Scores | None = None) -> dict[str, float]:
    """All figures, by name; areas only where both labels are there. weight: of each row."""
    labels, weight = judged.labels, np.ones(len(judged.rows)) if weight is None else weight
    lures, honest = weight * (labels == 1), weight * (labels == 0)
    out: dict[str, float] = {}
    if lures.sum() and honest.sum():
        out |= areas(judged, labels, weight)
    for level, name in enumerate(("caution", "warning"), 1):
        flagged = judged.levels >= level
        hits, alarms = float((lures * flagged).sum()), float((honest * flagged).sum())
        if lures.sum():
            out[f"{name}_found"] = hits / float(lures.sum())
        if honest.sum():
            out[f"{name}_false_alarms"] = alarms / float(honest.sum())
        if lures.sum() and honest.sum():
            out[f"{name}_precision"] = hits / (hits + alarms) if hits + alarms else 0.0
            out[f"{name}_f1"] = 2 * hits / (hits + alarms + float(lures.sum()))
    return out


def areas(judged: Judged, labels: NDArray[np.int64], weight: Scores) -> dict[str, float]:
    """What needs no threshold. Probabilities are taken at the rows' own share of lures."""
    prior = float((weight * labels).sum() / weight.sum())
    p = 1 / (1 + np.exp(-(judged.log_odds + logit(prior))))
    lures, honest = labels == 1, labels == 0
    limit = weighted_quantile(judged.log_odds[honest], weight[honest], 0.99)
    return {
        "average_precision": float(average_precision_score(labels, judged.log_odds, sample_weight=weight)),
        "roc_auc": float(roc_auc_score(labels, judged.log_odds, sample_weight=weight)),
        "found_at_1pct": float(weight[lures & (judged.log_odds > limit)].sum() / weight[lures].sum()),
        "ece_15_bins": weighted_ece(labels, p, weight),
        "brier": float((weight * (p - labels) ** 2).sum() / weight.sum()),
    }


def weighted_quantile(values: Scores, weight: Scores, share: float) -> float:
    """The least value that this share of the weight does not exceed."""
    order = np.argsort(values)
    at = int(np.searchsorted(np.cumsum(weight[order]), share * weight.sum()))
    return float(values[order[min(at, len(order) - 1)]])


def weighted_ece(labels: NDArray[np.int64], p: Scores, weight: Scores) -> float:
    """Expected calibration error over bins of equal weight."""
    order = np.argsort(p, kind="stable")
    w, total = weight[order], float(weight.sum())
    bins = np.minimum((BINS * (np.cumsum(w) - w / 2) / total).astype(np.int64), BINS - 1)
    gap = np.bincount(bins, w * (p[order] - labels[order]), BINS)
    return float(np.abs(gap).sum() / total)


def draws(rows: Sequence[Row], seed: int, rounds: int = ROUNDS) -> Iterator[Scores]:
    """Weights of the rows, each time with whole families drawn anew; those without a lure or an honest ad are drawn again."""
    names = families(rows)
    number = {name: i for i, name in enumerate(sorted(set(names)))}
    of = np.array([number[name] for name in names])
    labels = np.array([row.label for row in rows])
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        while True:
            weight = rng.multinomial(len(number), np.full(len(number), 1 / len(number))).astype(np.float64)[of]
            if all((weight * (labels == label)).sum() > 0 for label in set(labels.tolist())):
                break
        yield weight


def interval_of(values: Sequence[float]) -> list[float]:
    """The middle 95 %."""
    return [float(q) for q in np.quantile(values, (0.025, 0.975))]


def with_intervals(judged: Judged, seed: int) -> dict[str, Any]:
    """Every figure with its 95 % interval, and how many rows, families and lures it rests on."""
    told = measures(judged)
    drawn = [measures(judged, weight) for weight in draws(judged.rows, seed)]
    out = {name: {"value": value, "interval_95": interval_of([d[name] for d in drawn])} for name, value in told.items()}
    return {**sizes(judged), "figures": out}


def sizes(judged: Judged) -> dict[str, Any]:
    """Rows, families, lures and their share."""
    lures = int(judged.labels.sum())
    return {
        "rows": len(judged.rows),
        "families": len(set(families(judged.rows))),
        "lures": lures,
        "prior": lures / max(1, len(judged.rows)),
    }


def sliced(judged: Judged, by: str) -> dict[str, Any]:
    """The same figures, without intervals, for every language or board (`by` names the row's attribute)."""
    values = np.array([getattr(row, by) for row in judged.rows])
    out = {}
    for value in sorted(set(values.tolist())):
        part = judged.take(values == value)
        few = min(int((part.labels == label).sum()) for label in (0, 1)) < FEWEST
        out[value] = {
            **sizes(part),
            "figures": {k: v for k, v in measures(part).items() if not few or k.endswith(("_found", "_false_alarms"))},
        }
    return out


def scorecard(judged: Judged, seed: int) -> Mapping[str, Any]:
    """Everything on one set of rows: in all, by language, by board."""
    return {**with_intervals(judged, seed), "language": sliced(judged, "language"), "board": sliced(judged, "board")}
