"""News, warnings, stories and questions tell of lures as adverts do: what reads like them is held back before it reaches a level.

A sum of words cannot do that: it would have to weigh "police" and "told me" against lures of any number. So a second sum, over the same
phrases and cues, tells how much a text reads like a report; the log-odds of what does go no further than a cap. The difference is one
named contribution, so that the verdict remains an exact sum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
REPORT = "reads like a report of adverts, not like one"
STEEPNESS = 2.0
"""Log-odds that the fast tier holds back for each of the log-odds by which a text is likelier a report than an advert, to the cap."""


@dataclass(frozen=True)
class Genre:
    """Weights of the log-odds that a text is a report rather than an advert, at even odds.

    phrase: float64, shape (v,), beside the learnt phrases. cue: shape (len(PLACED),). baseline: with nothing found. cap: the log-odds of a
    scam, at a prior of one half, down to which reports are held back.
    """

    phrase: Weights
    cue: Weights
    baseline: float
    cap: float


def held_back(log_odds: Weights, reports: Weights, cap: float, steepness: float = STEEPNESS) -> Weights:
    """By how much to lower each of the log-odds of a scam, at least 0. reports: log-odds of a report rather than an advert."""
    return np.minimum(steepness * np.maximum(reports, 0.0), np.maximum(log_odds - cap, 0.0))
