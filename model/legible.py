"""What the encoder reads: the advert with markup, contacts and disguises undone, but accents and script as they were written."""

from dataclasses import dataclass

import numpy as np

from model.normalise import Normalised
from model.stream import text_of
from model.tables import BREAK, EMAIL, HANDLE, PHONE, URL, Tables

SIGNS = {URL: 0x1F517, EMAIL: 0x2709, PHONE: 0x260E, HANDLE: 0x40, BREAK: 0x0A}
"""One character that every vocabulary knows for each contact and for the border between two fields."""

LOST = 0xFFFD
"""Stands for a lone surrogate, which no tokenizer reads."""


@dataclass(frozen=True, slots=True)
class Legible:
    """text: one code point for every normalised character; text[i] stands for `Normalised.chars` at first + i."""

    text: str
    first: int


def legible(n: Normalised, tables: Tables, adverts: int) -> list[Legible]:
    """Texts of a batch of that many adverts, lower case: the callers' own characters, and where they were disguised what they mean."""
    codes = n.chars.codes
    own = n.written.codes.take(np.searchsorted(n.written.start, n.chars.start))
    rows = tables.rows(own)
    honest = (tables.fold.take(rows) == codes) & ~tables.styled.take(rows)
    read = np.where(honest, own, codes)
    read[(read >= 0xD800) & (read < 0xE000)] = LOST
    for private, sign in SIGNS.items():
        read[codes == private] = sign
    fields = np.searchsorted(n.sheet.adverts, np.arange(adverts))
    begins = np.append(np.searchsorted(n.chars.start, n.sheet.starts[fields]), len(codes))
    return [Legible(lower(text_of(read[a:b])), int(a)) for a, b in zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True)]


def lower(text: str) -> str:
    """Lower case without changing the length."""
    out = text.lower()
    return out if len(out) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
