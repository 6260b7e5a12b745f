"""An encoder's pieces of words, folded as adverts are, with the vectors that it begins from: what is known of words before any advert."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import numpy as np
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy import sparse
from tokenizers import Tokenizer

from model.encoder import TOKENIZER
from model.native import kernel
from model.native.arrays import Table
from model.table import ROW, Hashes, sorted_table
from model.tables import LETTER, UNSPACED, Tables
from training.pieces import SPACE

WEIGHTS, VECTORS = "model.safetensors", "embeddings.word_embeddings.weight"
LONGEST = 16
"""Characters of a piece at most, as in `pieces.c`."""


@dataclass(frozen=True)
class WordPieces:
    """texts: folded, distinct. hashes: uint64, shape (pieces,). vectors: float32, shape (pieces, dimensions), rows of mean 0 and variance 1
    less the mean of all.
    """

    texts: Sequence[str]
    hashes: Hashes
    vectors: NDArray[np.float32]

    @cached_property
    def table(self) -> Table:
        """Ready to cut words into."""
        return sorted_table(self.hashes, np.arange(len(self.hashes)), ROW)

    def take(self, at: NDArray[np.intp]) -> "WordPieces":
        """Only these."""
        return WordPieces([self.texts[i] for i in at.tolist()], self.hashes[at], self.vectors[at])


def folder_of(base: str) -> Path:
    """The base's folder; fetched first where it is a hub id."""
    return Path(base if Path(base).is_dir() else snapshot_download(base, allow_patterns=["*.json", "*.safetensors"]))


def word_pieces(base: Path, tables: Tables) -> WordPieces:
    """All pieces of letters alone; those that fold alike are one, with their mean vector. Raises OSError where a file is missing."""
    tokenizer = Tokenizer.from_file(str(base / TOKENIZER))
    rows: dict[str, int] = {}
    owners, members = [], []
    for piece, number in sorted(tokenizer.get_vocab().items(), key=itemgetter(1)):
        text = tables.fold_text(piece.removeprefix(SPACE))
        if 0 < len(text) <= LONGEST and lettered(text, tables):
            owners.append(rows.setdefault(text, len(rows)))
            members.append(number)
    told = vectors_of(base)
    mean = sparse.csr_matrix((1 / np.bincount(owners)[owners], (owners, members)), shape=(len(rows), len(told))).astype(np.float32)
    vectors = mean @ told
    return WordPieces(list(rows), hashes_of(list(rows)), vectors - vectors.mean(axis=0))


def lettered(text: str, tables: Tables) -> bool:
    """Whether a folded text may stand inside one word; signs for numbers may not, in whatever script."""
    if any(c.isnumeric() and not c.isalpha() for c in text):
        return False
    rows = tables.rows(np.array([ord(c) for c in text], np.uint32))
    cut = tables.cut.take(rows)
    return bool((cut >= LETTER).all() or (tables.kind.take(rows) == UNSPACED).all())


def hashes_of(texts: Sequence[str]) -> Hashes:
    """As the kernel hashes characters."""
    last = np.cumsum([len(text) for text in texts]).astype(np.int32) - 1
    first = np.concatenate([[0], last[:-1] + 1]).astype(np.int32)
    return kernel.hash_tokens(np.array([ord(c) for text in texts for c in text], np.uint32), first, last)[1]


def vectors_of(base: Path) -> NDArray[np.float32]:
    """The encoder's vectors of its pieces, all on one scale."""
    tensors = load_file(base / WEIGHTS)
    rows = next(tensor for name, tensor in tensors.items() if name.endswith(VECTORS)).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= rows.std(axis=1, keepdims=True) + 1e-9
    return rows
