"""Word and character n-grams as 64-bit hashes, with the tokens that they span. One pass over arrays, no strings.

A token's hash is polynomial in its code points (every digit counts as 0, so that no number is learnt, only its length), taken from prefix
sums; an n-gram's hash mixes those of its tokens. Scripts with spaces: 1 to 3 words. Scripts without: 2 to 5 characters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.normalise import Normalised
from model.stream import Places
from model.tables import is_digit

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


@dataclass(frozen=True)
class TokenHashes:
    """Hashes of all tokens, and what hashes of parts of tokens are made from.

    whole: uint64, shape (tokens,), every digit read as 0. exact: the same with digits told apart, for hand-written phrases.
    sums: prefix sums over characters, shape (characters + 1,).
    """

    whole: Hashes
    exact: Hashes
    sums: Hashes
    powers: Powers

    @classmethod
    def of(cls, n: Normalised, powers: Powers) -> "TokenHashes":
        """Hash every token of a batch."""
        codes = n.chars.codes
        place = np.flatnonzero(is_digit(codes))
        values = codes.astype(np.uint64)
        values[place] = 48
        values *= powers.up[: len(codes)]
        sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(values, out=sums[1:])
        made = cls(values[:0], values[:0], sums, powers)
        whole = made.stretch(n.tokens.first, n.tokens.last + 1)
        return cls(whole, whole ^ digits(n, place, powers), sums, powers)

    def stretch(self, start: NDArray[np.integer], end: NDArray[np.integer]) -> Hashes:
        """Hashes of the characters [start, end)."""
        return mixed((self.sums.take(end) - self.sums.take(start)) * self.powers.down.take(start))


def digits(n: Normalised, place: NDArray[np.intp], powers: Powers) -> Hashes:
    """A hash of the digits of every token; 0 where it has none (or only zeros, which `whole` tells apart by their number).

    place: where the digits stand among the characters, ascending.
    """
    out = np.zeros(len(n.tokens.first), np.uint64)
    at = np.unique(np.searchsorted(n.tokens.first, place, side="right") - 1)
    if len(at):
        first = n.tokens.first[at]
        value = (n.chars.codes[place] - np.uint32(48)).astype(np.uint64) * powers.up[place]
        out[at] = mixed(np.add.reduceat(value, np.searchsorted(place, first)) * powers.down[first])
    return out


def mixed(h: Hashes) -> Hashes:
    """Spread the bits."""
    h = (h ^ (h >> np.uint64(32))) * MIX
    return np.asarray(h ^ (h >> np.uint64(29)))


def longer(h: Hashes, following: Hashes) -> Hashes:
    """Hashes of n-grams, each one token longer."""
    return mixed(h * MULTIPLY + following)


def ngrams(n: Normalised, single: Hashes) -> NGrams:
    """All n-grams that stay within one field and one way of writing; `single` are the hashes of the tokens."""
    field, unspaced = n.tokens.field, n.tokens.unspaced
    fine = np.flatnonzero(~unspaced)
    beside = (field[1:] == field[:-1]) & (unspaced[1:] == unspaced[:-1])
    hashes, first, length, h = [single[fine]], [fine], [1], single
    together = np.ones(len(single), np.bool_)
    for k in range(2, (WORDS if len(fine) == len(single) else CHARACTERS)[-1] + 1):
        h = longer(h[:-1], single[k - 1 :])
        together = together[:-1] & beside[k - 2 :]
        at = np.flatnonzero(together & unspaced[: len(h)] if k > WORDS[-1] else together)
        hashes.append(h[at])
        first.append(at)
        length.append(k)
    sizes = [len(part) for part in hashes]
    return NGrams(np.concatenate(hashes), np.concatenate(first).astype(np.int32), np.repeat(np.array(length, np.int8), sizes))
