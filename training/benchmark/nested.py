"""Held-out scores with calibration and threshold that rest on other rows still: folds within folds."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

from model.calibration import logit
from training.benchmark.contenders import Contender
from training.benchmark.stock import At, Stock
from training.data import Scores
from training.metrics import EMSCAD_PREVALENCE, prevalence_weights

Folds = NDArray[np.int64]
LOG_ODDS, FLAGGED = 0, 1
"""Rows of what `held_out` gives."""


def held_out(contender: Contender, stock: Stock, fold: Folds) -> NDArray[np.float64]:
    """Shape (2, adverts): log-odds at a prior of one half, and 1 where they reach the threshold.

    fold: of each row that may be learnt from; a variant is judged with the row it was made from. For every fold a model learns from the
    others; its calibration (Platt) and its threshold (best F1) come from models that saw neither the fold nor the row they score.
    """
    every, count = fold[stock.made_from], int(fold.max()) + 1
    blind: dict[tuple[int, int], tuple[Scores, NDArray[np.int64]]] = {}
    for pair in combinations(range(count), 2):
        at = np.flatnonzero(np.isin(fold, pair))
        scores = contender.score(stock, np.flatnonzero(~np.isin(fold, pair)), at)
        for one, other in (pair, pair[::-1]):
            blind[one, other] = scores[fold[at] == other], stock.labels[at][fold[at] == other]
    out = np.zeros((2, len(every)))
    for test in range(count):
        at = np.flatnonzero(every == test)
        told = [blind[test, other] for other in range(count) if other != test]
        scores, labels = (np.concatenate(part) for part in zip(*told, strict=True))
        out[:, at] = settled(contender.score(stock, np.flatnonzero(fold != test), at), scores, labels)
    return out


def in_order(contender: Contender, stock: Stock, parts: tuple[At, At, At]) -> NDArray[np.float64]:
    """The same for one split into rows to learn from, to validate on and to test; shape (2, test rows)."""
    learning, validation, test = parts
    scores = contender.score(stock, learning, np.concatenate([validation, test]))
    return settled(scores[len(validation) :], scores[: len(validation)], stock.labels[validation])


def settled(scores: Scores, validation: Scores, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scores calibrated and held against the threshold, both from validation rows weighted to EMSCAD's share of fraud."""
    weight = prevalence_weights(labels)
    scale = float(validation.std()) or 1.0
    line = LogisticRegression(C=1e4).fit(validation[:, None] / scale, labels, sample_weight=weight)
    limit = best_threshold(labels, validation, weight)
    log_odds = line.decision_function(scores[:, None] / scale) - logit(EMSCAD_PREVALENCE)
    return np.stack([log_odds, scores >= limit])


def best_threshold(labels: NDArray[np.int64], scores: Scores, weight: Scores) -> float:
    """Where F1 is best, midway between the least score that is flagged and the next below."""
    precision, recall, limits = precision_recall_curve(labels, scores, sample_weight=weight)
    at = int(np.argmax((2 * precision * recall / np.maximum(precision + recall, 1e-12))[:-1]))
    return float((limits[at] + limits[max(0, at - 1)]) / 2)
