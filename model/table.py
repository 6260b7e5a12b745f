"""A table of hashes, each at or soon after the slot that its upper bits tell: the learnt phrases, or the nodes of the hand-written ones.

Read-only, shared by all threads.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.native.arrays import Table

Hashes = NDArray[np.uint64]
FINER = 3
"""As in kernel.h: so many more bits of a hash tell whether its bucket need be looked into."""


ROW = np.dtype([("hash", "<u8"), ("row", "<i8")])
"""A record that tells where a hash stood, as in kernel.h."""
PIECE = np.dtype([("hash", "<u8"), ("weight", "<f8")])
"""The same of a piece of a word and what it weighs, as in pieces.c."""
EMPTY = np.iinfo(np.uint64).max
"""Stands for a hash where there is none; nothing is looked for past it."""


def table_of(hashes: Hashes, rows: NDArray[Any] | None = None) -> Table:
    """A table over ascending, distinct hashes, three quarters full at most. rows: records that begin with the hashes; ROW if None."""
    if rows is None:
        rows = np.empty(len(hashes), ROW)
        rows["hash"], rows["row"] = hashes, np.arange(len(hashes))
    bits = max(8, (len(hashes) * 4 // 3).bit_length())
    own, order = (hashes >> np.uint64(64 - bits)).astype(np.int64), np.arange(len(hashes))
    place = np.maximum.accumulate(own - order) + order  # its own, or the one after the hash before
    slots = np.zeros(max(1 << bits, int(place.max(initial=0)) + 1) + 1, rows.dtype)
    slots["hash"] = EMPTY
    slots[place] = rows
    held = np.zeros(1 << bits + FINER, np.bool_)
    held[(hashes >> np.uint64(64 - bits - FINER)).astype(np.intp)] = True
    return Table.of(slots=slots, filter=np.packbits(held, bitorder="little"), shift=64 - bits)


def sorted_table(hashes: Hashes, values: NDArray[Any], kind: np.dtype[Any]) -> Table:
    """A table over distinct hashes in any order, each with its value. kind: ROW or PIECE."""
    order = np.argsort(hashes)
    pairs = list(zip(hashes[order].tolist(), values[order].tolist(), strict=True))
    return table_of(hashes[order], np.array(pairs, kind))
