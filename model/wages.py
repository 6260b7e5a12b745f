"""Pay of a batch as cues. Most numbers of adverts (ages, dates, years of work) cannot be pay; the kernel tells, and the others are read."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby
from operator import itemgetter

import numpy as np

from model.gates import Bits, gate
from model.native import candidates
from model.normalise import Normalised
from model.pay import PayFinder
from model.pay_words import Sense, Words
from model.stream import Places, text_of


class WageFinder:
    """Immutable once made; threads may share it."""

    def __init__(self, finder: PayFinder) -> None:
        self._finder = finder
        self._gates = gates_of(finder.words)

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
        numbers = candidates.find_wages(n.chars.codes, (t.first, t.last, t.field), bounds, self._gates)
        for field, of_field in groupby(numbers.tolist(), itemgetter(0)):
            start, end = bounds[field : field + 2].tolist()
            places = [place - start for _, place in of_field]
            yield start, end, None if places[0] < 0 else places


def gates_of(words: Words) -> Bits:
    """Gates of `Gates` in native/wages.c, a row each. What makes no pay by itself needs more words around."""
    before, after, near = words.before.words, words.after.words, words.near.words
    making = of_kinds(after, {"money", "scale", "ending"})
    weak = {word for word in making if not (after[word].sure or after[word].period)}
    return np.stack(
        [
            side(of_kinds(before, {"money", "scale"}), -1),
            side(making - weak, 1),
            side(weak, 1),
            side(of_kinds(after, {"joiner"}), 1),
            side(of_kinds(near, {"period", "pay"}), -1),
            side(of_kinds(near, {"period", "pay", "from"}), 1),
        ]
    )


def of_kinds(words: Mapping[str, Sense], kinds: Set[str]) -> Set[str]:
    """The words of these kinds."""
    return {word for word, sense in words.items() if sense.kind in kinds}


def side(words: Set[str], step: int) -> Bits:
    """The gate of words that stand on one side of a number, read away from it (step -1: backward)."""
    return gate(word[::step] for word in words)
