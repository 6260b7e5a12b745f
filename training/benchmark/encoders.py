"""What encoders say of a stock: scores of the shipped one, states of the frozen one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.artefact import SHIPPED, Artefact
from model.encoder import TOKENIZER, Splitter
from model.full import FOLDER, FullTier
from model.reading import Reader
from training.blend import encoded
from training.examples import Example, examples
from training.features import ReadAdverts
from training.fit import Scores
from training.rows import Row

WINDOWS = 2
"""Of each advert, the first ones, that the frozen encoder reads."""


def shipped_scores(rows: Sequence[Row], at: NDArray[np.intp], step: ReadAdverts) -> Scores:
    """The shipped encoder's score of the rows at these positions, not a number elsewhere; empty where no encoder is shipped."""
    if not (SHIPPED / FOLDER).is_dir():
        return np.zeros(0)
    out = np.full(len(rows), np.nan)
    encoder = FullTier.load(SHIPPED, Artefact.load()).encoder
    out[at] = encoded([rows[i] for i in at.tolist()], encoder, Reader(step.tables, step.knowledge))
    return out


def frozen_states(rows: Sequence[Row], base: Path, step: ReadAdverts) -> NDArray[np.float64]:
    """Mean last state over each advert's first windows, shape (rows, states). base: folder of the encoder."""
    from transformers import AutoModel  # noqa: PLC0415 - torch is needed by nothing else

    from training.frozen import pooled  # noqa: PLC0415

    splitter = Splitter(Tokenizer.from_file(str(base / TOKENIZER)), step.tables)
    read = examples(rows, np.ones(len(rows)).tolist(), Reader(step.tables, step.knowledge), splitter)
    body = AutoModel.from_pretrained(str(base), attn_implementation="sdpa")
    return np.asarray(pooled(body, [first_windows(example) for example in read]), np.float64)


def first_windows(example: Example) -> Example:
    """At most the first ones."""
    return replace(example, windows=example.windows[:WINDOWS], lures=example.lures[:WINDOWS])
