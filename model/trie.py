"""All hand-written phrases as one trie over token hashes, walked by whole arrays: every level asks only where the level before went on.

A node is the hash of the tokens that lead to it, so the trie is a hash table and a few numbers a node: it loads in no time, and 300,000
phrases cost an advert hardly more than 1,000. Open ends (`word*`, `*word`) are nodes made from the first or last characters of a token.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.gates import MOST, Bits, Gates
from model.ngrams import Hashes, TokenHashes, longer
from model.normalise import Normalised
from model.table import Table
from model.tables import Codes

MORE, MORE_OPEN, SINGLE, PAIR = 1, 2, 4, 8
"""Bits of a node: some whole token leads on from it; the first characters of some token do; it is one whole token; it is two."""
PREFIX, SUFFIX, INSIDE = np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB), np.uint64(0x8EBC6AF09C88C6E3)
"""Told apart from whole tokens by these."""
ARTICLES, FIRST_WITH_ARTICLES = 3, 0x590
"""Characters that may be written on to the front of a word (and, the, with ...), in scripts from Hebrew on; Latin has no such habit."""
PAIR_BITS = 20

Front = tuple[Hashes, NDArray[Any], NDArray[Any]]
"""Where a walk has come to: hash, first and last token."""
Reached = tuple[Hashes, NDArray[Any], NDArray[Any], NDArray[Any]]
"""What of it is in the trie: hash, node, first and last token."""


@dataclass(frozen=True)
class Hits:
    """Where parts of phrases stand: number of the part's node, first and last token; all int32 or int64 of shape (h,)."""

    node: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def take(self, at: NDArray[np.intp]) -> "Hits":
        """Only these."""
        return Hits(self.node[at], self.first[at], self.last[at])

    def joined(self, other: "Hits") -> "Hits":
        """These and others."""
        return Hits(*(np.concatenate(pair) for pair in ((self.node, other.node), (self.first, other.first), (self.last, other.last))))


@dataclass(frozen=True)
class Trie:
    """nodes: hashes, ascending. flags: uint8 bits of each node. pairs: bool, shape (1 << PAIR_BITS,), by the upper bits of its hash,
    whether a node of two whole tokens may be there.

    insides: lengths, as bits, of words open on both sides. front, onward: gates of words with open ends that begin a part, or stand
    further on in it. back: gates of words with open starts.
    """

    nodes: Table
    flags: NDArray[np.uint8]
    pairs: NDArray[np.bool_]
    insides: np.uint32
    front: Gates
    onward: Gates
    back: Gates

    @classmethod
    def load(cls, data: Mapping[str, NDArray[Any]]) -> "Trie":
        """From the arrays that `arrays` gave."""
        nodes, flags = data["nodes"], data["flags"]
        pairs = np.zeros(1 << PAIR_BITS, np.bool_)
        pairs[upper(nodes[(flags & PAIR) > 0])] = True
        gates = (Gates(data[name]) for name in ("front", "onward", "back"))
        return cls(Table.of(nodes, spare=1), flags, pairs, np.uint32(data["insides"]), *gates)

    def single(self, hashes: TokenHashes, tokens: NDArray[np.intp]) -> Hits:
        """Those of these tokens that are in the trie by themselves."""
        return Hits(*self._reached(hashes.exact[tokens], tokens, tokens)[1:])

    def longer(self, n: Normalised, hashes: TokenHashes, opening: NDArray[np.intp]) -> Hits:
        """What is in the trie of several tokens or of open words, within one field. opening: tokens that an open word may follow."""
        fronts, found = [self._pairs(n, hashes), *self._opened(n, hashes)], []
        follow = opening[joined(n, opening)]
        if len(follow):
            onward = self.onward.lengths(n.chars.codes, n.tokens.first.take(follow + 1), 1)
            fronts.append(open_ends(n, hashes, (hashes.exact[follow], follow, follow + 1), onward))
        while fronts:
            at = self._reached(*(np.concatenate(column) for column in zip(*fronts, strict=True)))
            found.append(at[1:])
            fronts = self._next(n, hashes, at) if len(at[0]) else []
        return Hits(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _pairs(self, n: Normalised, hashes: TokenHashes) -> Front:
        """Two whole tokens. Nearly all pairs end at the filter."""
        h = longer(hashes.exact[:-1], hashes.exact[1:])
        at = np.flatnonzero(self.pairs.take(upper(h)))
        at = at[joined(n, at)]
        return h[at], at, at + 1

    def _reached(self, h: Hashes, first: NDArray[np.int64], last: NDArray[np.int64]) -> Reached:
        """Those that are in the trie."""
        at, node = self.nodes.find(h)
        return h[at], node.astype(np.int64), first[at], last[at]

    def _next(self, n: Normalised, hashes: TokenHashes, at: Reached) -> list[Front]:
        """One token further, where the trie goes on and the field does."""
        h, node, first, last = at
        more = np.flatnonzero((self.flags[node] & (MORE | MORE_OPEN)) != 0)
        more = more[joined(n, last[more])]
        if not len(more):
            return []
        h, flags, first, last = h[more], self.flags[node[more]], first[more], last[more] + 1
        whole = longer(h, hashes.exact[last]), first, last
        if not (flags & MORE_OPEN).any():
            return [whole]
        opening = np.where(flags & MORE_OPEN, self.onward.lengths(n.chars.codes, n.tokens.first[last], 1), np.uint32(0))
        return [whole, open_ends(n, hashes, (h, first, last), opening)]

    def _opened(self, n: Normalised, hashes: TokenHashes) -> list[Front]:
        """First tokens of parts that are open at an end."""
        tokens = np.arange(len(hashes.exact))
        front = self.front.lengths(n.chars.codes, n.tokens.first, 1)
        back = self.back.lengths(n.chars.codes, n.tokens.last, -1)
        ends = open_ends(n, hashes, (np.zeros(len(tokens), np.uint64), tokens, tokens), front)
        return [ends, open_starts(n, hashes, back), *self._insides(n, hashes)]

    def _insides(self, n: Normalised, hashes: TokenHashes) -> list[Front]:
        """Words behind up to three written-on characters, with open ends."""
        tokens = np.flatnonzero((n.chars.codes.take(n.tokens.first) >= FIRST_WITH_ARTICLES) & (n.tokens.last > n.tokens.first))
        out = []
        for skipped in range(ARTICLES + 1) if len(tokens) else ():
            row, length = chosen(n, tokens, np.full(len(tokens), self.insides), skipped)
            start = n.tokens.first.take(tokens.take(row)) + skipped
            out.append((hashes.stretch(start, start + length) ^ INSIDE, tokens.take(row), tokens.take(row)))
        return out


def open_ends(n: Normalised, hashes: TokenHashes, at: Front, lengths: Bits) -> Front:
    """The first characters of the last token, for these lengths as bits."""
    h, first, last = at
    row, length = chosen(n, last, lengths)
    begin = n.tokens.first.take(last.take(row))
    return longer(h.take(row), hashes.stretch(begin, begin + length) ^ PREFIX), first.take(row), last.take(row)


def open_starts(n: Normalised, hashes: TokenHashes, lengths: Bits) -> Front:
    """The last characters of all tokens, for these lengths as bits."""
    tokens, length = chosen(n, np.arange(len(lengths)), lengths)
    end = n.tokens.last.take(tokens) + 1
    return hashes.stretch(end - length, end) ^ SUFFIX, tokens, tokens


def upper(h: Hashes) -> NDArray[np.intp]:
    """The bits of a hash by which pairs are filtered."""
    return (h >> np.uint64(64 - PAIR_BITS)).astype(np.intp)


def joined(n: Normalised, tokens: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the field goes on after these tokens."""
    field = n.tokens.field
    after = tokens + 1
    on: NDArray[np.bool_] = (after < len(field)) & (field[tokens] == field.take(after, mode="clip"))
    return on


def chosen(n: Normalised, tokens: NDArray[Any], bits: Bits, skipped: int = 0) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of these tokens to try with which length: the lengths given as bits, as far as they are long enough.

    skipped: characters that are passed over. Tokens of scripts without spaces are never open.
    """
    rows = np.flatnonzero(bits != 0)
    at = tokens.take(rows)
    size = np.where(n.tokens.unspaced.take(at), 0, n.tokens.last.take(at) - n.tokens.first.take(at) + 1 - skipped).clip(0, MOST)
    left = bits.take(rows) & ((np.uint32(2) << size.astype(np.uint32)) - np.uint32(1))
    set_bits = np.flatnonzero(np.unpackbits(left.astype("<u4").view(np.uint8), bitorder="little"))
    return rows.take(set_bits >> 5), set_bits & 31


@dataclass(frozen=True)
class PartTokens:
    """A part as token hashes; `prefix` and `suffix` tell, token by token, the length of its open end or start, 0 where it is whole.

    starts, ends: uint32, shape (tokens, SEEN), the first code points of each, and the last backwards; 0 where it has fewer.
    """

    hashes: Hashes
    starts: Codes
    ends: Codes
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]


def arrays(parts: Sequence[PartTokens], uses: Sequence[Sequence[int]]) -> tuple[dict[str, NDArray[Any]], list[int]]:
    """Arrays of a trie over parts, and the uses in the order of its nodes. uses[i] are the numbers that stand for part i."""
    flags: dict[int, int] = {}
    ending: dict[int, list[int]] = defaultdict(list)
    for part, numbers in zip(parts, uses, strict=True):
        node, whole = 0, not part.suffix[0]
        for k, token in enumerate(part.hashes):
            if k:
                flags[node] |= MORE_OPEN if part.prefix[k] else MORE
            whole = whole and not part.prefix[k]
            node = node_of(node, token, k == 0, part.prefix[k] > 0, k == 0 and part.suffix[0] > 0)
            flags[node] = flags.get(node, 0) | ({0: SINGLE, 1: PAIR}.get(k, 0) if whole else 0)
        ending[node] += numbers
    nodes = sorted(flags)
    made: dict[str, NDArray[Any]] = {
        "nodes": np.array(nodes, np.uint64),
        "flags": np.array([flags[node] for node in nodes], np.uint8),
        "begins": np.concatenate([[0], np.cumsum([len(ending.get(node, ())) for node in nodes])]).astype(np.int64),
        "insides": np.array(reduce(or_, (1 << p.suffix[0] for p in parts if p.suffix[0] and p.prefix[0]), 0), np.uint32),
        "front": Gates.of([(p.starts[0].tolist(), p.prefix[0]) for p in parts if p.prefix[0] and not p.suffix[0]]).bits,
        "onward": Gates.of([(p.starts[k].tolist(), p.prefix[k]) for p in parts for k in range(1, len(p.prefix)) if p.prefix[k]]).bits,
        "back": Gates.of([(p.ends[0].tolist(), p.suffix[0]) for p in parts if p.suffix[0] and not p.prefix[0]]).bits,
    }
    return made, [number for node in nodes for number in ending.get(node, ())]


def node_of(node: int, token: np.uint64, is_first: bool, prefix: bool, suffix: bool) -> int:
    """The node after one more token."""
    if suffix:
        return int(token ^ (INSIDE if prefix else SUFFIX))
    if is_first and not prefix:
        return int(token)
    return int(longer(np.array([node], np.uint64), np.array([token ^ PREFIX if prefix else token]))[0])
