"""Affine calibration on the log-odds (Platt 1999) and the exact shift to a caller's prior."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.errors import OptionError

FITTED_PRIOR = 0.5
DEFAULT_PRIOR = 0.01


@dataclass(frozen=True)
class Calibration:
    """log_odds = slope * score + intercept, at a prior of one half."""

    slope: float
    intercept: float

    def __call__(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of scores."""
        return self.slope * scores + self.intercept


def logit(p: float) -> float:
    """Log-odds of a probability strictly between 0 and 1."""
    return math.log(p / (1 - p))


def probability(log_odds: float) -> float:
    """1 / (1 + exp(-log_odds)), without overflow."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def checked_prior(prior: float) -> float:
    """The prior, if it is a share strictly between 0 and 1. Raises OptionError."""
    if not isinstance(prior, int | float) or isinstance(prior, bool) or not 0 < prior < 1:
        raise OptionError(
            f"prior must be a share strictly between 0 and 1, found {prior!r}; 0.01 means one scam in a hundred ads.", "prior"
        )
    return float(prior)
