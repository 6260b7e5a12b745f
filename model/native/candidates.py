"""Stretches of a batch that may be more than they seem: markup, contacts, disguises, quotations, pay. Called as `kernel` is."""

import numpy as np
from numpy.typing import NDArray

from model.native.arrays import address
from model.native.kernel import Codes, Places, library


def found(name: str, codes: Codes, *given: int) -> Places:
    """What `find_...` of candidates.c finds among characters: places [i, j), shape (n, 2). given: what it takes besides."""
    room = 16 + len(codes) // 128
    while True:
        out = np.empty((room, 2), np.int32)
        count = getattr(library(), name)(address(codes), len(codes), *given, address(out), room)
        if count <= room:
            return out[:count]
        room = count


def find_markup(codes: Codes) -> Places:
    """Places of what may be tags or entities, shape (n, 2)."""
    return found("find_markup", codes)


def find_runs(codes: Codes, look: Codes, trait: int) -> Places:
    """Places of runs of characters that have a trait."""
    return found("find_runs", codes, address(look), trait)


def find_chunks(codes: Codes) -> Places:
    """Places of stretches without white space that may be an address, a handle or a mask."""
    return found("find_chunks", codes)


def find_crowded(codes: Codes) -> Places:
    """Places [first digit, past the last) of digits that stand as close as those of a phone number; they may overlap."""
    return found("find_crowded", codes)


def find_spaced(codes: Codes, kinds: NDArray[np.uint8], first: Places, last: Places) -> Places:
    """Places of four or more single letters, each parted from the next by the same sign. first, last: of the tokens."""
    return found("find_spaced", codes, address(kinds), address(first), address(last), len(first))


def find_leet(codes: Codes, kinds: NDArray[np.uint8]) -> Places:
    """Places of letters with digits or signs for letters among them. kinds: by code point."""
    return found("find_leet", codes, address(kinds))


def find_quotes(codes: Codes) -> Places:
    """Places between quotation marks."""
    return found("find_quotes", codes)


def find_wages(codes: Codes, tokens: tuple[Places, Places, Places], bounds: NDArray[np.int64], gates: Codes) -> Places:
    """Field and first character, shape (n, 2), of numbers that may be pay; -1 for a number where all of a field is worth reading.

    tokens: first, last, field. bounds: of the fields, in characters, shape (fields + 1,). gates: of `wages.gates_of`.
    """
    given = (*map(address, tokens), len(tokens[0]), address(bounds), address(gates))
    return found("find_wages", codes, *given)
