"""A table of hashes, each at or soon after the slot that its upper bits tell: the learnt phrases, or the nodes of the hand-written ones.

Read-only, shared by all threads.
"""

import secrets
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.native.arrays import Table

Hashes = NDArray[np.uint64]
FINER = 3
"""As in kernel.h: so many more bits of a hash tell whether its bucket need be looked into."""


ROW = np.dtype([("hash", "<u8"), ("row", "<i8")])
"""A piece of a word and where it stood among all, as in pieces.c."""
LEARNT_GRAM = np.dtype([("hash", "<u8"), ("weight", "<f8"), ("genre", "<f8"), ("lure", "<i8")])
"""A learnt phrase, as in tell.h."""
PIECE = np.dtype([("hash", "<u8"), ("weight", "<f8")])
"""The same with what it weighs."""
BEHIND = 3
"""Empty slots behind the last, as a look-up reads three at once and goes on behind them (`record_of` of kernel.h)."""
EMPTY = np.iinfo(np.uint64).max
"""Stands for a hash where there is none; nothing is looked for past it."""


def table_of(records: NDArray[Any]) -> Table:
    """A table over records with ascending, distinct hashes, three quarters full at most."""
    hashes = records["hash"]
    bits = max(8, (len(hashes) * 4 // 3).bit_length())
    own, order = (hashes >> np.uint64(64 - bits)).astype(np.int64), np.arange(len(hashes))
    place = np.maximum.accumulate(own - order) + order  # its own, or the one after the hash before
    slots = np.zeros(max(1 << bits, int(place.max(initial=0)) + 1) + BEHIND, records.dtype)
    slots["hash"] = EMPTY
    slots[place] = records
    held = np.zeros(1 << bits + FINER, np.bool_)
    held[(hashes >> np.uint64(64 - bits - FINER)).astype(np.intp)] = True
    return Table.of(slots=slots, filter=np.packbits(held, bitorder="little"), shift=64 - bits, serial=secrets.randbits(62))


def sorted_table(hashes: Hashes, values: NDArray[Any], kind: np.dtype[Any]) -> Table:
    """A table over distinct hashes in any order, each with its value. kind: ROW or PIECE."""
    order = np.argsort(hashes)
    return table_of(records_of(kind, hashes[order], values[order]))


def records_of(kind: np.dtype[Any], *columns: NDArray[Any]) -> NDArray[Any]:
    """Records from the columns of their fields, in the fields' order."""
    out = np.empty(len(columns[0]), kind)
    for name, column in zip(kind.names or (), columns, strict=True):
        out[name] = column
    return out
