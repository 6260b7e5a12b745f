"""A table of hashes, found by bucket: the learnt phrases, or the nodes of the hand-written ones. Read-only, shared by all threads."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.native.arrays import Table

Hashes = NDArray[np.uint64]
FINER = 3
"""As in kernel.h: so many more bits of a hash tell whether its bucket need be looked into."""


def table_of(hashes: Hashes, rows: NDArray[Any] | None = None) -> Table:
    """A table over ascending, distinct hashes, one to two buckets each. rows: records that begin with the hashes, where there is more."""
    bits = max(8, len(hashes).bit_length())
    bounds = np.zeros((1 << bits) + 1, np.int32)
    np.add.at(bounds, (hashes >> np.uint64(64 - bits)).astype(np.intp) + 1, 1)
    held = np.zeros(1 << bits + FINER, np.bool_)
    held[(hashes >> np.uint64(64 - bits - FINER)).astype(np.intp)] = True
    filled = np.packbits(held, bitorder="little")
    return Table.of(rows=hashes if rows is None else rows, bounds=np.cumsum(bounds, dtype=np.int32), filter=filled, shift=64 - bits)
