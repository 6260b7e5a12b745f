"""Ads that we wrote, with what our analysts underlined, for showing each lure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model.advert import Advert
from model.language import language_of
from serve.page.pieces import Mark, Piece, drawable, pieces_of
from serve.page.seedfiles import FOLDER

LONGEST, SHORTEST, MOST = 420, 60, 3
DISGUISE = "obfuscation"


@dataclass(frozen=True)
class Example:
    """One written ad. pieces: with its underlined phrases; the lure it is shown for has number 1, others 2."""

    text: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Shelf:
    """Examples of one language. by_lure: at most MOST ads each. showpiece: what poster and quiz begin with."""

    by_lure: Mapping[str, tuple[Example, ...]]
    showpiece: str


@dataclass(frozen=True)
class Examples:
    """Read by language when first asked for, then kept. showpieces: ids of the ads to begin with, where the first is not the best."""

    showpieces: Mapping[str, str]
    _read: dict[str, Shelf] = field(default_factory=dict)

    def of(self, language: str) -> Shelf:
        """Examples of a language that has written ads."""
        if language not in self._read:
            rows = rows_of(language)
            wanted = self.showpieces.get(language, rows[0]["id"])
            first = next(row["text"] for row in rows if row["id"] == wanted)
            self._read[language] = Shelf(chosen(rows), first)
        return self._read[language]


def rows_of(language: str) -> list[dict[str, Any]]:
    """Written scams of a language that are short plain texts: those in plain words of one language first, then the most underlined."""
    lines = (FOLDER / "corpus" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["label"] == 1 and SHORTEST <= len(row.get("text") or "") <= LONGEST]
    return sorted(rows, key=lambda row: (row["difficulty"] != "plain", mixed(row), -len({s["lure"] for s in row["spans"]}), row["id"]))


def mixed(row: Mapping[str, Any]) -> bool:
    """Whether an ad seems to be in another language than it is filed under."""
    return bool(language_of(Advert.from_text(row["text"])) != row["lang"])


def chosen(rows: list[dict[str, Any]]) -> Mapping[str, tuple[Example, ...]]:
    """The first MOST ads that carry each lure; disguised ones show disguise alone."""
    out: dict[str, list[Example]] = {}
    for row in rows:
        for lure in sorted({span["lure"] for span in row["spans"]}):
            found = out.setdefault(lure, [])
            if len(found) < MOST and (row["difficulty"] != "obfuscated" or lure == DISGUISE):
                found.append(example_of(row, lure))
    return {lure: tuple(found) for lure, found in out.items()}


def example_of(row: Mapping[str, Any], lure: str) -> Example:
    """One ad, shown for one lure."""
    text, marks = row["text"], [Mark(span["start"], span["end"], 1 if span["lure"] == lure else 2) for span in row["spans"]]
    return Example(text, row["lang"], tuple(pieces_of(text, [drawable(text, mark) for mark in marks])))
