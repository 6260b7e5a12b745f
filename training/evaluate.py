"""What a model finds and what it flags wrongly, on rows it did not see. Works on scores, whoever made them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.calibration import DEFAULT_PRIOR, logit, probability
from model.policy import Thresholds
from training.metrics import average_precision, best_f1, calibration_error, found_at, interval, roc_auc, threshold_at
from training.rows import Row
from training.weighting import PAIRS, part_of

Scores = NDArray[np.float64]
FEWEST = 5
"""A slice with fewer scams or twins is told by its size alone."""


def measured(rows: Sequence[Row], log_odds: Scores, thresholds: Thresholds, seed: int) -> dict[str, Any]:
    """All figures of one set of rows. log_odds: calibrated, at a prior of one half."""
    parts = np.array([part_of(row) or row.source for row in rows])
    labels = np.array([row.label for row in rows])
    out: dict[str, Any] = {"rows": {part: int((parts == part).sum()) for part in sorted(set(parts))}}
    pairs = np.isin(parts, PAIRS)
    honest, scams = parts == "boards", parts == "corpus_scam"
    if pairs.any():
        out["corpus"] = corpus_figures(rows, log_odds, pairs, seed)
    if honest.any():
        out["boards"] = board_figures([row for row, h in zip(rows, honest, strict=True) if h], log_odds[honest], thresholds)
        limit = threshold_at(log_odds[honest], 0.01)
        out["at_1pct_of_boards"] = {
            "found": share(log_odds[scams] > limit, seed),
            "twin_flagged": share(log_odds[parts == "corpus_twin"] > limit, seed),
            "no_ad_flagged": share(log_odds[parts == "corpus_no_ad"] > limit, seed),
        }
        out["at_1pct_of_boards"] |= {
            by: sliced(rows, scams, log_odds > limit, by) for by in ("language", "lure_type", "difficulty", "format")
        }
    out["levels"] = {part: levels(log_odds[parts == part], thresholds) for part in sorted(set(parts))}
    if (parts == "emscad_fraud").any():
        mask = np.isin(parts, ("emscad_fraud", "emscad_honest"))
        out["emscad"] = {
            "average_precision": average_precision(labels[mask], log_odds[mask]),
            "best_f1": best_f1(labels[mask], log_odds[mask]),
        }
    balanced = pairs
    if balanced.any():
        p = 1 / (1 + np.exp(-log_odds[balanced]))
        out["calibration_on_pairs"] = {
            "ece_15_bins": calibration_error(labels[balanced], p),
            "brier": float(np.mean((p - labels[balanced]) ** 2)),
        }
    return out


def corpus_figures(rows: Sequence[Row], log_odds: Scores, pairs: NDArray[np.bool_], seed: int) -> dict[str, Any]:
    """Scams against their honest twins: ROC-AUC, share found at 5 % false alarms among twins, and both by slice."""
    chosen = [row for row, p in zip(rows, pairs, strict=True) if p]
    scores, labels = log_odds[pairs], np.array([row.label for row in chosen])
    twins, scams = scores[labels == 0], scores[labels == 1]
    out: dict[str, Any] = {
        "pairs": len(scams),
        "roc_auc": roc_auc(labels, scores),
        "roc_auc_95": auc_interval(chosen, scores, seed),
        "found_at_5pct_of_twins": found_at(scams, twins, 0.05),
    }
    for by in ("language", "lure_type", "difficulty", "format"):
        out[by] = {}
        scam_of = {row.group: getattr(row, by) for row in chosen if row.label}
        for value in sorted(set(scam_of.values())):
            mask = np.array([scam_of.get(row.group) == value for row in chosen])
            if (labels[mask] == 1).sum() >= FEWEST:
                out[by][value] = {"pairs": int((labels[mask] == 1).sum()), "roc_auc": roc_auc(labels[mask], scores[mask])}
    return out


def auc_interval(rows: Sequence[Row], scores: Scores, seed: int, rounds: int = 300) -> list[float]:
    """95 % bootstrap interval over pairs."""
    groups = sorted({row.group for row in rows})
    where: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        where.setdefault(row.group, []).append(i)
    labels = np.array([row.label for row in rows])
    rng = np.random.default_rng(seed)
    aucs = []
    for _ in range(rounds):
        at = np.array([i for g in rng.integers(0, len(groups), len(groups)) for i in where[groups[g]]])
        aucs.append(roc_auc(labels[at], scores[at]))
    return [float(q) for q in np.quantile(aucs, (0.025, 0.975))]


def board_figures(rows: Sequence[Row], log_odds: Scores, thresholds: Thresholds) -> dict[str, Any]:
    """Shares of honest board ads that reach each level, in all, by board and by language."""
    out: dict[str, Any] = {"ads": len(rows), **levels(log_odds, thresholds)}
    for by in ("board", "language"):
        values = np.array([getattr(row, by) for row in rows])
        out[by] = {v: {"ads": int((values == v).sum()), **levels(log_odds[values == v], thresholds)} for v in sorted(set(values))}
    return out


def levels(log_odds: Scores, thresholds: Thresholds) -> dict[str, float]:
    """Shares at `caution` or above and at `warning`, at the default prior."""
    p = np.array([probability(x + logit(DEFAULT_PRIOR)) for x in log_odds.tolist()])
    return {"caution": float((p >= thresholds.caution).mean()), "warning": float((p >= thresholds.warning).mean())} if len(p) else {}


def share(hits: NDArray[np.bool_], seed: int) -> dict[str, Any]:
    """A share with its size and 95 % interval."""
    if not len(hits):
        return {"of": 0}
    return {"share": float(hits.mean()), "of": len(hits), "interval_95": list(interval(hits.astype(np.float64), seed))}


def sliced(rows: Sequence[Row], scams: NDArray[np.bool_], hit: NDArray[np.bool_], by: str) -> dict[str, Any]:
    """Share found by slice."""
    values = np.array([getattr(row, by) for row in rows])
    return {
        v: {"of": int((scams & (values == v)).sum()), "found": float(hit[scams & (values == v)].mean())} for v in sorted(set(values[scams]))
    }


def left_out(rows: Sequence[Row], by: str, scored: Callable[[NDArray[np.bool_]], Scores], outside: NDArray[np.bool_]) -> dict[str, Any]:
    """Leave-one-out over the values of `by` in the corpus: `scored(mask)` learns without the masked rows and scores all rows.

    outside: test rows; those alone are measured, because phrases were written with the others in view.
    """
    corpus = np.array([part_of(row) in PAIRS for row in rows])
    labels = np.array([row.label for row in rows])
    told = {row.group: getattr(row, by) for row in rows if row.label and row.source == "corpus"}
    values = np.array([told.get(row.group, "") if row.source == "corpus" else "" for row in rows])
    out: dict[str, Any] = {}
    for value in sorted(set(told.values())):
        mask = corpus & (values == value)
        if by == "language":
            mask |= np.array([row.source == "corpus" and row.language == value for row in rows])
        at = mask & corpus & outside
        if (labels[at] == 1).sum() >= FEWEST:
            scores = scored(mask)
            out[value] = {"pairs": int((labels[at] == 1).sum()), "roc_auc": roc_auc(labels[at], scores[at])}
    return {"mean_roc_auc": float(np.mean([v["roc_auc"] for v in out.values()])), "each": out} if out else {}
