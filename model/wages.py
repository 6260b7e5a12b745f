"""Pay of a batch as cues. Most numbers of adverts (ages, dates, years of work) cannot be pay; the kernel tells, and the others are read."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from model.gates import MOST, SEEN, Gates
from model.native import candidates
from model.normalise import Normalised
from model.pay import PayFinder
from model.pay_words import Edge
from model.stream import Places, text_of

MAKING = frozenset(("money", "scale", "joiner", "ending"))
"""Kinds of words that can make pay of a small number or a year that they stand beside."""


class WageFinder:
    """Immutable once made; threads may share it."""

    def __init__(self, finder: PayFinder) -> None:
        self._finder = finder
        self._before, self._after = gates(finder.words.before), gates(finder.words.after)

    def __call__(self, n: Normalised) -> tuple[list[str], Places]:
        """Names of cues, one for each thing that pay tells, and first and last token, shape (cues, 2). Each field is read by itself."""
        told = [told for a, b, places in self._worth_reading(n) for told in self._told(text_of(n.chars.codes[a:b]), a, places)]
        if not told:
            return [], np.zeros((0, 2), np.int32)
        place = np.array([at for _, *at in told], np.int64)
        token = np.maximum(np.searchsorted(n.tokens.first, place, side="right") - 1, 0)
        return [name for name, *_ in told], np.maximum.accumulate(token, axis=1).astype(np.int32)

    def _told(self, text: str, start: int, places: Sequence[int] | None) -> Iterator[tuple[str, int, int]]:
        """Cues of one field that starts at this character, with the first and last character that tell them."""
        pays = self._finder.find(text, places=places)
        yield from ((name, start + pay.start, start + pay.end - 1) for name, pay in self._finder.cues(pays, text))

    def _worth_reading(self, n: Normalised) -> Iterator[tuple[int, int, Sequence[int] | None]]:
        """Fields that may tell pay: first character, the one past the last, and where in the field numbers start; None for all of them."""
        t, bounds = n.tokens, n.chars.start.searchsorted(n.sheet.borders)
        numbers = candidates.find_wages(n.chars.codes, (t.first, t.last, t.field), bounds, self._before.bits, self._after.bits)
        for field, of_field in groupby(numbers.tolist(), itemgetter(0)):
            start, end = bounds[field : field + 2].tolist()
            places = [place - start for _, place in of_field]
            yield start, end, None if places[0] < 0 else places


def gates(edge: Edge) -> Gates:
    """Gates of the words of one side of a number that can make it pay, read away from the number."""
    words = [word[::-1] if edge.tail else word for word, sense in edge.words.items() if sense.kind in MAKING]
    return Gates.of(([ord(c) for c in word[:SEEN]], min(len(word), MOST)) for word in words)
