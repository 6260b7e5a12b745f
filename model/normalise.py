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
from model.native import kernel
from model.stream import Note, Places, Sheet, Stream, text_of
from model.tables import EMAIL, FOREIGN, HANDLE, PHONE, URL, Tables

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

    sheet: the callers' own characters. written: those without markup, entities as what they mean. chars: folded characters, punctuation
    included; both with the map back to the sheet. tokens: over `chars`. notes: disguises that were undone, by place on the sheet.
    """

    sheet: Sheet
    written: Stream
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
        written, notes = plain(Stream.of(sheet))
        stream, found, traits = fold(written, self.tables)
        chars, tokens, undone = self._unmasked(masked(stream), sheet, traits)
        return Normalised(sheet, written, chars, tokens, tuple(sorted([*notes, *found, *undone], key=lambda n: n.start)))

    def _unmasked(self, stream: Stream, sheet: Sheet, traits: int) -> tuple[Stream, Tokens, list[Note]]:
        """Undo look-alikes, then spacing, then leet; with the tokens of what is left."""
        notes = list[Note]()
        if traits & FOREIGN:
            stream, notes = look_alikes(stream, sheet, self.tables)
        tokens = tokens_of(stream, sheet, self.tables)
        apart, found = spaced(stream, self.tables, tokens.first, tokens.last)
        out, read = leet(apart, self.tables, self.vocabulary)
        if out is not stream:
            tokens = tokens_of(out, sheet, self.tables)
        return out, tokens, [*notes, *found, *read]


def tokens_of(chars: Stream, sheet: Sheet, tables: Tables) -> Tokens:
    """Cut into tokens: at separators, around signs and unspaced characters, between digits and letters, between scripts."""
    return Tokens(*kernel.cut_tokens(chars.codes, chars.start, tables.cut, sheet.starts))
