"""EMSCAD's protocols: how rows are dealt into folds, by seed, from what others do to what holds outside."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from training.baselines import text_of
from training.benchmark.stock import At
from training.data import Data
from training.rows import Row
from training.split import bucket, folds

FOLDS = 5
SHARES = (0.6, 0.2)
"""Of rows in the order of time: to learn from, to validate on; the rest tests."""
Names = Callable[[Row], str]


def by_row(row: Row) -> str:
    """Every row alone, as a random split has it."""
    return row.id


def by_text(row: Row) -> str:
    """Rows of the same words together."""
    return " ".join(text_of(row).casefold().split())


def by_group(row: Row) -> str:
    """Near-duplicates together."""
    return row.group


PROTOCOLS: Mapping[str, Names] = {"random": by_row, "exact_group": by_text, "near_duplicate_group": by_group}


def dealt(data: Data, protocol: str, seed: int) -> NDArray[np.int64]:
    """Fold of each row."""
    strata = [str(row.label) for row in data.rows]
    return np.array(folds([PROTOCOLS[protocol](row) for row in data.rows], FOLDS, seed, strata), np.int64)


def by_time(numbers: NDArray[np.int64]) -> tuple[At, At, At]:
    """Rows to learn from, to validate on and to test, in the order of EMSCAD's job ids; rows without one (-1) are left out."""
    order = np.argsort(numbers, kind="stable")[(numbers < 0).sum() :]
    a, b = (int(len(order) * share) for share in np.cumsum(SHARES))
    return order[:a], order[a:b], order[b:]


def unseen(data: Data, learnt: At, test: At) -> NDArray[np.bool_]:
    """Which of the test rows have no near-duplicate among those learnt from."""
    groups = {data.rows[i].group for i in learnt.tolist()}
    return np.array([data.rows[i].group not in groups for i in test.tolist()])


def few(data: Data, fold: NDArray[np.int64], size: int, seed: int) -> At:
    """About so many rows to learn from, whole groups drawn outside fold 0, both labels in their share."""
    at = np.flatnonzero(fold != 0)
    order = sorted(at.tolist(), key=lambda i: (bucket(data.rows[i].group, 1 << 60, f"few {seed}"), i))
    out: list[int] = []
    for label in (0, 1):
        wanted = round(size * float(data.labels[at].mean() if label else 1 - data.labels[at].mean()))
        out += [i for i in order if data.labels[i] == label][:wanted]
    return np.array(sorted(out), np.intp)
