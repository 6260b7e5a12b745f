"""Adverts of the benchmark with all that contenders read of them, worked out once for however many folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training import shortcuts
from training.baselines import text_of
from training.benchmark import terms
from training.config import Config
from training.data import Data, Scores
from training.features import Found, ReadAdverts
from training.rows import Row, adverts

At = NDArray[np.intp]
NONE: Any = np.zeros((0, 0))


@dataclass(frozen=True)
class Variants:
    """Adverts made from others, which are judged and never learnt from. made_from: positions of the rows, shape (variants,)."""

    rows: Sequence[Row] = ()
    made_from: Sequence[int] = ()
    names: Sequence[str] = ()

    def __add__(self, other: "Variants") -> "Variants":
        return Variants([*self.rows, *other.rows], [*self.made_from, *other.made_from], [*self.names, *other.names])


@dataclass(frozen=True)
class Stock:
    """The first rows are those of `data`, which may be learnt from; variants follow. Arrays have one row for each advert.

    made_from: position of the row that an advert was made from, its own where it was not. names: of the variant, empty for others.
    table: what LightGBM sees beside terms. test: rows of the test fifth. order: EMSCAD's job id, -1 where it is not known.
    states: of the frozen encoder, encoded: scores of the shipped one; empty where there is none.
    """

    data: Data
    config: Config
    setting: Mapping[str, float]
    rows: Sequence[Row]
    found: Sequence[Found]
    made_from: At
    names: NDArray[np.str_]
    words: sparse.csr_matrix
    characters: sparse.csr_matrix
    table: Scores
    test: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    states: NDArray[np.float64] = field(default_factory=lambda: NONE)
    encoded: Scores = field(default_factory=lambda: np.zeros(0))

    @property
    def learnable(self) -> int:
        """How many rows may be learnt from."""
        return len(self.data.rows)

    @property
    def labels(self) -> NDArray[np.int64]:
        """Of the rows that may be learnt from."""
        return self.data.labels

    def variant(self, name: str) -> At:
        """Positions of the variants of that name."""
        return np.flatnonzero(self.names == name)

    def save(self, path: Path) -> Path:
        """For the processes that learn. Returns the path."""
        joblib.dump(self, path)
        return path


def stock(data: Data, variants: Variants, step: ReadAdverts, config: Config, setting: Mapping[str, float]) -> Stock:
    """Read the variants, count terms of all."""
    rows = [*data.rows, *variants.rows]
    texts = [text_of(row) for row in rows]
    return Stock(
        data=data,
        config=config,
        setting=setting,
        rows=rows,
        found=[*data.found, *step.transform(adverts(variants.rows))],
        made_from=np.array([*range(len(data.rows)), *variants.made_from], np.intp),
        names=np.array([""] * len(data.rows) + list(variants.names)),
        words=terms.words(texts),
        characters=terms.characters(texts),
        table=np.array([shortcuts.surface(row) for row in rows]),
    )
