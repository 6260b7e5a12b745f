"""Finds every hand-written phrase in a batch: one automaton over the normalised text, one pass, whatever the number of phrases."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ahocorasick_rs import AhoCorasick

from model.advert import Advert
from model.errors import SeedError
from model.normalise import Normalised, Normaliser
from model.patterns import expand
from model.stream import Places
from model.tables import BREAK

GAP_WORDS, GAP_CHARACTERS = 3, 12


@dataclass(frozen=True)
class Part:
    """A stretch of normalised text without a gap; `open_start` and `open_end` tell where it may sit inside a longer word."""

    text: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class Phrase:
    """One expansion of a seed entry: its parts in order, and the number of the entry."""

    parts: tuple[Part, ...]
    entry: int


@dataclass(frozen=True)
class Matches:
    """entry: number of the seed entry; first, last: tokens, inclusive. All int32, shape (m,), by place."""

    entry: Places
    first: Places
    last: Places


class PhraseFinder:
    """Immutable once made. Scoring threads may share it."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._uses: dict[str, list[tuple[Part, int, int]]] = defaultdict(list)
        for number, phrase in enumerate(phrases):
            for k, part in enumerate(phrase.parts):
                self._uses[part.text].append((part, number, k))
        self._texts = list(self._uses)
        self._phrases = tuple(phrases)
        self._automaton = AhoCorasick(self._texts) if self._texts else None

    def __call__(self, n: Normalised) -> Matches:
        """All matches in a batch; the same entry at the same tokens is told once."""
        if self._automaton is None:
            return Matches(*(np.zeros(0, np.int32) for _ in range(3)))
        found = set()
        chains: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for number, k, first, last in self._parts(n):
            phrase = self._phrases[number]
            if len(phrase.parts) == 1:
                found.add((first, last, phrase.entry))
            else:
                chains[number, k].append((first, last))
        for number in sorted({number for number, _ in chains}):
            for first, last in self._joined(number, chains, n):
                found.add((first, last, self._phrases[number].entry))
        rows = np.array(sorted(found), np.int32).reshape(-1, 3)
        return Matches(rows[:, 2], rows[:, 0], rows[:, 1])

    def _parts(self, n: Normalised) -> list[tuple[int, int, int, int]]:
        """Phrase number, part number, first and last token of every part that stands at fitting word borders."""
        assert self._automaton is not None  # noqa: S101 - the caller looked
        hits = np.array(self._automaton.find_matches_as_indexes(n.text, overlapping=True), np.int64).reshape(-1, 3)
        if not len(hits):
            return []
        which, start, end = hits.T
        first = np.searchsorted(n.tokens.first, start, side="right") - 1
        last = np.searchsorted(n.tokens.first, end - 1, side="right") - 1
        at_start = n.tokens.first[first] == start
        at_end = n.tokens.last[last] == end - 1
        out = []
        for w, f, l, s, e in zip(which.tolist(), first.tolist(), last.tolist(), at_start.tolist(), at_end.tolist(), strict=True):
            for part, number, k in self._uses[self._texts[w]]:
                if (s or part.open_start) and (e or part.open_end):
                    out.append((number, k, f, l))
        return out

    def _joined(self, number: int, chains: dict[tuple[int, int], list[tuple[int, int]]], n: Normalised) -> list[tuple[int, int]]:
        """Token ranges where all parts of a phrase follow one another within the gap and the field."""
        ends = [(last, first) for first, last in chains.get((number, 0), [])]
        for k in range(1, len(self._phrases[number].parts)):
            ends.sort()
            joined = []
            for first, last in chains.get((number, k), []):
                nearest = bisect_left(ends, (first, -1)) - 1
                if nearest >= 0 and close(n, ends[nearest][0], first):
                    joined.append((last, ends[nearest][1]))
            ends = joined
        return [(first, last) for last, first in ends]


def close(n: Normalised, end: int, start: int) -> bool:
    """Whether a part that begins at token `start` may follow one that ended at token `end`."""
    gap = GAP_CHARACTERS if n.tokens.unspaced[start] else GAP_WORDS
    return start - end <= gap + 1 and bool(n.tokens.field[end] == n.tokens.field[start])


def compiled(pattern: str, entry: int, normaliser: Normaliser) -> list[Phrase]:
    """All expansions of a seed pattern, normalised as adverts are. Raises SeedError where nothing is left to look for."""
    phrases = []
    for parts in expand(pattern):
        texts = [normaliser([Advert.from_text(part)]).text.strip(chr(BREAK) + " ") for part in parts]
        if not all(texts):
            raise SeedError(f"{pattern!r} has a part of which nothing is left after normalising.")
        phrases.append(Phrase(tuple(Part(text, part.startswith("*"), part.endswith("*")) for text, part in zip(texts, parts, strict=True)), entry))
    return phrases
