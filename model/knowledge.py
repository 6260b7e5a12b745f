"""What the seeds know, compiled: phrases to look for, and what to tell people about each lure in their language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from model.phrases import STAR, Phrase

SHORTEST_WORD = 4


@dataclass(frozen=True)
class Entry:
    """One seed entry: the cue that a match of it stands for, the lure it belongs to (None for context), its language."""

    cue: str
    lure: str | None
    language: str


@dataclass(frozen=True)
class Knowledge:
    """entries: by number. phrases: their expansions, normalised. texts: what to say, by language. lures: facts and sources by lure id.

    sources: title and address by key. digest: sha256 of the seeds it was compiled from.
    """

    entries: tuple[Entry, ...]
    phrases: tuple[Phrase, ...]
    lures: Mapping[str, Any]
    texts: Mapping[str, Any]
    sources: Mapping[str, Any]
    pay: Mapping[str, Any]
    step_choice: Mapping[str, list[str]]
    digest: str

    @classmethod
    def load(cls, path: Path) -> "Knowledge":
        """Read the file that `training.knowledge` compiled."""
        data = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(Entry(*row) for row in data["entries"])
        phrases = tuple(Phrase(slots, number) for number, slots in data["phrases"])
        return cls(entries, phrases, data["lures"], data["texts"], data["sources"], data["pay"], data["step_choice"], data["digest"])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words of the phrases, at least four letters: what disguised letters may be read as."""
        words = {word for phrase in self.phrases for slot in phrase.slots for text in slot for word in text.strip(STAR).split(" ")}
        return frozenset(word for word in words if len(word) >= SHORTEST_WORD and word.isalpha())
