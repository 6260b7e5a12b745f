"""What is left out of learning: a language, a lure type, a source; and which rows it is then measured on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.benchmark.stock import Stock
from training.data import Data
from training.evaluate import FEWEST
from training.split import folds
from training.weighting import PAIRS

Mask = NDArray[np.bool_]
DEALT = 5
"""Heaps that boards are dealt into."""


@dataclass(frozen=True)
class Leaving:
    """value: what is left out. out: rows that are not learnt from, beside the test fifth. measured: rows that are scored."""

    value: str
    out: Mask
    measured: Mask


def leavings(stock: Stock, by: str) -> list[Leaving]:
    """One for every language, lure type or source. Written ads are measured in the test fifth alone: phrases know the others."""
    ways = {"language": languages, "lure_type": lure_types, "source": sources}
    return list(ways[by](stock.data, stock.test[: stock.learnable]))


def languages(data: Data, test: Mask) -> Iterator[Leaving]:
    """No row in the language is learnt from, of whatever source."""
    spoken = np.array([row.language for row in data.rows])
    for language in sorted(set(spoken[data.parts == "corpus_scam"].tolist())):
        measured = (spoken == language) & np.isin(data.parts, PAIRS) & test
        if data.labels[measured].sum() >= FEWEST:
            yield Leaving(language, spoken == language, measured)


def lure_types(data: Data, test: Mask) -> Iterator[Leaving]:
    """No scam of the type, nor its twin, is learnt from."""
    told = {row.group: row.lure_type for row in data.rows if row.label and row.source == "corpus"}
    types = np.array([told.get(row.group, "") if row.source == "corpus" else "" for row in data.rows])
    for kind in sorted(set(told.values())):
        measured = (types == kind) & np.isin(data.parts, PAIRS) & test
        if data.labels[measured].sum() >= FEWEST:
            yield Leaving(kind, types == kind, measured)


def sources(data: Data, test: Mask) -> Iterator[Leaving]:
    """EMSCAD, the written corpus, and boards dealt into heaps, so that each ad is scored by a model that saw none of its board."""
    fraud, boards = np.char.startswith(data.parts, "emscad"), data.parts == "boards"
    written = np.char.startswith(data.parts, "corpus")
    if fraud.any():
        yield Leaving("emscad", fraud, fraud)
        yield Leaving("corpus", written, (np.isin(data.parts, PAIRS) | boards) & test)
    if boards.any():
        names = [row.board for row in data.rows]
        heap = np.array(folds(names, DEALT, 0, ["board" if b else "other" for b in boards.tolist()]))
        for number in range(DEALT):
            out = boards & (heap == number)
            yield Leaving(f"boards {number + 1}", out, out | (boards & test))
