"""All hand-written parts of phrases as one trie over token hashes, walked by the kernel.

A node is the hash of the tokens that lead to it, so the trie is a hash table and a few numbers a node: it loads in no time, and 300,000
phrases cost an advert hardly more than 1,000. Open ends (`word*`, `*word`) are nodes made from the first or last characters of a token.
Characters may be written on to the front of a word that is open on both sides (and, the, with ... in scripts from Hebrew on).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.native.kernel import node_after
from model.table import Hashes

FILTER_BITS = 16
MORE, MORE_OPEN = 1, 2
"""Bits of a node: some whole token leads on from it; the first characters of some token do."""


@dataclass(frozen=True)
class PartTokens:
    """A part as token hashes; `prefix` and `suffix` tell, token by token, the length of its open end or start, 0 where it is whole."""

    hashes: Hashes
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]


def trie_arrays(parts: Sequence[PartTokens], uses: Sequence[Sequence[int]]) -> tuple[dict[str, NDArray[Any]], list[int]]:
    """Arrays of a trie over parts, and the uses in the order of its nodes. uses[i] are the numbers that stand for part i."""
    flags: dict[int, int] = {}
    ending: dict[int, list[int]] = defaultdict(list)
    for part, numbers in zip(parts, uses, strict=True):
        node = 0
        for k, token in enumerate(part.hashes):
            if k:
                flags[node] |= MORE_OPEN if part.prefix[k] else MORE
            node = node_after(node, int(token), k == 0, part.prefix[k] > 0, k == 0 and part.suffix[0] > 0)
            flags.setdefault(node, 0)
        ending[node] += numbers
    nodes = sorted(flags)
    made: dict[str, NDArray[Any]] = {
        "nodes": np.array(nodes, np.uint64),
        "flags": np.array([flags[node] for node in nodes], np.uint8),
        "begins": np.concatenate([[0], np.cumsum([len(ending.get(node, ())) for node in nodes])]).astype(np.int64),
        "insides": np.array(reduce(or_, (1 << p.suffix[0] for p in parts if p.suffix[0] and p.prefix[0]), 0), np.uint64),
        "front": open_words(p.hashes[0] for p in parts if p.prefix[0] and not p.suffix[0]),
        "onward": open_words(p.hashes[k] for p in parts for k in range(1, len(p.prefix)) if p.prefix[k]),
        "back": open_words(p.hashes[0] for p in parts if p.suffix[0] and not p.prefix[0]),
    }
    return made, [number for node in nodes for number in ending.get(node, ())]


def open_words(hashes: Iterable[np.uint64]) -> NDArray[np.uint8]:
    """Bits by the upper bits of a hash: whether an open word may have it."""
    held = np.zeros(1 << FILTER_BITS, np.bool_)
    held[[int(h) >> (64 - FILTER_BITS) for h in hashes]] = True
    return np.packbits(held, bitorder="little")
