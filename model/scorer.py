"""Adds up: what every token and every cue of a batch contributes to each advert's log-odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.genre import held_back
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
    """Before anything is gathered into spans; the sum over tokens and cues of an advert, less what is held back, plus the baseline is its
    log-odds.

    tokens: float64, shape (tokens,), learnt phrases. A phrase counts once an advert; its occurrences there, and the tokens of each, share
    its weight evenly.
    lure: int8, shape (tokens,), index into LURES of the lure that the strongest of its phrases was learnt with, else -1.
    cues: float64, shape (occurrences,), weights of cues, derived ones shared out.
    total: float64, shape (adverts,), everything but the baseline, summed directly. held_back: shape (adverts,), what of it the genre takes.
    reports: shape (adverts,), log-odds that the text is a report rather than an advert.
    held: shape (adverts, len(PLACED)), which cues each advert holds. types: shape (adverts, len(LURE_TYPES)), logits of the lure types.
    runs: where the encoder sees a lure; None where no encoder looked.
    """

    tokens: Weights
    lure: NDArray[np.int8]
    cues: Weights
    total: Weights
    held_back: Weights
    reports: Weights
    held: NDArray[np.bool_]
    types: Weights
    runs: Sequence[Run] | None = None


def score(reading: Reading, learnt: Learnt, adverts: int) -> Scores:
    """Score a batch of that many adverts."""
    tokens, lure, total, genre = kernel.add_phrases(reading.hashes.text, reading.normalised.sheet.adverts, learnt.native, adverts)
    cues, held, types = kernel.add_cues(reading.cues.rows, learnt.native, total, genre)
    reports = genre + learnt.genre.baseline
    less = held_back(total + learnt.baseline, reports, learnt.genre.cap)
    return Scores(tokens, lure, cues, total - less, less, reports, held, types)
