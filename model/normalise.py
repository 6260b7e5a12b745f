"""From adverts to tokens, with a map back: markup, folding, contacts, disguises, then words and signs with single spaces between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.contacts import masked
from model.disguise import unmask
from model.folding import fold
from model.markup import plain
from model.stream import Note, Places, Sheet, Stream, text_of
from model.tables import BREAK, SEPARATOR, UNSPACED, WORD, Tables


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
        stream, found = fold(stream, self.tables)
        notes += found
        loose = masked(stream)
        loose, found = unmask(loose, sheet, self.tables, self.vocabulary)
        chars = squeezed(loose, self.tables)
        return Normalised(sheet, loose, chars, text_of(chars.codes), tokens_of(chars, sheet, self.tables), tuple(sorted([*notes, *found], key=lambda n: n.start)))


def squeezed(stream: Stream, tables: Tables) -> Stream:
    """Runs of separators become one space, or nothing inside a script without spaces; the border between fields stays."""
    apart = tables.kind[tables.rows(stream.codes)] == SEPARATOR
    border = stream.codes == BREAK
    keep = ~apart | border
    keep[1:] |= ~apart[:-1]
    codes = np.where(apart & ~border, np.uint32(32), stream.codes)
    return unspaced(Stream(codes, stream.start, stream.end).keep(keep), tables)


def unspaced(stream: Stream, tables: Tables) -> Stream:
    """Drop the space between two characters of a script without spaces."""
    inside = tables.kind[tables.rows(stream.codes)] == UNSPACED
    drop = stream.codes == 32
    drop[[0, -1]] = False
    drop[1:-1] &= inside[:-2] & inside[2:]
    return stream.keep(~drop) if drop.any() else stream


def tokens_of(chars: Stream, sheet: Sheet, tables: Tables) -> Tokens:
    """Cut into tokens: at separators, around signs and unspaced characters, between digits and letters, between scripts."""
    rows = tables.rows(chars.codes)
    kind = tables.kind[rows]
    content = kind != SEPARATOR
    digit = (chars.codes >= 48) & (chars.codes <= 57)
    script = tables.script[rows]
    begin = content.copy()
    joined = (kind[1:] == WORD) & (kind[:-1] == WORD) & (digit[1:] == digit[:-1])
    joined &= (script[1:] == script[:-1]) | (script[1:] == 0) | (script[:-1] == 0)
    begin[1:] &= ~joined
    first = np.flatnonzero(begin).astype(np.int32)
    over = np.append(begin[1:] | ~content[1:], True) & content
    last = np.flatnonzero(over).astype(np.int32)
    return Tokens(first, last, sheet.field_of(chars.start[first]), kind[first] == UNSPACED)


