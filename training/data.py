"""Rows with all that learning needs of them, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.table import Hashes
from training.config import Config
from training.features import Found, grouped
from training.rows import Row
from training.split import families, folds, stratum_of
from training.weighting import part_of, row_weights
from training.wordpieces import WordPieces

Scores = NDArray[np.float64]
QUIET = "boards"
"""Source that may not bring n-grams of its own: it only says how often what others brought stands in honest ads."""


@dataclass(frozen=True)
class Data:
    """Rows with what they hold, side by side: weights, family names, folds, parts. All of length n.

    pieces: what words are cut into, with an encoder's vectors; None where none was given.
    """

    rows: Sequence[Row]
    found: Sequence[Found]
    labels: NDArray[np.int64]
    weights: Scores
    groups: NDArray[np.int64]
    folds: NDArray[np.int64]
    parts: NDArray[np.str_]
    banned: Hashes
    pieces: WordPieces | None = None

    @classmethod
    def of(cls, rows: Sequence[Row], found: Sequence[Found], banned: Hashes, config: Config, pieces: WordPieces | None = None) -> "Data":
        """Work out weights, groups and folds."""
        names = families(rows)
        groups = np.where([row.source == QUIET for row in rows], -1, grouped([row.group for row in rows]))
        return cls(
            rows=rows,
            found=found,
            labels=np.array([row.label for row in rows], np.int64),
            weights=row_weights(rows, names, config.weights),
            groups=groups,
            folds=np.array(folds(names, config.folds, config.seed, [stratum_of(row) for row in rows]), np.int64),
            parts=np.array([part_of(row) for row in rows]),
            banned=banned,
            pieces=pieces,
        )

    def take(self, at: NDArray[np.intp]) -> "Data":
        """Only these rows."""
        rows, found = [self.rows[i] for i in at.tolist()], [self.found[i] for i in at.tolist()]
        beside = (self.labels[at], self.weights[at], self.groups[at], self.folds[at], self.parts[at])
        return Data(rows, found, *beside, self.banned, self.pieces)
