"""Learns how much a text reads like a report of adverts (news, a warning, a story, a question) rather than like one."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from model.cues import PLACED
from training.data import Data, Scores
from training.features import LogCountRatio

STRENGTH = 0.3
JUST_BELOW = 0.1
"""Log-odds by which the cap stands below the level of caution."""


def learn_genre(judging: Pipeline, data: Data) -> Pipeline:
    """Fit on the phrases that a learnt pipeline kept and on placed cues; reports and adverts weigh alike."""
    vocabulary, linear = (judging.named_steps[name] for name in ("vocabulary", "linear"))
    size, reports = len(vocabulary.hashes_), data.parts == "corpus_no_ad"
    weight = np.where(reports, data.weights * data.weights[~reports].sum() / max(data.weights[reports].sum(), 1e-9), data.weights)
    matrix = vocabulary.transform(data.found)
    ratio = LogCountRatio().fit(matrix, reports.astype(np.int64), weight * (data.groups >= 0))
    ratio.ratio_[:size][linear.coef_[0, :size] == 0] = 0.0
    ratio.ratio_[size + len(PLACED) :] = 0.0
    return Pipeline([("vocabulary", vocabulary), ("ratio", ratio), ("linear", told_apart(ratio.transform(matrix), reports, weight))])


def told_apart(matrix: sparse.csr_matrix, reports: NDArray[np.bool_], weight: Scores) -> LogisticRegression:
    """The linear model; where there is no report to learn from, one for which nothing reads like one."""
    linear = LogisticRegression(C=STRENGTH, max_iter=500)
    if reports.any():
        return linear.fit(matrix, reports, sample_weight=weight)
    linear.classes_, linear.coef_, linear.intercept_ = np.array([0, 1]), np.zeros((1, matrix.shape[1])), np.array([-1.0])
    return linear
