"""Cuts a multilingual tokenizer down to what job ads use: fewer pieces, the same segmentation rules, no character lost."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.encoder import TOKENIZER

KEPT = "kept.npy"
SPACE = "▁"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SCRIPTS = frozenset(
    "LATIN CJK HIRAGANA KATAKANA HANGUL THAI LAO KHMER MYANMAR DEVANAGARI BENGALI ARABIC SINHALA TAMIL ETHIOPIC CYRILLIC DIGIT".split()
)
"""First words of the Unicode names of letters and digits in the supported languages."""


@dataclass(frozen=True)
class Cut:
    """tokenizer: the smaller one. kept: int64, shape (pieces,), number of each of its pieces in the larger one, ascending."""

    tokenizer: Tokenizer
    kept: NDArray[np.int64]

    def save(self, folder: Path) -> None:
        """Keep it in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.tokenizer.save(str(folder / TOKENIZER), pretty=False)
        np.save(folder / KEPT, self.kept)

    @classmethod
    def kept_in(cls, folder: Path) -> "Cut | None":
        """The one that `save` left there, if it did."""
        if not (folder / KEPT).is_file():
            return None
        return cls(Tokenizer.from_file(str(folder / TOKENIZER)), np.load(folder / KEPT, allow_pickle=False))


def cut(tokenizer: Tokenizer, texts: Iterable[str], size: int) -> Cut:
    """Keep special pieces, single characters and what the texts use (most used first); fill up to `size` with the likeliest others."""
    made = json.loads(tokenizer.to_str())
    vocabulary: list[tuple[str, float]] = [(piece, score) for piece, score in made["model"]["vocab"]]
    used = counts(tokenizer, texts)
    rank = {i: rank_of(i, piece, score, used) for i, (piece, score) in enumerate(vocabulary) if wanted(piece)}
    kept = sorted(sorted(rank, key=rank.__getitem__)[:size])
    made["model"]["vocab"] = [vocabulary[i] for i in kept]
    made["model"]["unk_id"] = kept.index(made["model"]["unk_id"])
    return Cut(smaller(made, {vocabulary[i][0]: new for new, i in enumerate(kept)}), np.array(kept, np.int64))


def counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """How often each piece stands in the texts."""
    out: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        out.update(encoding.ids)
    return out


def rank_of(number: int, piece: str, score: float, used: Mapping[int, int]) -> tuple[int, float]:
    """Order in which pieces are kept."""
    if piece in SPECIAL or len(piece.strip(SPACE)) <= 1:
        return (0, 0.0)
    return (1, -float(used[number])) if used[number] else (2, -score)


def wanted(piece: str) -> bool:
    """Special, a single character, or lower case and in a supported script."""
    if piece in SPECIAL or len(piece.strip(SPACE)) <= 1:
        return piece != "<mask>"
    letters = [c for c in piece if c.isalnum()]
    return piece == piece.lower() and all(unicodedata.name(c, "?").split(" ")[0].split("-")[0] in SCRIPTS for c in letters)


def smaller(made: dict[str, Any], numbers: Mapping[str, int]) -> Tokenizer:
    """A tokenizer from its description, special pieces renumbered, without padding, cutting or pieces put around the text."""
    made["added_tokens"] = [{**token, "id": numbers[token["content"]]} for token in made["added_tokens"] if token["content"] in SPECIAL]
    made["post_processor"] = made["padding"] = made["truncation"] = None
    return Tokenizer.from_str(json.dumps(made))
