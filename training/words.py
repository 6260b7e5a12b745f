"""Learns what each piece of a word weighs from what an encoder knew of it before: pieces alike weigh alike, so a rare one has a weight too.

The log-odds of an advert are the sum of E v over its distinct pieces; E begins as the encoder's vectors, v at 0, and both are learnt
together: logistic loss, and each scam ranked above its honest twin (RankNet, Burges et al. 2005), by Adam (Kingma and Ba 2015) on the
pieces that a batch holds. What is left of it is one number a piece.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from training.data import QUIET, Data, Scores
from training.features import Found
from training.weighting import PAIRS

Floats = NDArray[np.float32]
USUAL = 30.0
"""Pieces of an advert are counted in these, so that sums are small at the start."""
PASSES, BATCH, BOARDS = 8, 128, 1200
"""Passes over the rows; texts of a batch at least, families whole; board ads that a pass draws anew."""
RATE, RATE_V, LEAST, DECAY = 3e-3, 4e-3, 0.05, 0.01
"""Rates of E and v, which sink to a share LEAST of them; decay of v."""
DROPPED = 0.1
MEAN, SQUARE, TINY = 0.9, 0.999, 1e-8
"""Adam's."""


@dataclass(frozen=True)
class Words:
    """weights: float64, shape (pieces,), in log-odds. constant: what they add to every advert."""

    weights: Scores
    constant: float

    def decision_function(self, found: Sequence[Found]) -> Scores:
        """What the pieces of each advert add up to; nothing where none were learnt."""
        if not len(self.weights):
            return np.zeros(len(found))
        return np.array([self.weights[f.pieces].sum() for f in found]) + self.constant

    def times(self, share: float, smallest: float) -> "Words":
        """A share of it, less what is then fainter than `smallest`."""
        weights = share * self.weights
        return Words(np.where(np.abs(weights) < smallest, 0.0, weights), share * self.constant)


NO_WORDS = Words(np.zeros(0), 0.0)


@dataclass
class Moving:
    """Numbers that Adam moves, with its memory of them."""

    now: Floats
    mean: Floats = field(init=False)
    square: Floats = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        """Nothing remembered yet."""
        self.mean, self.square = np.zeros_like(self.now), np.zeros_like(self.now)

    def step(self, rows: NDArray[np.intp] | slice, gradient: Floats, rate: float) -> None:
        """One step of some rows against the gradient; the others stand still."""
        self.steps += 1
        mean = self.mean[rows] = MEAN * self.mean[rows] + (1 - MEAN) * gradient
        square = self.square[rows] = SQUARE * self.square[rows] + (1 - SQUARE) * gradient**2
        size = rate * np.sqrt(1 - SQUARE**self.steps) / (1 - MEAN**self.steps)
        self.now[rows] -= np.float32(size) * mean / (np.sqrt(square) + np.float32(TINY))


def learn_words(data: Data, seed: int) -> Words:
    """What pieces weigh, from these rows. Without an encoder's vectors or without written pairs there is nothing to tell."""
    if data.pieces is None or not np.isin(data.parts, PAIRS).any():
        return NO_WORDS
    rng = np.random.default_rng(seed)
    counts = counted(data.found, len(data.pieces.hashes))
    used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
    counts = counts[:, used]
    e = Moving(data.pieces.vectors[used])
    v, constant = Moving(np.zeros(e.now.shape[1], np.float32)), Moving(np.zeros(1, np.float32))
    steps = [batch for _ in range(PASSES) for batch in drawn(data, rng)]
    for number, (rows, weight) in enumerate(steps):
        rate = max(LEAST, 1 - number / len(steps))
        move(e, v, constant, thinned(counts[rows], rng), pull_of(data, rows, weight), rate)
    weights = np.zeros(len(data.pieces.hashes))
    weights[used] = e.now @ v.now / USUAL
    return Words(weights, float(constant.now[0]))


def counted(found: Sequence[Found], pieces: int) -> sparse.csr_matrix:
    """Which pieces each advert holds; float32, shape (adverts, pieces)."""
    pointers = np.cumsum([0, *(len(f.pieces) for f in found)])
    columns = np.concatenate([f.pieces for f in found])
    return sparse.csr_matrix((np.full(len(columns), 1 / USUAL, np.float32), columns, pointers), shape=(len(found), pieces))


def drawn(data: Data, rng: np.random.Generator) -> Iterator[tuple[NDArray[np.intp], Scores]]:
    """The batches of a pass: rows, families whole, and their weights. Of the board ads some stand for all."""
    quiet = np.flatnonzero(data.parts == QUIET)
    some = rng.choice(quiet, min(BOARDS, len(quiet)), replace=False)
    weight = data.weights.copy()
    weight[some] *= len(quiet) / max(1, len(some))
    rows = np.concatenate([np.flatnonzero(data.parts != QUIET), some])
    family = np.where(data.groups[rows] < 0, data.groups.max() + 1 + np.arange(len(rows)), data.groups[rows])
    place = rng.permutation(family.max() + 1)[family]
    order = np.argsort(place, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(place[order]) != 0))
    cuts = begins[np.minimum(np.searchsorted(begins, np.arange(BATCH, len(rows), BATCH)), len(begins) - 1)]
    for batch in np.split(rows[order], np.unique(cuts)):
        if len(batch):
            yield batch, weight[batch]


def thinned(counts: sparse.csr_matrix, rng: np.random.Generator) -> sparse.csr_matrix:
    """With one piece in so many dropped."""
    counts.data *= rng.random(len(counts.data)) >= DROPPED
    return counts


@dataclass(frozen=True)
class Pull:
    """What the loss of a batch asks: labels, weights that add up to 1, and rows of scams and of their twins."""

    labels: NDArray[np.int64]
    weight: Scores
    scams: NDArray[np.intp]
    twins: NDArray[np.intp]

    def __call__(self, log_odds: Scores) -> Scores:
        """The loss's gradient by each of the log-odds."""
        gradient: Scores = (expit(log_odds) - self.labels) * self.weight
        apart = expit(log_odds[self.twins] - log_odds[self.scams]) / max(1, len(self.scams))
        np.add.at(gradient, self.twins, apart)
        np.subtract.at(gradient, self.scams, apart)
        return gradient


def pull_of(data: Data, rows: NDArray[np.intp], weight: Scores) -> Pull:
    """Of some rows of the data."""
    parts, groups = data.parts[rows], data.groups[rows]
    scams, twins = (np.flatnonzero(parts == part) for part in PAIRS)
    _, first, second = np.intersect1d(groups[scams], groups[twins], return_indices=True)
    return Pull(data.labels[rows], weight / max(weight.sum(), 1e-9), scams[first], twins[second])


def move(e: Moving, v: Moving, constant: Moving, counts: sparse.csr_matrix, pull: Pull, rate: float) -> None:
    """One step on a batch."""
    columns, inverse = np.unique(counts.indices, return_inverse=True)
    held = sparse.csr_matrix((counts.data, inverse, counts.indptr), shape=(counts.shape[0], len(columns)))
    vectors = e.now[columns]
    gradient = pull(held @ (vectors @ v.now) + constant.now[0])
    by_piece = (held.T @ gradient).astype(np.float32)
    e.step(columns, by_piece[:, None] * v.now, RATE * rate)
    v.now *= np.float32(1 - RATE_V * rate * DECAY)
    v.step(slice(None), by_piece @ vectors, RATE_V * rate)
    constant.step(slice(None), np.array([gradient.sum()], np.float32), RATE_V * rate)
