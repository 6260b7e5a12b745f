"""The learnt phrase table: hash of an n-gram to its row, found by bucket. Read-only, shared by all threads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.ngrams import Hashes


@dataclass(frozen=True)
class Table:
    """hashes: uint64, ascending, shape (v,). Rows are their positions. bounds: first row of each bucket; filled: not empty."""

    hashes: Hashes
    bounds: NDArray[np.int32]
    filled: NDArray[np.bool_]
    shift: np.uint64

    @classmethod
    def of(cls, hashes: Hashes, spare: int = 3) -> "Table":
        """A table over ascending, distinct hashes; about 2**spare buckets a row, so that most look-ups end at an empty one."""
        bits = max(8, len(hashes).bit_length() + spare)
        shift = np.uint64(64 - bits)
        bounds = np.zeros((1 << bits) + 1, np.int32)
        np.add.at(bounds, (hashes >> shift).astype(np.intp) + 1, 1)
        np.cumsum(bounds, out=bounds)
        return cls(hashes, bounds, bounds[1:] > bounds[:-1], shift)

    def find(self, hashes: Hashes) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Positions in `hashes` that are in the table, and their rows; any order of rows, positions ascending within each probe."""
        bucket = (hashes >> self.shift).view(np.intp)
        at = np.flatnonzero(self.filled.take(bucket))
        bucket = bucket.take(at)
        low, high, wanted = self.bounds.take(bucket), self.bounds.take(bucket + 1), hashes.take(at)
        positions, rows = [], []
        while len(at):
            hit = self.hashes.take(low) == wanted
            positions.append(at[hit])
            rows.append(low[hit])
            low = low + 1
            more = np.flatnonzero(~hit & (low < high))
            at, low, high, wanted = at.take(more), low.take(more), high.take(more), wanted.take(more)
        if not positions:
            return np.zeros(0, np.intp), np.zeros(0, np.int32)
        return np.concatenate(positions), np.concatenate(rows)
