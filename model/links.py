"""Links: which parts of phrases may belong together, told before any is looked up.

Each gap of a phrase has one of a few bits. Wherever a part stands, its bits say which gaps may follow and which it may end; a part whose
gaps find no other side nearby is of no use. Most words of an advert stand in some phrase, hardly any beside a fitting other part of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.ngrams import Hashes
from model.trie import MORE_OPEN, SINGLE, Trie

GAPS = 62
ALONE, OPENING = np.uint64(1 << 62), np.uint64(1 << 63)
"""Bits beside those of the gaps, in `ahead`: a whole phrase; an open word may follow in the same part."""
TOKEN_BITS = 17
FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Sides:
    """Bits of the gaps that may follow (ahead, with ALONE and OPENING) and that may end here (behind); uint64, of one shape."""

    ahead: Hashes
    behind: Hashes

    def take(self, at: NDArray[np.integer]) -> "Sides":
        """Only these."""
        return Sides(self.ahead.take(at), self.behind.take(at))

    def of(self, first: NDArray[np.integer], last: NDArray[np.integer]) -> "Sides":
        """Of parts from a first to a last token: what is told of these tokens."""
        return Sides(self.ahead[last], self.behind[first])

    def near(self, unspaced: NDArray[np.bool_], words: int, characters: int) -> "Sides":
        """For every token the gaps whose other side stands at most so many tokens after it (ahead) or before it (behind).

        unspaced: tokens for which `characters` counts, as the later side of a gap.
        """
        ahead, behind = after(self.behind, words), before(self.ahead, words)
        if unspaced.any():
            ahead |= after(np.where(unspaced, self.behind, np.uint64(0)), characters)
            behind = np.where(unspaced, before(self.ahead, characters), behind)
        return Sides(ahead | ALONE, behind)

    def meet(self, near: "Sides") -> NDArray[np.intp]:
        """Which of them are of use: those alone, and those that have one of their gaps' other sides near."""
        return np.flatnonzero(((self.ahead & near.ahead) | (self.behind & near.behind)) != 0)


@dataclass(frozen=True)
class Links:
    """Sides of all uses, of all nodes of the trie, and of single whole tokens, by `bucket`."""

    uses: Sides
    nodes: Sides
    tokens: Sides

    @classmethod
    def of(
        cls, trie: Trie, begins: NDArray[np.int64], uses: NDArray[np.int64], slot: NDArray[np.int64], slots: NDArray[np.int64]
    ) -> "Links":
        """begins: first use of each node. uses: their numbers, one apart from slot to slot. slot, slots: which of how many of a phrase."""
        zero = np.zeros(len(uses), np.uint64)
        ahead = np.where(slot + 1 < slots, gap(uses), np.where(slots == 1, ALONE, zero))
        own = Sides(ahead, np.where(slot > 0, gap(uses - 1), zero))
        nodes = Sides(united(own.ahead, begins), united(own.behind, begins))
        nodes.ahead[(trie.flags & MORE_OPEN) > 0] |= OPENING
        tokens = Sides(*(np.zeros(1 << TOKEN_BITS, np.uint64) for _ in range(2)))
        single = np.flatnonzero(trie.flags & SINGLE)
        np.bitwise_or.at(tokens.ahead, bucket(trie.nodes.hashes[single]), nodes.ahead[single])
        np.bitwise_or.at(tokens.behind, bucket(trie.nodes.hashes[single]), nodes.behind[single])
        return cls(own, nodes, tokens)


def gap(number: NDArray[np.int64]) -> Hashes:
    """Bit of the gap behind the use of this number."""
    return np.uint64(1) << ((number.astype(np.uint64) * FACTOR) >> np.uint64(32)) % np.uint64(GAPS)


def united(bits: Hashes, begins: NDArray[np.int64]) -> Hashes:
    """For every stretch between two of `begins` its bits together."""
    out = np.zeros(len(begins) - 1, np.uint64)
    filled = np.flatnonzero(begins[:-1] < begins[1:])
    out[filled] = np.bitwise_or.reduceat(bits, begins[filled]) if len(filled) else 0
    return out


def bucket(h: Hashes) -> NDArray[np.intp]:
    """Place of a token's bits; tokens that share it cost time alone."""
    return (h >> np.uint64(64 - TOKEN_BITS)).astype(np.intp)


def before(bits: Hashes, reach: int) -> Hashes:
    """Bits of the tokens up to so many before each."""
    out = np.zeros_like(bits)
    for k in range(1, min(reach, len(bits)) + 1):
        out[k:] |= bits[: len(bits) - k]
    return out


def after(bits: Hashes, reach: int) -> Hashes:
    """Bits of the tokens up to so many after each."""
    out = np.zeros_like(bits)
    for k in range(1, min(reach, len(bits)) + 1):
        out[: len(bits) - k] |= bits[k:]
    return out
