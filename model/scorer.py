"""Adds up: what every token and every cue of a batch contributes to each advert's log-odds."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.cues import LURE_OF, Cues, derived
from model.reading import Reading
from model.weights import Learnt, Weights


@dataclass(frozen=True)
class Scores:
    """Before anything is gathered into spans; the sum over tokens and cues of an advert plus the baseline is its log-odds.

    tokens: float64, shape (tokens,), learnt phrases, each weight spread evenly over its tokens and occurrences.
    lure: int8, shape (tokens,), index into LURES of the lure that the strongest of its phrases was learnt with, else -1.
    cues: float64, shape (occurrences,), weights of cues, derived ones shared out.
    total: float64, shape (adverts,), everything but the baseline, summed directly.
    present: cue numbers of each advert.
    """

    tokens: Weights
    lure: NDArray[np.int8]
    cues: Weights
    total: Weights
    present: tuple[frozenset[int], ...]


def score(reading: Reading, learnt: Learnt, adverts: int) -> Scores:
    """Score a batch of that many adverts."""
    tokens, lure, from_phrases = phrase_weights(reading, learnt, adverts)
    cues, present, from_cues = cue_weights(reading.cues, learnt, adverts)
    return Scores(tokens, lure, cues, from_phrases + from_cues, present)


def phrase_weights(reading: Reading, learnt: Learnt, adverts: int) -> tuple[Weights, NDArray[np.int8], Weights]:
    """Contribution of every token, the lure it was learnt with, and the sum of each advert. A phrase counts once an advert, shared by its occurrences."""
    n, grams = reading.normalised, reading.grams
    at, row = learnt.table.find(grams.hashes)
    first, length = grams.first[at], grams.length[at].astype(np.int32)
    advert = n.sheet.adverts[n.tokens.field[first]]
    key = advert.astype(np.int64) * len(learnt.hashes) + row
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    weight = learnt.phrase[row] / count[inverse]
    size = len(n.tokens.first)
    out, share = np.zeros(size), weight / length
    lure = np.full(size, -1, np.int8)
    for k in range(int(length.max(initial=0))):
        part = length > k
        out += np.bincount(first[part] + k, share[part], size)
        told = part & (learnt.lure[row] >= 0)
        order = np.argsort(weight[told], kind="stable")
        places, lures = (first[told] + k)[order], learnt.lure[row[told]][order]
        lure[places] = lures  # the strongest is written last
    return out, lure, np.bincount(advert, weight, adverts)


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
    return out, tuple(frozenset(found) for found in present), np.bincount(cues.advert, out, adverts)


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
