"""From adverts to tokens, with a map back: markup, folding, contacts, disguises, then words and signs with single spaces between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.contacts import masked
from model.disguise import leet, look_alikes, spaced
from model.folding import fold
from model.markup import plain
from model.stream import Note, Places, Sheet, Stream, text_of
from model.tables import BREAK, DENSE, FOREIGN, SEPARATOR, UNSPACED, WORD, Kinds, Tables


@dataclass(frozen=True)
class Tokens:
    """Words, signs, and single characters of scripts without spaces.

    first, last: int32, index of the first and last character in `Normalised.text`, inclusive. field: index into the sheet's fields.
    unspaced: bool, a character of a script without spaces. All of shape (t,), in reading order.
    """

    first: Places
    last: Places
    field: Places
    unspaced: NDArray[np.bool_]


@dataclass(frozen=True)
class Normalised:
    """A batch of adverts, normalised.

    text: what phrases are looked for in: folded words, signs and contact tokens with one space between, fields parted by BREAK.
    chars: the same as arrays with the map back to the sheet. loose: before punctuation was dropped (numbers need it).
    notes: disguises that were undone, by place on the sheet.
    """

    sheet: Sheet
    loose: Stream
    chars: Stream
    text: str
    tokens: Tokens
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Normaliser:
    """Character tables, and the words that the seeds know (folded), which decide what reads as leet."""

    tables: Tables
    vocabulary: frozenset[str] = frozenset()

    def __call__(self, batch: Sequence[Advert]) -> Normalised:
        """Normalise a batch of at least one advert. Each advert's result is the same whatever stands beside it."""
        sheet = Sheet.of(batch)
        stream, notes = plain(Stream.of(sheet))
        stream, found, traits = fold(stream, self.tables)
        loose, kinds, undone = self._unmasked(masked(stream), sheet, traits)
        chars, kinds = squeezed(loose, kinds, traits)
        tokens = tokens_of(chars, kinds, sheet, self.tables, traits)
        every = sorted([*notes, *found, *undone], key=lambda n: n.start)
        return Normalised(sheet, loose, chars, text_of(chars.codes), tokens, tuple(every))

    def _unmasked(self, stream: Stream, sheet: Sheet, traits: int) -> tuple[Stream, Kinds, list[Note]]:
        """Undo look-alikes, then spacing, then leet; with the kinds of what is left."""
        kinds = self.tables.kinds(stream.codes)
        notes: list[Note] = []
        if traits & FOREIGN:
            stream, notes = look_alikes(stream, kinds, sheet, self.tables)
        apart, found = spaced(stream, kinds)
        kinds = kinds if apart is stream else self.tables.kinds(apart.codes)
        out, read = leet(apart, kinds, self.vocabulary)
        return out, kinds if out is apart else self.tables.kinds(out.codes), [*notes, *found, *read]


def squeezed(stream: Stream, kinds: Kinds, traits: int) -> tuple[Stream, Kinds]:
    """Runs of separators become one space, or nothing inside a script without spaces; the border between fields stays."""
    content = kinds != SEPARATOR
    border = stream.codes == BREAK
    keep = content | border
    keep[1:] |= content[:-1]
    codes = np.where(content | border, stream.codes, np.uint32(32))
    out, kinds = Stream(codes, stream.start, stream.wide).keep(keep), kinds[keep]
    return dense(out, kinds) if traits & DENSE else (out, kinds)


def dense(stream: Stream, kinds: Kinds) -> tuple[Stream, Kinds]:
    """Drop the space between two characters of a script without spaces."""
    inside = kinds == UNSPACED
    keep = stream.codes != 32
    keep[1:-1] |= ~(inside[:-2] & inside[2:])
    keep[[0, -1]] = True
    return stream.keep(keep), kinds[keep]


def tokens_of(chars: Stream, kinds: Kinds, sheet: Sheet, tables: Tables, traits: int) -> Tokens:
    """Cut into tokens: at separators, around signs and unspaced characters, between digits and letters, between scripts."""
    digit = chars.codes - np.uint32(48) < 10
    word = kinds == WORD
    joined = word[1:] & word[:-1] & (digit[1:] == digit[:-1])
    if traits & FOREIGN:
        script = tables.script.take(tables.rows(chars.codes))
        joined &= (script[1:] == script[:-1]) | (script[1:] == 0) | (script[:-1] == 0)
    content = kinds != SEPARATOR
    begin, over = content.copy(), content.copy()
    begin[1:] &= ~joined
    over[:-1] &= ~joined
    first = np.flatnonzero(begin).astype(np.int32)
    bounds = np.searchsorted(chars.start[first], sheet.starts)
    sizes = np.diff(np.append(bounds, len(first)))
    field = np.repeat(np.arange(len(sheet.starts), dtype=np.int32), sizes)
    return Tokens(first, np.flatnonzero(over).astype(np.int32), field, kinds[first] == UNSPACED)
