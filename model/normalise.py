"""From adverts to tokens, with a map back: markup, folding, contacts, disguises, then words, signs and single characters."""

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
from model.tables import EMAIL, FOREIGN, HANDLE, PHONE, SEPARATOR, UNSPACED, URL, WORD, Kinds, Tables, is_digit

NAMES = {URL: "<url>", EMAIL: "<email>", PHONE: "<phone>", HANDLE: "<handle>"}


@dataclass(frozen=True)
class Tokens:
    """Words, signs, and single characters of scripts without spaces.

    first, last: int32, index of the first and last character in `Normalised.chars`, inclusive. field: index into the sheet's fields.
    unspaced: bool, a character of a script without spaces. All of shape (t,), in reading order.
    """

    first: Places
    last: Places
    field: Places
    unspaced: NDArray[np.bool_]


@dataclass(frozen=True)
class Normalised:
    """A batch of adverts, normalised.

    sheet: the callers' own characters. chars: folded characters with the map back to the sheet, punctuation included. tokens: over `chars`.
    notes: disguises that were undone, by place on the sheet.
    """

    sheet: Sheet
    chars: Stream
    tokens: Tokens
    notes: tuple[Note, ...]

    def token_text(self, i: int) -> str:
        """The folded text of a token; contacts by name."""
        text = text_of(self.chars.codes[self.tokens.first[i] : self.tokens.last[i] + 1])
        return NAMES.get(ord(text), text) if len(text) == 1 else text


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
        chars, tokens, undone = self._unmasked(masked(stream), sheet, traits)
        return Normalised(sheet, chars, tokens, tuple(sorted([*notes, *found, *undone], key=lambda n: n.start)))

    def _unmasked(self, stream: Stream, sheet: Sheet, traits: int) -> tuple[Stream, Tokens, list[Note]]:
        """Undo look-alikes, then spacing, then leet; with the tokens of what is left."""
        kinds, notes = self.tables.kinds(stream.codes), list[Note]()
        if traits & FOREIGN:
            stream, notes = look_alikes(stream, kinds, sheet, self.tables)
        tokens = tokens_of(stream, kinds, sheet, self.tables, traits)
        apart, found = spaced(stream, kinds, tokens.first, tokens.last)
        kinds = kinds if apart is stream else self.tables.kinds(apart.codes)
        out, read = leet(apart, kinds, self.vocabulary)
        if out is not stream:
            tokens = tokens_of(out, self.tables.kinds(out.codes), sheet, self.tables, traits)
        return out, tokens, [*notes, *found, *read]


def tokens_of(chars: Stream, kinds: Kinds, sheet: Sheet, tables: Tables, traits: int) -> Tokens:
    """Cut into tokens: at separators, around signs and unspaced characters, between digits and letters, between scripts."""
    digit = is_digit(chars.codes)
    word = kinds == WORD
    joined = word[1:] & word[:-1] & (digit[1:] == digit[:-1])
    if traits & FOREIGN:
        script = tables.script.take(tables.rows(chars.codes))
        joined &= (script[1:] == script[:-1]) | (script[1:] == 0) | (script[:-1] == 0)
    content = kinds != SEPARATOR
    begin, over = content.copy(), content
    begin[1:] &= ~joined
    over[:-1] &= ~joined
    first = np.flatnonzero(begin).astype(np.int32)
    bounds = np.searchsorted(chars.start[first], sheet.starts)
    field = np.repeat(np.arange(len(sheet.starts), dtype=np.int32), np.diff(np.append(bounds, len(first))))
    return Tokens(first, np.flatnonzero(over).astype(np.int32), field, kinds[first] == UNSPACED)
