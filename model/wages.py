"""Pay of a batch as cues. Most numbers of adverts (ages, dates, years of work) cannot be pay: arrays tell, and only the others are read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.gates import MOST, SEEN, Bits, Gates
from model.normalise import Normalised
from model.pay import PayFinder
from model.pay_words import FOREIGN_SHARE, PARTS, SPACES, Edge
from model.stream import Places, text_of
from model.tables import Codes, is_digit

MAKING = frozenset(("money", "scale", "joiner", "ending"))
"""Kinds of words that can make pay of a small number or a year that they stand beside."""
FEW = 8
"""Fewer numbers are read sooner than sorted out."""
IS_PART, IS_SPACE = (np.array([chr(c) in signs for c in range(0x2100)]) for signs in (PARTS, SPACES))


class WageFinder:
    """Immutable once made; threads may share it."""

    def __init__(self, finder: PayFinder) -> None:
        self._finder = finder
        self._before, self._after = gates(finder.words.before), gates(finder.words.after)

    def __call__(self, n: Normalised) -> tuple[list[str], Places]:
        """Names of cues, one for each thing that pay tells, and first and last token, shape (cues, 2). Each field is read by itself."""
        told = [told for a, b, places in self._worth_reading(n) for told in self._told(text_of(n.chars.codes[a:b]), a, places)]
        place = np.array([at for _, *at in told], np.int64).reshape(-1, 2)
        token = np.maximum(np.searchsorted(n.tokens.first, place, side="right") - 1, 0)
        return [name for name, *_ in told], np.maximum.accumulate(token, axis=1).astype(np.int32)

    def _told(self, text: str, start: int, places: Sequence[int] | None) -> Iterator[tuple[str, int, int]]:
        """Cues of one field that starts at this character, with the first and last character that tell them."""
        pays = self._finder.find(text, places=places)
        yield from ((name, start + pay.start, start + pay.end - 1) for name, pay in self._finder.cues(pays, text))

    def _worth_reading(self, n: Normalised) -> Iterator[tuple[int, int, Sequence[int] | None]]:
        """Fields that may tell pay: first character, the one past the last, and where in the field numbers start; None for all of them."""
        codes, tokens = n.chars.codes, n.tokens
        number = np.flatnonzero(is_digit(codes.take(tokens.first)))
        if not len(number):
            return
        bounds = np.searchsorted(n.chars.start, np.append(n.sheet.starts, len(n.sheet.codes)))
        odd = np.searchsorted(np.flatnonzero((codes > 127) | (codes == ord("?"))), bounds)
        foreign = np.diff(odd) * FOREIGN_SHARE > np.diff(bounds)
        first, field = tokens.first[number], tokens.field[number]
        fine = foreign[field] | (len(number) < FEW or self._may_be_pay(codes, first, tokens.last[number] + 1))
        starts: dict[int, list[int]] = defaultdict(list)
        for f, place in zip(field[fine].tolist(), (first - bounds[field])[fine].tolist(), strict=True):
            starts[f].append(place)
        for f, places in starts.items():
            yield int(bounds[f]), int(bounds[f + 1]), None if foreign[f] else places

    def _may_be_pay(self, codes: Codes, first: Places, end: Places) -> NDArray[np.bool_]:
        """Whether numbers [first, end) are large and no years, go on, follow foreign letters, or stand beside what can make them pay."""
        size, before, after = end - first, codes.take(first - 1, mode="clip"), codes.take(end, mode="clip")
        far = codes.take(first[:, None] - np.arange(1, 4), mode="clip")
        goes_on = IS_PART.take(after, mode="clip") & is_digit(codes.take(end + 1, mode="clip"))
        plain = ((size < 3) & (far < 128).all(axis=1)) | is_year(codes, first, size)
        left, right = first - 1 - IS_SPACE.take(before, mode="clip"), end + (after == ord(" "))
        making = whole(self._before, codes, left, -1) | whole(self._after, codes, right, 1)
        fine: NDArray[np.bool_] = ~plain | goes_on | (making != 0)
        return fine


def whole(gates: Gates, codes: Codes, edge: Places, step: int) -> Bits:
    """Lengths, as bits, of words that may stand here and end; short ones do not where a plain letter goes on behind their last."""
    letter = codes.take(edge[:, None] + np.arange(SEEN) * step, mode="clip") - np.uint32(97) < 26
    goes_on = (letter[:, :-1] & letter[:, 1:]) @ (1 << np.arange(1, SEEN, dtype=np.uint32))
    return gates.lengths(codes, edge, step) & ~goes_on


def is_year(codes: Codes, first: Places, size: Places) -> NDArray[np.bool_]:
    """Whether numbers are years from 1901 to 2099 that are no round hundred."""
    digit = codes.take(first[:, None] + np.arange(4), mode="clip").astype(np.int64) - 48
    value = digit @ np.array([1000, 100, 10, 1])
    year: NDArray[np.bool_] = (size == 4) & (value > 1900) & (value < 2100) & (value % 100 > 0)
    return year


def gates(edge: Edge) -> Gates:
    """Gates of the words of one side of a number that can make it pay, read away from the number."""
    words = [word[::-1] if edge.tail else word for word, sense in edge.words.items() if sense.kind in MAKING]
    return Gates.of(([ord(c) for c in word[:SEEN]], min(len(word), MOST)) for word in words)
