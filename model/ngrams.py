"""Word and character n-grams as 64-bit hashes, with the tokens that they span. One pass over arrays, no strings.

A token's hash is polynomial in its code points (every digit counts as 0, so that no number is learnt, only its length), taken from prefix
sums; an n-gram's hash mixes those of its tokens. Scripts with spaces: 1 to 3 words. Scripts without: 2 to 5 characters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.normalise import Normalised
from model.stream import Places

BASE = 0x9E3779B97F4A7C15 | 1
INVERSE = pow(BASE, -1, 1 << 64)
MULTIPLY, MIX = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xFF51AFD7ED558CCD)
WORDS, CHARACTERS = (1, 2, 3), (2, 3, 4, 5)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class NGrams:
    """Occurrences: hash (uint64), first token and number of tokens (int32, int8), all of shape (g,), shorter ones first."""

    hashes: Hashes
    first: Places
    length: NDArray[np.int8]


@dataclass(frozen=True)
class Powers:
    """Powers of BASE and of its inverse modulo 2**64, long enough for one batch."""

    up: Hashes
    down: Hashes

    @classmethod
    def of(cls, n: int) -> "Powers":
        """The first n powers."""
        ones = np.ones(1, np.uint64)
        return cls(*(np.cumprod(np.concatenate([ones, np.full(n, b, np.uint64)]), dtype=np.uint64) for b in (BASE, INVERSE)))


def token_hashes(n: Normalised, powers: Powers) -> Hashes:
    """Hash of every token."""
    codes = n.chars.codes.astype(np.uint64)
    codes[(codes >= 48) & (codes <= 57)] = 48
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers.up[: len(codes)], out=sums[1:])
    first, last = n.tokens.first, n.tokens.last
    return mixed((sums[last + 1] - sums[first]) * powers.down[first])


def mixed(h: Hashes) -> Hashes:
    """Spread the bits."""
    h = (h ^ (h >> np.uint64(32))) * MIX
    return np.asarray(h ^ (h >> np.uint64(29)))


def ngrams(n: Normalised, powers: Powers) -> NGrams:
    """All n-grams that stay within one field and one way of writing."""
    field, unspaced = n.tokens.field, n.tokens.unspaced
    single = token_hashes(n, powers)
    fine = ~unspaced
    beside = (field[1:] == field[:-1]) & (unspaced[1:] == unspaced[:-1])
    characters = bool(unspaced.any())
    hashes, first, length, h = [single[fine]], [np.flatnonzero(fine)], [1], single
    together = np.ones(len(single), np.bool_)
    for k in range(2, (CHARACTERS if characters else WORDS)[-1] + 1):
        h = mixed(h[:-1] * MULTIPLY + single[k - 1 :])
        together = together[:-1] & beside[k - 2 :]
        at = np.flatnonzero(together & unspaced[: len(h)] if k > WORDS[-1] else together)
        hashes.append(h[at])
        first.append(at)
        length.append(k)
    sizes = [len(part) for part in hashes]
    return NGrams(np.concatenate(hashes), np.concatenate(first).astype(np.int32), np.repeat(np.array(length, np.int8), sizes))
