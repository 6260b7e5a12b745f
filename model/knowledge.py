"""What the seeds know, compiled: phrases to look for, and what to tell people about each lure in their language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.phrases import PhraseFinder


@dataclass(frozen=True, slots=True)
class Entry:
    """One seed entry: the cue that a match of it stands for, the lure it belongs to (None for context), its language.

    seen: it was written with training texts in view, so it must not vouch for them (`training.seen`).
    """

    cue: str
    lure: str | None
    language: str
    seen: bool = False


@dataclass(frozen=True)
class Knowledge:
    """entries: by number. finder: finds them. vocabulary: words of the phrases that disguised letters may be read as.

    lures: facts and sources by lure id. texts: what to say, by language. sources: title and address by key. step_choice: which steps of
    advice come first for a lure type. digest: sha256 of the seeds it was compiled from.
    """

    entries: tuple[Entry, ...]
    finder: PhraseFinder
    vocabulary: frozenset[str]
    lures: Mapping[str, Any]
    texts: Mapping[str, Any]
    sources: Mapping[str, Any]
    pay: Mapping[str, Any]
    step_choice: Mapping[str, list[str]]
    digest: str

    @classmethod
    def load(cls, texts: Path, phrases: Path) -> "Knowledge":
        """Read the two files that `training.knowledge` compiled."""
        data = json.loads(texts.read_text(encoding="utf-8"))
        with np.load(phrases, allow_pickle=False) as arrays:
            finder = PhraseFinder.load({name: arrays[name] for name in arrays.files})
        entries = tuple(Entry(*row) for row in data["entries"])
        words = frozenset(data["vocabulary"])
        return cls(entries, finder, words, *(data[key] for key in ("lures", "texts", "sources", "pay", "step_choice", "digest")))
