"""Adds up: what every token and every cue of a batch contributes to each advert's log-odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.cues import LURE_NUMBER, PLACED, Cues
from model.lures import LURES
from model.native import kernel
from model.reading import Reading
from model.weights import Learnt, Weights


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
    n, known = reading.normalised, reading.hashes.known(learnt.table)
    advert = n.sheet.adverts.take(n.tokens.field.take(known.first))
    out, lure, total = np.zeros(len(n.tokens.first)), np.full(len(n.tokens.first), -1, np.int8), np.zeros(adverts)
    kernel.add_weights((known.row, known.first, known.length, advert), (learnt.phrase, learnt.lure), (out, lure, total))
    return out, lure, total


def cue_weights(cues: Cues, learnt: Learnt, adverts: int) -> tuple[Weights, tuple[frozenset[int], ...], Weights]:
    """Contribution of every occurrence, cues present in each advert, and the sum of each advert. Occurrences share evenly."""
    place = cues.advert * len(PLACED) + cues.cue
    count = np.bincount(place, minlength=adverts * len(PLACED))
    out = learnt.cue[cues.cue] / count[place]
    lure = LURE_NUMBER[cues.cue]
    at = np.flatnonzero(lure >= 0)
    place = cues.advert[at] * len(LURES) + lure[at]
    count = np.bincount(place, minlength=adverts * len(LURES))
    out[at] += (derived_shares(count.reshape(adverts, len(LURES)) > 0, learnt).ravel() / np.maximum(count, 1))[place]
    present = [set[int]() for _ in range(adverts)]
    for advert, cue in zip(cues.advert.tolist(), cues.cue.tolist(), strict=True):
        present[advert].add(cue)
    return out, tuple(map(frozenset, present)), np.bincount(cues.advert, out, adverts).astype(np.float64)


def derived_shares(held: NDArray[np.bool_], learnt: Learnt) -> Weights:
    """What pairs and counts of lures add to each lure, which share it evenly; held and the result are of shape (adverts, lures).

    Summed lure by lure, so that an advert's sum does not depend on the others.
    """
    pairs, counts = learnt.pairs, learnt.counts
    size = held.sum(axis=1)
    out = np.tile((counts[np.minimum(size, len(counts) - 1)] / np.maximum(size, 1))[:, None], len(LURES))
    for lure in np.flatnonzero(held.any(axis=0)).tolist():
        out += held[:, lure, None] * (pairs[lure] / 2)
    return out
