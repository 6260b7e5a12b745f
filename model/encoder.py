"""The multilingual encoder: a small transformer whose score is the plain mean over pieces of text, and so an exact sum over its words.

Its graph gives for every piece a score, the lure it may carry and the lure type; it is run one window at a time, so that no advert's
figures depend on what stands beside it (int8 activations are scaled by what is in the call).
"""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ArtefactError
from model.legible import legible
from model.lures import LURE_TYPES, LURES
from model.normalise import Normalised
from model.tables import Tables

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
WINDOW = 126
"""Most pieces that are read together; 128 with the ones that begin and end a window."""
SCORE, LURE, KIND = 0, 1, 2 + len(LURES)
"""Columns of the graph's output: the score, no lure and the lures, the lure types."""
WIDTH = KIND + len(LURE_TYPES)
BEGIN, END = 0, 2
"""Numbers of the pieces around every window."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of one advert. ids: int64, numbers. first, last: int64, characters of `Normalised.chars` that each covers, inclusive."""

    ids: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of one advert, float32, shape (pieces, WIDTH), and in how many windows it was read."""

    pieces: Pieces
    out: NDArray[np.float32]
    windows: int


class Splitter:
    """Cuts adverts into pieces."""

    def __init__(self, tokenizer: Any, tables: Tables) -> None:
        self._tokenizer, self._tables = tokenizer, tables

    def __call__(self, n: Normalised, adverts: int) -> list[Pieces]:
        """Pieces of each advert of a batch of that many; those that cover no character are left out."""
        texts = legible(n, self._tables, adverts)
        return [
            pieces_of(encoding, text.first)
            for encoding, text in zip(self._tokenizer.encode_batch([t.text for t in texts], add_special_tokens=False), texts, strict=True)
        ]


def pieces_of(encoding: Any, first: int) -> Pieces:
    """One encoding, its offsets moved to the batch's characters."""
    offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
    ids = np.array(encoding.ids, np.int64)
    real = offsets[:, 1] > offsets[:, 0]
    return Pieces(ids[real], offsets[real, 0] + first, offsets[real, 1] - 1 + first)


def windows(pieces: int) -> list[tuple[int, int]]:
    """Windows of about equal length, half-open, that cover all pieces."""
    count = -(-pieces // WINDOW)
    edges = [pieces * i // count for i in range(count + 1)] if count else []
    return list(itertools.pairwise(edges))


class Encoder:
    """Immutable once made; threads may share it."""

    def __init__(self, graph: bytes, tokenizer: str, tables: Tables) -> None:
        ort, tokenizers = libraries()
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.splitter = Splitter(tokenizers.Tokenizer.from_str(tokenizer), tables)

    @classmethod
    def load(cls, folder: Path, tables: Tables) -> "Encoder":
        """From a folder whose digests were checked. Raises ArtefactError where the libraries are absent."""
        return cls((folder / GRAPH).read_bytes(), (folder / TOKENIZER).read_text(encoding="utf-8"), tables)

    def __call__(self, n: Normalised, adverts: int) -> list[Encoded]:
        """Read a batch of that many adverts."""
        return [self._read(pieces) for pieces in self.splitter(n, adverts)]

    def _read(self, pieces: Pieces) -> Encoded:
        cuts = windows(len(pieces.ids))
        outs = [self.run(pieces.ids[a:b]) for a, b in cuts]
        return Encoded(pieces, np.concatenate(outs) if outs else np.zeros((0, WIDTH), np.float32), len(cuts))

    def run(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """One window, shape (pieces, WIDTH)."""
        out: NDArray[np.float32] = self._session.run(None, fed(ids))[0][0, 1:-1]
        return out


def fed(ids: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """What the graph is given for one window: its pieces between the signs of begin and end, none of them masked; shape (1, pieces + 2)."""
    around = np.concatenate([[BEGIN], ids, [END]])[None]
    return {"ids": around, "mask": np.ones_like(around)}


def libraries() -> tuple[Any, Any]:
    """onnxruntime and tokenizers. Raises ArtefactError saying what to install."""
    try:
        import onnxruntime  # noqa: PLC0415 - the fast tier needs neither
        import tokenizers  # noqa: PLC0415
    except ImportError as e:
        raise ArtefactError(f"the full tier needs {e.name}; install lurewatch[encoder].", "tier") from e
    return onnxruntime, tokenizers
