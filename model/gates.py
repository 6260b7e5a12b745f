"""Gates: whether a word of a list may stand at a place, told from up to four characters; native/wages.c looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEEN = 4
"""Characters that a gate looks at."""
GATE_BITS = 17
FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
MOST = 31
"""Longest word that a gate tells the length of."""

Bits = NDArray[np.uint32]


@dataclass(frozen=True)
class Gates:
    """bits: uint32, shape (1 << GATE_BITS,), by `gate` of the first one to SEEN characters: lengths, as bits, of words of just as many
    characters, with SEEN also of longer ones. Two words may share a gate, which costs time alone.
    """

    bits: Bits

    @classmethod
    def of(cls, words: Iterable[tuple[Sequence[int], int]]) -> "Gates":
        """Gates of words given by their first SEEN code points, or all, and their length, at most MOST."""
        bits = np.zeros(1 << GATE_BITS, np.uint32)
        for codes, length in words:
            bits[gate(codes[: min(length, SEEN)])] |= np.uint32(1 << length)
        return cls(bits)


def gate(codes: Sequence[int]) -> int:
    """Gate of a few characters."""
    return (sum(code * factor for code, factor in zip(codes, FACTORS, strict=False)) & 0xFFFFFFFF) >> (32 - GATE_BITS)
