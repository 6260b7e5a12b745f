"""Finds every hand-written phrase in a batch: one automaton over the normalised text, one pass, whatever the number of phrases."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
STAR = "*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of writing a seed entry: any text of the first slot, a gap, any text of the second, and so on; and the entry's number.

    Texts are normalised; a star before or after one lets it stand inside a longer word.
    """

    slots: Sequence[Sequence[str]]
    entry: int


@dataclass(frozen=True)
class Matches:
    """entry: number of the seed entry; first, last: tokens, inclusive. All int32, shape (m,), by place."""

    entry: Places
    first: Places
    last: Places


Chains = dict[tuple[int, int], list[tuple[int, int]]]
"""By phrase and slot, where its parts stand: first and last token."""


class PhraseFinder:
    """Immutable once made. Scoring threads may share it."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        uses: dict[str, list[tuple[bool, bool, int, int]]] = defaultdict(list)
        for number, phrase in enumerate(phrases):
            for k, slot in enumerate(phrase.slots):
                for text in slot:
                    uses[text.strip(STAR)].append((text[0] == STAR, text[-1] == STAR, number, k))
        self._uses = list(uses.values())
        self._entries = [phrase.entry for phrase in phrases]
        self._lengths = [len(phrase.slots) for phrase in phrases]
        self._automaton = AhoCorasick(list(uses), store_patterns=False) if uses else None

    def __call__(self, n: Normalised) -> Matches:
        """All matches in a batch; the same entry at the same tokens is told once."""
        found: set[tuple[int, int, int]] = set()
        chains: Chains = defaultdict(list)
        for number, k, first, last in self._parts(n):
            if self._lengths[number] == 1:
                found.add((first, last, self._entries[number]))
            else:
                chains[number, k].append((first, last))
        for number in sorted({number for number, k in chains if k == 0}):
            found |= {(first, last, self._entries[number]) for first, last in self._joined(number, chains, n)}
        rows = np.array(sorted(found), np.int32).reshape(-1, 3)
        return Matches(rows[:, 2], rows[:, 0], rows[:, 1])

    def _parts(self, n: Normalised) -> Iterator[tuple[int, int, int, int]]:
        """Phrase, slot, first and last token of every part that stands at fitting word borders."""
        hits = self._automaton.find_matches_as_indexes(n.text, overlapping=True) if self._automaton else []
        if not hits:
            return
        which, start, end = np.array(hits, np.int64).T
        first = np.searchsorted(n.tokens.first, start, side="right") - 1
        last = np.searchsorted(n.tokens.first, end - 1, side="right") - 1
        at_start = n.tokens.first[first] == start
        at_end = n.tokens.last[last] == end - 1
        columns = (which.tolist(), first.tolist(), last.tolist(), at_start.tolist(), at_end.tolist())
        for part, f, t, begins, ends in zip(*columns, strict=True):
            for open_start, open_end, number, k in self._uses[part]:
                if (begins or open_start) and (ends or open_end):
                    yield number, k, f, t

    def _joined(self, number: int, chains: Chains, n: Normalised) -> list[tuple[int, int]]:
        """Token ranges where parts of all slots of a phrase follow one another within the gap and the field."""
        ends = [(last, first) for first, last in chains[number, 0]]
        for k in range(1, self._lengths[number]):
            ends.sort()
            joined = []
            for first, last in chains.get((number, k), ()):
                nearest = bisect_left(ends, (first, -1)) - 1
                if nearest >= 0 and close(n, ends[nearest][0], first):
                    joined.append((last, ends[nearest][1]))
            ends = joined
        return [(first, last) for last, first in ends]


def close(n: Normalised, end: int, start: int) -> bool:
    """Whether a part that begins at token `start` may follow one that ended at token `end`."""
    gap = GAP_CHARACTERS if n.tokens.unspaced[start] else GAP_WORDS
    return start - end <= gap + 1 and bool(n.tokens.field[end] == n.tokens.field[start])


def compiled(patterns: Sequence[str], normaliser: Normaliser) -> list[Phrase | SeedError]:
    """All ways of writing seed patterns, normalised as adverts are; `entry` is the position of the pattern.

    A pattern that is malformed, or of which nothing is left to look for, is answered with its error, whose field is its position.
    """
    out: list[Phrase | SeedError] = []
    ways = []
    for entry, pattern in enumerate(patterns):
        try:
            ways += [(entry, slots) for slots in expand(pattern)]
        except SeedError as e:
            out.append(SeedError(e.message, str(entry)))
    texts = normalised_texts([text for _, slots in ways for slot in slots for text in slot], normaliser)
    for entry, slots in ways:
        folded = [[STAR * text.startswith(STAR) + next(texts) + STAR * text.endswith(STAR) for text in slot] for slot in slots]
        if all(text.strip(STAR) for slot in folded for text in slot):
            out.append(Phrase([list(dict.fromkeys(slot)) for slot in folded], entry))
        else:
            out.append(SeedError(f"{patterns[entry]!r} has a part of which nothing is left after normalising.", str(entry)))
    return out


def normalised_texts(texts: Sequence[str], normaliser: Normaliser, size: int = 512) -> Iterator[str]:
    """Short texts of our own as they look in `Normalised.text`, in order."""
    for i in range(0, len(texts), size):
        batch = [Advert((("text", text),)) for text in texts[i : i + size]]
        yield from (text.strip(" ") for text in normaliser(batch).text.split(chr(BREAK))[: len(batch)])
