"""What was learnt: a weight for every phrase of the table and every cue, already on the calibrated scale."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.cues import DERIVED, NAMES, PLACED
from model.ngrams import Hashes
from model.table import Table

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """hashes: uint64, ascending, shape (v,). phrase: float64, shape (v,). lure: int8, shape (v,), index into LURES or -1.

    cue: float64, shape (len(NAMES),). baseline: log-odds at a prior of one half with nothing found.
    types: shape (lure types, len(NAMES) + 1), the last column the constant.
    """

    hashes: Hashes
    phrase: Weights
    lure: NDArray[np.int8]
    cue: Weights
    baseline: float
    types: Weights

    @cached_property
    def table(self) -> Table:
        """The phrases, ready to be looked up."""
        return Table.of(self.hashes)

    @cached_property
    def derived(self) -> dict[str, float]:
        """Weights of the derived cues that have one."""
        return {name: float(w) for name, w in zip(DERIVED, self.cue[len(PLACED) :], strict=True) if w}

    def __post_init__(self) -> None:
        """Check shapes once, where they come in."""
        assert self.hashes.shape == self.phrase.shape == self.lure.shape and self.cue.shape == (len(NAMES),)  # noqa: S101 - ours alone
