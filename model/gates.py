"""Gates: whether a word of a list may stand at a place; native/wages.c looks. A wrong yes, which is rare, costs time alone."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SEEN, MOST = 4, 31
"""Characters that tell the lengths of words that may stand there; longest word that is known as a whole."""
LENGTHS, WORDS = 14, 18
"""Bits of the two hashes."""
FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
ALL = 0xFFFFFFFF

Bits = NDArray[np.uint32]


def gate(words: Iterable[str]) -> Bits:
    """The gate of words, as in native/wages.c, uint32: lengths of words, as bits, by a hash of their first SEEN characters; then, as bits,
    hashes of whole words, save those of MOST characters and more.
    """
    lengths, known = np.zeros(1 << LENGTHS, np.uint32), np.zeros(1 << WORDS >> 5, np.uint32)
    for word in words:
        lengths[begun(word)] |= np.uint32(1 << min(len(word), MOST))
        known[hashed(word) >> 5] |= np.uint32(1 << (hashed(word) & 31))
    return np.concatenate([lengths, known])


def begun(word: str) -> int:
    """Hash of the first characters of a word."""
    return (sum(ord(c) * factor for c, factor in zip(word, FACTORS, strict=False)) & ALL) >> (32 - LENGTHS)


def hashed(word: str) -> int:
    """Hash of a whole word."""
    total = 0
    for c in word:
        total = (total ^ ord(c)) * FACTORS[0] & ALL
    return total >> (32 - WORDS)
