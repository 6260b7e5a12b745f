"""Cuts a text where marks begin and end, so that marks that overlap or lie in each other can be drawn one after the other."""

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

TRICKS = frozenset(["confusable", "invisible", "spaced", "leet", "styled"])
MOST_TRICKS = 400
"""Tricks that are drawn; an ad of nothing else would make a page of many megabytes."""
LONGEST_CLUSTER = 8
STACKERS = "\u1039\u17d2"
"""Signs of Burmese and Khmer that put the next letter under the one before."""
UNSEEN = ("Cf", "Cc", "Cn", "Co", "Cs")


class Mark(NamedTuple):
    """Code points [start, end) that carry the reason of this number, counted from 1."""

    start: int
    end: int
    number: int


class Piece(NamedTuple):
    """A stretch of text. marks: numbers of the reasons that cover it. ends: those of them that end with it. trick: a disguise."""

    text: str
    marks: tuple[int, ...]
    ends: tuple[int, ...]
    trick: bool

    @property
    def unseen(self) -> list[str]:
        """Code points of its characters that nobody sees, as `U+200B`."""
        return [f"U+{ord(c):04X}" for c in self.text if c not in "\n\t\r" and unicodedata.category(c) in UNSEEN] if self.trick else []


def drawable(text: str, mark: Mark) -> Mark:
    """The mark, grown by the signs without which its first and last letter cannot be drawn; by no more than LONGEST_CLUSTER each way."""
    start, end = mark.start, mark.end
    while start > max(0, mark.start - LONGEST_CLUSTER) and clings(text, start):
        start -= 1
    while end < min(len(text), mark.end + LONGEST_CLUSTER) and clings(text, end):
        end += 1
    return mark._replace(start=start, end=end)


def clings(text: str, at: int) -> bool:
    """Whether the sign there is drawn as one with what stands before it."""
    return unicodedata.category(text[at])[0] == "M" or (at > 0 and text[at - 1] in STACKERS)


def tricks_of(notes: Iterable[Mapping[str, object]]) -> list[tuple[int, int]]:
    """Places of the disguises among the notes of a verdict on plain text; those that touch are one."""
    places: list[tuple[int, int]] = []
    for start, end in sorted((int(str(n["start"])), int(str(n["end"]))) for n in notes if n["kind"] in TRICKS):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        elif len(places) < MOST_TRICKS:
            places.append((start, end))
    return places


def pieces_of(text: str, marks: Sequence[Mark], tricks: Sequence[tuple[int, int]] = ()) -> list[Piece]:
    """The text as pieces, in order; joined they are the text. tricks: places that do not overlap."""
    marks = list(joined(marks))
    begins, ends = gathered((m.start, m.number) for m in marks), gathered((m.end, m.number) for m in marks)
    starts, stops = {start for start, _ in tricks}, {stop for _, stop in tricks}
    edges = sorted({0, len(text), *begins, *ends, *starts, *stops})
    active: Counter[int] = Counter()
    tricky, out = False, []
    for edge, following in itertools.pairwise(edges):
        active.subtract(ends.get(edge, ()))
        active.update(begins.get(edge, ()))
        tricky = edge in starts or (tricky and edge not in stops)
        numbers = tuple(sorted(number for number, count in active.items() if count > 0))
        out.append(Piece(text[edge:following], numbers, tuple(sorted(set(ends.get(following, ())))), tricky))
    return out


def joined(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Marks of one reason that overlap or touch become one."""
    latest: dict[int, Mark] = {}
    for mark in sorted(marks):
        before = latest.get(mark.number)
        if before and mark.start <= before.end:
            latest[mark.number] = before._replace(end=max(before.end, mark.end))
        else:
            if before:
                yield before
            latest[mark.number] = mark
    yield from latest.values()


def gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Numbers by place."""
    out: defaultdict[int, list[int]] = defaultdict(list)
    for place, number in pairs:
        out[place].append(number)
    return out
