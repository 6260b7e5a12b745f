"""scikit-learn steps from adverts to a matrix: read, choose the vocabulary, scale by log-count ratio (Wang and Manning 2012)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from model.advert import Advert
from model.classifier import batches
from model.cues import LURE_OF, NAMES, NUMBER, derived
from model.knowledge import Knowledge
from model.native import kernel
from model.native.arrays import Table
from model.reading import Reader, Reading
from model.table import Hashes
from model.tables import Tables

NO_NAMES: Hashes = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Found:
    """What one advert holds, each once: n-gram hashes (uint64, ascending), cue numbers (derived ones too), rows of word pieces."""

    hashes: Hashes
    cues: NDArray[np.int32]
    pieces: NDArray[np.int32]


class ReadAdverts(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """Adverts to what they hold. Learns nothing. pieces: what words are cut into; None for nothing."""

    def __init__(self, tables: Tables, knowledge: Knowledge, pieces: Table | None = None) -> None:
        self.tables = tables
        self.knowledge = knowledge
        self.pieces = pieces

    def fit(self, adverts: Sequence[Advert], y: object = None) -> "ReadAdverts":
        """Nothing to learn."""
        return self

    def transform(self, adverts: Sequence[Advert], names: Hashes = NO_NAMES) -> list[Found]:
        """One `Found` an advert, in order. names: hashes of words whose pieces are left out, so that nothing is learnt from them."""
        reader = Reader(self.tables, self.knowledge)
        return [found for batch in batches(adverts) for found in found_in(reader, batch, self.pieces, names)]


def found_in(reader: Reader, batch: Sequence[Advert], pieces: Table | None, names: Hashes) -> list[Found]:
    """What every advert of a batch holds."""
    reading = reader(batch)
    n, grams, cues = reading.normalised, reading.grams, reading.cues
    advert = n.sheet.adverts[n.tokens.field]
    hashes = dealt(grams.hashes, advert[grams.first], len(batch))
    rows, first = pieces_in(reading, pieces, names)
    held = dealt(rows, advert[first], len(batch))
    return [Found(hashes[i], with_derived(cues.cue[cues.advert == i]), held[i]) for i in range(len(batch))]


def pieces_in(reading: Reading, pieces: Table | None, names: Hashes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Row and first token of every piece of a word that is no name."""
    if pieces is None:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    rows, first = kernel.pieces(reading.hashes.text, pieces, len(reading.normalised.chars.codes))
    told = reading.normalised.tokens.unspaced[first] | ~np.isin(reading.hashes.whole[first], names)
    return rows[told], first[told]


def dealt(values: NDArray[Any], advert: NDArray[np.int32], adverts: int) -> list[NDArray[Any]]:
    """Distinct values of each advert, ascending."""
    order = np.lexsort((values, advert))
    bounds = np.searchsorted(advert[order], np.arange(adverts + 1))
    return [np.unique(values[order[bounds[i] : bounds[i + 1]]]) for i in range(adverts)]


def with_derived(cues: NDArray[np.int32]) -> NDArray[np.int32]:
    """Distinct cue numbers with those that follow from the lures among them."""
    placed = np.unique(cues)
    lures = {lure for c in placed.tolist() if (lure := LURE_OF[c])}
    return np.concatenate([placed, np.array([NUMBER[name] for name in derived(lures)], np.int32)]).astype(np.int32)


class Vocabulary(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What adverts hold to a binary matrix: n-grams that stand in enough near-duplicate groups, then all cues.

    groups: number of the near-duplicate group of each row, passed to `fit`. Rows of group -1 do not speak for an n-gram (boards, which
    would otherwise teach their own wording). banned: hashes that must not be learnt (names of people and firms).
    """

    def __init__(self, fewest_groups: int = 3, cue_scale: float = 1.0) -> None:
        self.fewest_groups = fewest_groups
        self.cue_scale = cue_scale

    def fit(
        self, found: Sequence[Found], y: object = None, groups: NDArray[np.int64] | None = None, banned: Hashes | None = None
    ) -> "Vocabulary":
        """Choose the n-grams."""
        groups = np.arange(len(found)) if groups is None else groups
        speaks = [(int(g), f.hashes) for g, f in zip(groups, found, strict=True) if g >= 0]
        owner = np.repeat(np.array([g for g, _ in speaks]), [len(h) for _, h in speaks])
        every = np.concatenate([h for _, h in speaks])
        order = np.lexsort((owner, every))
        every, owner = every[order], owner[order]
        new = np.append(True, (every[1:] != every[:-1]) | (owner[1:] != owner[:-1]))
        hashes, counts = np.unique(every[new], return_counts=True)
        hashes = hashes[counts >= self.fewest_groups]
        self.hashes_ = hashes if banned is None else hashes[~np.isin(hashes, banned)]
        return self

    def transform(self, found: Sequence[Found]) -> sparse.csr_matrix:
        """float64, shape (rows, n-grams + cues)."""
        size = len(self.hashes_)
        columns = []
        for f in found:
            at = np.searchsorted(self.hashes_, f.hashes)
            at = at[self.hashes_[np.minimum(at, size - 1)] == f.hashes]
            columns.append(np.concatenate([at, size + f.cues]))
        data = [np.where(c < size, 1.0, self.cue_scale) for c in columns]
        pointers = np.cumsum([0, *(len(c) for c in columns)])
        return sparse.csr_matrix((np.concatenate(data), np.concatenate(columns), pointers), shape=(len(found), size + len(NAMES)))


class LogCountRatio(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Scales every n-gram column by the log ratio of its smoothed, weighted counts in scams and honest ads; cue columns stay."""

    def __init__(self, smoothing: float = 1.0) -> None:
        self.smoothing = smoothing

    def fit(self, matrix: sparse.csr_matrix, y: NDArray[np.int64], sample_weight: NDArray[np.float64] | None = None) -> "LogCountRatio":
        """Count. Rows of weight 0 do not count."""
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        present = matrix.copy()
        present.data[:] = 1.0
        sums = [np.asarray(present.T @ (weight * (y == label))).ravel() + self.smoothing for label in (1, 0)]
        totals = [float((weight * (y == label)).sum()) + 2 * self.smoothing for label in (1, 0)]
        self.ratio_ = np.log(sums[0] / totals[0]) - np.log(sums[1] / totals[1])
        self.ratio_[-len(NAMES) :] = 1.0
        return self

    def transform(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        """The matrix, columns scaled."""
        return matrix @ sparse.diags(self.ratio_)


def grouped(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for every distinct name."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
