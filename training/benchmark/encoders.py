"""What encoders say of a stock: scores of the shipped one, states of the frozen one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.artefact import SHIPPED, Artefact
from model.encoder import TOKENIZER, Splitter
from model.full import FOLDER, FullTier
from model.reading import Reader
from training.blend import encoded
from training.data import Scores
from training.examples import Example, examples
from training.features import ReadAdverts
from training.rows import Row

Array = NDArray[np.float64]
PART = 500
"""Adverts that a process reads at a time."""
WINDOWS = 2
"""Of each advert, the first ones, that the frozen encoder reads."""


def in_parts(read: Callable[[Sequence[Row]], Array], rows: Sequence[Row], processes: int) -> Array:
    """What `read` says of all rows, asked part by part; the parts do not depend on the number of processes."""
    parts = [rows[i : i + PART] for i in range(0, len(rows), PART)]
    return np.concatenate(Parallel(n_jobs=processes)(delayed(read)(part) for part in parts))


def shipped_scores(rows: Sequence[Row], at: NDArray[np.intp], step: ReadAdverts, processes: int) -> Scores:
    """The shipped encoder's score of the rows at these positions, not a number elsewhere; empty where no encoder is shipped."""
    if not (SHIPPED / FOLDER).is_dir():
        return np.zeros(0)
    out = np.full(len(rows), np.nan)
    out[at] = in_parts(partial(shipped, step), [rows[i] for i in at.tolist()], processes)
    return out


def shipped(step: ReadAdverts, rows: Sequence[Row]) -> Scores:
    """One part, by the shipped encoder."""
    return encoded(rows, FullTier.load(SHIPPED, Artefact.load()).encoder, Reader(step.tables, step.knowledge))


def frozen_states(rows: Sequence[Row], base: Path, step: ReadAdverts, processes: int) -> Array:
    """Mean last state over each advert's first windows, shape (rows, states). base: folder of the encoder."""
    return in_parts(partial(frozen, base, step), rows, processes)


def frozen(base: Path, step: ReadAdverts, rows: Sequence[Row]) -> Array:
    """One part, by the frozen encoder."""
    from transformers import AutoModel  # noqa: PLC0415 - torch is needed by nothing else

    from training.frozen import pooled  # noqa: PLC0415

    splitter = Splitter(Tokenizer.from_file(str(base / TOKENIZER)), step.tables)
    read = examples(rows, np.ones(len(rows)).tolist(), Reader(step.tables, step.knowledge), splitter)
    body = AutoModel.from_pretrained(str(base), attn_implementation="sdpa")
    return np.asarray(pooled(body, [first_windows(example) for example in read]), np.float64)


def first_windows(example: Example) -> Example:
    """At most the first ones."""
    return replace(example, windows=example.windows[:WINDOWS], lures=example.lures[:WINDOWS])
