"""Measures. Every function says which share or area it gives; all are between 0 and 1."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

Scores = NDArray[np.float64]
Labels = NDArray[np.int64]
EMSCAD_PREVALENCE = 0.0484
"""Share of fraud in all of EMSCAD (Vidros et al. 2017)."""


def roc_auc(labels: Labels, scores: Scores) -> float:
    """Chance that a scam scores above an honest text."""
    return float(roc_auc_score(labels, scores))


def found_at(scams: Scores, honest: Scores, false_alarms: float) -> float:
    """Share of scams above the score that this share of honest texts exceeds."""
    return float(np.mean(scams > threshold_at(honest, false_alarms)))


def threshold_at(honest: Scores, false_alarms: float) -> float:
    """Score that this share of honest texts exceeds."""
    return float(np.quantile(honest, 1 - false_alarms))


def prevalence_weights(labels: Labels, prevalence: float = EMSCAD_PREVALENCE) -> Scores:
    """Weights under which the scams are this share of all."""
    scams, honest = int((labels == 1).sum()), int((labels == 0).sum())
    return np.where(labels == 1, 1.0, scams * (1 - prevalence) / prevalence / max(1, honest))


def average_precision(labels: Labels, scores: Scores, prevalence: float = EMSCAD_PREVALENCE) -> float:
    """Average precision as if scams were this share."""
    return float(average_precision_score(labels, scores, sample_weight=prevalence_weights(labels, prevalence)))


def best_f1(labels: Labels, scores: Scores, prevalence: float = EMSCAD_PREVALENCE) -> float:
    """Best F1 over all thresholds, as if scams were this share."""
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=prevalence_weights(labels, prevalence))
    return float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12)))


def calibration_error(labels: Labels, probabilities: Scores, bins: int = 15) -> float:
    """Expected calibration error over bins of equal size."""
    order = np.argsort(probabilities)
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(p) / len(order) * abs(probabilities[p].mean() - labels[p].mean()) for p in parts))


def interval(values: Scores, seed: int, rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean."""
    rng = np.random.default_rng(seed)
    means = values[rng.integers(0, len(values), (rounds, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
