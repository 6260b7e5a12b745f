"""All hand-written phrases as one trie over token hashes, walked by whole arrays: every level asks only where the level before went on.

A node is the hash of the tokens that lead to it, so the trie is a hash table and a few numbers a node: it loads in no time, and 300,000
phrases cost an advert hardly more than 1,000. Open ends (`word*`, `*word`) are nodes made from the first or last characters of a token.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.ngrams import Hashes, TokenHashes, longer
from model.normalise import Normalised
from model.table import Table

MORE, MORE_OPEN = 1, 2
"""Bits of a node: some whole token leads on from it; the first characters of some token do."""
PREFIX, SUFFIX, INSIDE = np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB), np.uint64(0x8EBC6AF09C88C6E3)
"""Told apart from whole tokens by these."""
GATES = 1 << 16
ARTICLES, FIRST_WITH_ARTICLES = 3, 0x590
"""Characters that may be written on to the front of a word (and, the, with ...), in scripts from Hebrew on; Latin has no such habit."""


Front = tuple[Hashes, NDArray[Any], NDArray[Any]]
"""Where a walk has come to: hash, first and last token."""


@dataclass(frozen=True)
class Hits:
    """Where parts of phrases stand: number of the part's node, first and last token; all int32 or int64 of shape (h,)."""

    node: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True)
class Trie:
    """nodes: hashes, ascending. flags: uint8 bits of each node. begins: int64, first use of each node; its uses end where the next begin.

    prefixes, suffixes, insides: lengths of open ends, open starts and words open on both sides that occur, ascending.
    front: uint32, shape (GATES,), by `gate`, the lengths of open first words that begin with its characters, as bits.
    back: uint32, shape (GATES,), the same for words open at their start, read backwards.
    """

    nodes: Table
    flags: NDArray[np.uint8]
    begins: NDArray[np.int64]
    prefixes: NDArray[np.int64]
    suffixes: NDArray[np.int64]
    insides: NDArray[np.int64]
    front: NDArray[np.uint32]
    back: NDArray[np.uint32]

    @classmethod
    def load(cls, data: Mapping[str, NDArray[Any]]) -> "Trie":
        """From the arrays that `arrays` gave."""
        open_ends = (data["prefixes"], data["suffixes"], data["insides"])
        return cls(Table.of(data["nodes"]), data["flags"], data["begins"], *open_ends, data["front"], data["back"])

    def walk(self, n: Normalised, hashes: TokenHashes) -> Hits:
        """Every part of every phrase, wherever it stands within one field."""
        tokens = np.arange(len(hashes.exact))
        found: list[tuple[NDArray[np.int64], ...]] = []
        fronts = [(hashes.exact, tokens, tokens), *self._opened(n, hashes)]
        while fronts:
            at = self._reached(*(np.concatenate(part) for part in zip(*fronts, strict=True)))
            found.append(at[1:])
            fronts = self._next(n, hashes, at)
        node, first, last = (np.concatenate(part) for part in zip(*found, strict=True))
        used = self.begins[node] < self.begins[node + 1]
        return Hits(node[used], first[used], last[used])

    def _reached(self, h: Hashes, first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
        """Hash, node, first and last token of those that are in the trie."""
        at, node = self.nodes.find(h)
        return h[at], node.astype(np.int64), first[at], last[at]

    def _next(self, n: Normalised, hashes: TokenHashes, at: Sequence[NDArray[Any]]) -> list[Front]:
        """One token further, where the trie goes on and the field does."""
        h, node, first, last = at
        more = np.flatnonzero((self.flags[node] > 0) & (last + 1 < len(hashes.exact)))
        more = more[n.tokens.field[last[more]] == n.tokens.field[last[more] + 1]]
        if not len(more):
            return []
        h, flags, first, last = h[more], self.flags[node[more]], first[more], last[more] + 1
        opening = (flags & MORE_OPEN) > 0
        whole = longer(h, hashes.exact[last]), first, last
        return [whole, self._open_ends(n, hashes, h[opening], first[opening], last[opening])] if opening.any() else [whole]

    def _open_ends(
        self,
        n: Normalised,
        hashes: TokenHashes,
        h: Hashes,
        first: NDArray[Any],
        last: NDArray[Any],
        through: NDArray[np.uint32] | None = None,
    ) -> Front:
        """The first characters of the last token, for every length that occurs in the seeds, or of those whose bit is set in `through`."""
        begin, size = n.tokens.first[last], n.tokens.last[last] - n.tokens.first[last] + 1
        at, length = chosen(size, self.prefixes, through)
        return longer(h[at], hashes.stretch(begin[at], begin[at] + length) ^ PREFIX), first[at], last[at]

    def _opened(self, n: Normalised, hashes: TokenHashes) -> list[Front]:
        """First tokens of parts that are open at an end. A gate of three characters lets few tokens through to the look-ups."""
        codes, first, last = n.chars.codes, n.tokens.first, n.tokens.last
        long = np.flatnonzero((last > first) & ~n.tokens.unspaced)
        begin, end = first[long], last[long]
        entering = opened_by(self.front, codes[begin], codes[begin + 1], codes[np.minimum(begin + 2, end)])
        leaving = opened_by(self.back, codes[end], codes[end - 1], codes[np.maximum(end - 2, begin)])
        front, back = long[entering > 0], long[leaving > 0]
        ends = self._open_ends(n, hashes, np.zeros(len(front), np.uint64), front, front, entering[entering > 0])
        return [ends, self._open_starts(n, hashes, back, leaving[leaving > 0]), *self._insides(n, hashes)]

    def _open_starts(self, n: Normalised, hashes: TokenHashes, tokens: NDArray[Any], leaving: NDArray[np.uint32]) -> Front:
        """The last characters of tokens, for the lengths whose bits are set in `leaving`."""
        end, size = n.tokens.last[tokens] + 1, n.tokens.last[tokens] - n.tokens.first[tokens] + 1
        at, length = chosen(size, self.suffixes, leaving)
        return hashes.stretch(end[at] - length, end[at]) ^ SUFFIX, tokens[at], tokens[at]

    def _insides(self, n: Normalised, hashes: TokenHashes) -> list[Front]:
        """Words behind up to three written-on characters, with open ends."""
        tokens = np.flatnonzero((n.chars.codes[n.tokens.first] >= FIRST_WITH_ARTICLES) & ~n.tokens.unspaced)
        begin, size = n.tokens.first[tokens], n.tokens.last[tokens] - n.tokens.first[tokens] + 1
        out = []
        for skipped in range(ARTICLES + 1) if len(tokens) else ():
            at, length = chosen(size - skipped, self.insides, None)
            start = begin[at] + skipped
            out.append((hashes.stretch(start, start + length) ^ INSIDE, tokens[at], tokens[at]))
        return out


def chosen(size: NDArray[Any], lengths: NDArray[np.int64], bits: NDArray[np.uint32] | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Which tokens to try with which length: those long enough, and where `bits` are given, whose bit of that length is set."""
    fits = size[:, None] >= lengths
    if bits is not None:
        fits &= (bits[:, None] >> lengths.astype(np.uint32) & np.uint32(1)) > 0
    at, which = np.nonzero(fits)
    return at, lengths[which]


def opened_by(table: NDArray[np.uint32], a: NDArray[np.uint32], b: NDArray[np.uint32], c: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Lengths, as bits, of what begins (or ends, read backwards) with these characters, by two of them or by three."""
    opened: NDArray[np.uint32] = table.take(gate(a, b, c)) | table.take(gate(a, b, np.zeros_like(c)))
    return opened


def gate(a: NDArray[np.uint32], b: NDArray[np.uint32], c: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Three characters as a number below GATES; the third is 0 where only two are known."""
    return ((a * np.uint32(961) + b * np.uint32(31) + c) & np.uint32(GATES - 1)).astype(np.intp)


@dataclass(frozen=True)
class PartTokens:
    """A part as token hashes; `prefix` and `suffix` tell, token by token, the length of its open end or start, 0 where it is whole.

    codes: the first token's first three code points, and its last three backwards.
    """

    hashes: Hashes
    codes: NDArray[np.uint32]
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]


def arrays(parts: Sequence[PartTokens], uses: Sequence[Sequence[int]]) -> tuple[dict[str, NDArray[Any]], list[int]]:
    """Arrays of a trie over parts, and the uses in the order of its nodes. uses[i] are the numbers that stand for part i."""
    flags: dict[int, int] = {}
    ending: dict[int, list[int]] = defaultdict(list)
    for part, numbers in zip(parts, uses, strict=True):
        node = 0
        for k, token in enumerate(part.hashes):
            if k:
                flags[node] |= MORE_OPEN if part.prefix[k] else MORE
            node = node_of(node, token, k == 0, part.prefix[k] > 0, k == 0 and part.suffix[0] > 0)
            flags.setdefault(node, 0)
        ending[node] += numbers
    nodes = sorted(flags)
    counts = [len(ending.get(node, ())) for node in nodes]
    made: dict[str, NDArray[Any]] = {
        "nodes": np.array(nodes, np.uint64),
        "flags": np.array([flags[node] for node in nodes], np.uint8),
        "begins": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "prefixes": lengths(length for p in parts for k, length in enumerate(p.prefix) if not (k == 0 and p.suffix[0])),
        "suffixes": lengths(p.suffix[0] for p in parts if not p.prefix[0]),
        "insides": lengths(p.suffix[0] for p in parts if p.prefix[0]),
        "front": gates([(p.codes[:3], p.prefix[0]) for p in parts if p.prefix[0] and not p.suffix[0]]),
        "back": gates([(p.codes[3:], p.suffix[0]) for p in parts if p.suffix[0] and not p.prefix[0]]),
    }
    return made, [number for node in nodes for number in ending.get(node, ())]


def gates(edges: Sequence[tuple[NDArray[np.uint32], int]]) -> NDArray[np.uint32]:
    """For each gate the lengths, as bits, of what begins (or ends, read backwards) with its characters."""
    out = np.zeros(GATES, np.uint32)
    for edge, length in edges:
        third = edge[2:] if length > 2 else np.zeros(1, np.uint32)
        out[gate(edge[:1], edge[1:2], third)] |= np.uint32(1 << length)
    return out


def lengths(found: Iterable[int]) -> NDArray[np.int64]:
    """Distinct lengths above 0, ascending."""
    return np.array(sorted({length for length in found if length}), np.int64)


def node_of(node: int, token: np.uint64, is_first: bool, prefix: bool, suffix: bool) -> int:
    """The node after one more token."""
    if suffix:
        return int(token ^ (INSIDE if prefix else SUFFIX))
    if is_first and not prefix:
        return int(token)
    return int(longer(np.array([node], np.uint64), np.array([token ^ PREFIX if prefix else token]))[0])
