"""What was learnt: a weight for every phrase of the table and every cue, already on the calibrated scale."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from model.cues import LURE_NUMBER, MOST_LURES, NAMES, NUMBER, PLACED
from model.genre import Genre
from model.lures import LURES
from model.native import arrays
from model.table import LEARNT_GRAM, PIECE, Hashes, records_of, sorted_table, table_of

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """hashes: uint64, ascending, shape (v,). phrase: float64, shape (v,). lure: int8, shape (v,), index into LURES or -1.

    cue: float64, shape (len(NAMES),). baseline: log-odds at a prior of one half with nothing found.
    types: shape (lure types, len(NAMES) + 1), the last column the constant. genre: whether a text is an advert at all.
    pieces: uint64, shape (p,), hashes of what words are cut into; piece: float64, shape (p,), their weights, of which some are 0. Both are
    empty where no encoder's vectors were learnt from.
    """

    hashes: Hashes
    phrase: Weights
    lure: NDArray[np.int8]
    cue: Weights
    baseline: float
    types: Weights
    genre: Genre
    pieces: Hashes
    piece: Weights

    @cached_property
    def pairs(self) -> Weights:
        """Weight of each pair of lures, symmetric, shape (len(LURES), len(LURES))."""
        out = np.zeros((len(LURES), len(LURES)))
        for a, b in combinations(range(len(LURES)), 2):
            out[a, b] = out[b, a] = self.cue[NUMBER[f"{LURES[a]}+{LURES[b]}"]]
        return out

    @cached_property
    def counts(self) -> Weights:
        """What it weighs that so many different lures are present, by their number; the last for more."""
        return np.cumsum([0, 0, *(self.cue[NUMBER[f"lures>={n}"]] for n in range(2, MOST_LURES + 1))])

    @cached_property
    def native(self) -> arrays.Learnt:
        """All of it, as the kernel takes it."""
        kinds, columns = self.types.shape
        sizes = {"cues": len(PLACED), "lures": len(LURES), "most": len(self.counts) - 1, "kinds": kinds, "columns": columns}
        sizes["pieced"] = len(self.pieces)
        given = {"cue": self.cue, "pairs": self.pairs, "counts": self.counts, "types": self.types, "genre_cue": self.genre.cue}
        weights = {name: np.ascontiguousarray(weight, np.float64) for name, weight in given.items()}
        grams = records_of(LEARNT_GRAM, self.hashes, self.phrase, self.genre.phrase, self.lure)
        tables = {"table": table_of(grams), "pieces": sorted_table(self.pieces, self.piece, PIECE)}
        return arrays.Learnt.of(**tables, **weights, lure_of=LURE_NUMBER, **sizes)

    def __post_init__(self) -> None:
        """Check shapes once, where they come in."""
        assert self.hashes.shape == self.phrase.shape == self.lure.shape == self.genre.phrase.shape  # noqa: S101 - ours alone
        assert self.pieces.shape == self.piece.shape  # noqa: S101 - ours alone
        assert self.cue.shape == (len(NAMES),) and self.genre.cue.shape == (len(PLACED),)  # noqa: S101 - ours alone
