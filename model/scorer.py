"""Adds up: what every token and every cue of a batch contributes to each advert's log-odds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.cues import LURE_OF, Cues, derived
from model.reading import Reading
from model.stream import Places
from model.weights import Learnt, Weights

ORDINAL_BITS = np.uint64(26)
ORDINAL_MASK = np.uint64((1 << 26) - 1)
"""Room for the number of an occurrence below that of its advert and phrase, so that one sort of whole numbers orders all three."""


class Run(NamedTuple):
    """Tokens [first, last] of an advert to which the encoder gives one lure, an index into LURES."""

    advert: int
    lure: int
    first: int
    last: int


@dataclass(frozen=True)
class Scores:
    """Before anything is gathered into spans; the sum over tokens and cues of an advert plus the baseline is its log-odds.

    tokens: float64, shape (tokens,), learnt phrases, each weight spread evenly over its tokens and occurrences.
    lure: int8, shape (tokens,), index into LURES of the lure that the strongest of its phrases was learnt with, else -1.
    cues: float64, shape (occurrences,), weights of cues, derived ones shared out.
    total: float64, shape (adverts,), everything but the baseline, summed directly.
    present: cue numbers of each advert. runs: where the encoder sees a lure; the fast tier knows none.
    """

    tokens: Weights
    lure: NDArray[np.int8]
    cues: Weights
    total: Weights
    present: tuple[frozenset[int], ...]
    runs: Sequence[Run] = ()


def score(reading: Reading, learnt: Learnt, adverts: int) -> Scores:
    """Score a batch of that many adverts."""
    tokens, lure, from_phrases = phrase_weights(reading, learnt, adverts)
    cues, present, from_cues = cue_weights(reading.cues, learnt, adverts)
    return Scores(tokens, lure, cues, from_phrases + from_cues, present)


def phrase_weights(reading: Reading, learnt: Learnt, adverts: int) -> tuple[Weights, NDArray[np.int8], Weights]:
    """Contribution of every token, the lure it was learnt with, and the sum of each advert.

    A phrase counts once an advert, shared by its occurrences.
    """
    n, grams = reading.normalised, reading.grams
    at, row = learnt.table.find(grams.hashes)
    at, row, weight = once(at, row, n.sheet.adverts[n.tokens.field[grams.first[at]]], learnt)
    first, length = grams.first[at], grams.length[at].astype(np.int32)
    size = len(n.tokens.first)
    out, share, lures = np.zeros(size), weight / length, learnt.lure[row]
    lure = np.full(size, -1, np.int8)
    told = np.flatnonzero((lures >= 0) & (weight > 0))
    told = told[np.argsort(weight[told], kind="stable")]
    for k in range(int(length.max(initial=0))):
        part = np.flatnonzero(length > k) if k else slice(None)
        out += np.bincount(first[part] + k, share[part], size)
        reach = told[length[told] > k]
        lure[first[reach] + k] = lures[reach]  # the strongest is written last
    return out, lure, np.bincount(n.sheet.adverts[n.tokens.field[first]], weight, adverts).astype(np.float64)


def once(
    at: NDArray[np.intp], row: NDArray[np.int32], advert: Places, learnt: Learnt
) -> tuple[NDArray[np.intp], NDArray[np.int32], Weights]:
    """Occurrences ordered by advert, phrase and place, with each phrase's weight shared evenly by its occurrences in the advert."""
    key = (advert.astype(np.uint64) * np.uint64(len(learnt.hashes)) + row.astype(np.uint64)) << ORDINAL_BITS
    key |= np.arange(len(at), dtype=np.uint64)
    key.sort()
    order = (key & ORDINAL_MASK).astype(np.intp)
    key >>= ORDINAL_BITS
    new = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    count = np.diff(np.append(new, len(key)))
    row = row[order]
    return at[order], row, np.repeat(learnt.phrase[row[new]] / count, count)


def cue_weights(cues: Cues, learnt: Learnt, adverts: int) -> tuple[Weights, tuple[frozenset[int], ...], Weights]:
    """Contribution of every occurrence, cues present in each advert, and the sum of each advert."""
    out = np.zeros(len(cues.cue))
    present: list[set[int]] = [set() for _ in range(adverts)]
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, (advert, cue) in enumerate(zip(cues.advert.tolist(), cues.cue.tolist(), strict=True)):
        present[advert].add(cue)
        places[advert, cue].append(i)
    for (_, cue), where in places.items():
        out[where] += learnt.cue[cue] / len(where)
    for advert, found in enumerate(present):
        if len(found) > 1:
            share_derived(out, advert, found, places, learnt)
    return out, tuple(frozenset(found) for found in present), np.bincount(cues.advert, out, adverts).astype(np.float64)


def share_derived(out: Weights, advert: int, found: set[int], places: dict[tuple[int, int], list[int]], learnt: Learnt) -> None:
    """Share the weight of pairs and counts of lures evenly among the lures, and each lure's share among its occurrences."""
    where: dict[str, list[int]] = defaultdict(list)
    for cue in sorted(found):
        lure = LURE_OF[cue]
        if lure:
            where[lure] += places[advert, cue]
    for name in derived(where):
        weight = learnt.derived.get(name)
        if weight:
            lures = list(where) if name.startswith("lures>=") else name.split("+")
            for lure in lures:
                out[where[lure]] += weight / len(lures) / len(where[lure])
