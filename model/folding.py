"""Case, compatibility forms, accents, local digits and invisible characters, by table."""

import numpy as np
from numpy.typing import NDArray

from model.stream import Note, Places, Stream
from model.tables import CYRILLIC, GREEK, LATIN, Tables

HANGUL_LEAD, HANGUL_VOWEL, HANGUL_TAIL, HANGUL = 0x1100, 0x1161, 0x11A7, 0xAC00
VOICED, SEMI_VOICED = 0x3099, 0x309A


def fold(stream: Stream, tables: Tables) -> tuple[Stream, list[Note]]:
    """Fold every character; drop what cannot be seen. Notes `invisible` (between letters that need none) and `styled`."""
    stream = compose(stream)
    rows = tables.rows(stream.codes)
    folded = tables.fold[rows]
    notes = [*hidden(stream, rows, tables), *dressed(stream, rows, tables)]
    several = ((i, i + 1, tables.expand[int(rows[i])]) for i in np.flatnonzero(tables.several[rows]).tolist())
    out = Stream(folded, stream.start, stream.end).edited(several)
    return out.keep(out.codes > 0), notes


def hidden(stream: Stream, rows: NDArray[np.intp], tables: Tables) -> list[Note]:
    """Runs of invisible characters inside a word of a script that has no use for them."""
    mask = tables.invisible[rows]
    if not mask.any():
        return []
    plain = np.isin(tables.script[rows], (LATIN, CYRILLIC, GREEK)) | ((stream.codes >= 48) & (stream.codes <= 57))
    first, last = runs(mask)
    inside = (first > 0) & (last < len(rows) - 1)
    first, last = first[inside], last[inside]
    inside = plain[first - 1] & plain[last + 1]
    return [Note("invisible", int(stream.start[i]), int(stream.end[j])) for i, j in zip(first[inside], last[inside], strict=True)]


def dressed(stream: Stream, rows: NDArray[np.intp], tables: Tables) -> list[Note]:
    """Runs of styled letters or digits."""
    mask = tables.styled[rows]
    if not mask.any():
        return []
    return [Note("styled", int(stream.start[i]), int(stream.end[j])) for i, j in zip(*runs(mask), strict=True)]


def runs(mask: NDArray[np.bool_]) -> tuple[Places, Places]:
    """First and last index of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return edges[::2].astype(np.int32), (edges[1::2] - 1).astype(np.int32)


def compose(stream: Stream) -> Stream:
    """Put together Korean letters and Japanese voice marks that came apart (as some systems type them)."""
    codes = stream.codes
    if (codes >= HANGUL_LEAD).any() and ((codes >= HANGUL_LEAD) & (codes < 0x1200)).any():
        stream = hangul(stream)
    if np.isin(stream.codes, (VOICED, SEMI_VOICED)).any():
        stream = kana(stream)
    return stream


def hangul(stream: Stream) -> Stream:
    """Lead + vowel (+ tail) to one syllable, by Unicode's arithmetic."""
    codes = stream.codes.astype(np.int64)
    lead = (codes[:-1] >= HANGUL_LEAD) & (codes[:-1] < HANGUL_LEAD + 19) & (codes[1:] >= HANGUL_VOWEL) & (codes[1:] < HANGUL_VOWEL + 21)
    edits = []
    for i in np.flatnonzero(lead).tolist():
        tail = int(codes[i + 2]) - HANGUL_TAIL if i + 2 < len(codes) else 0
        tail = tail if 0 < tail < 28 else 0
        syllable = HANGUL + (int(codes[i] - HANGUL_LEAD) * 21 + int(codes[i + 1] - HANGUL_VOWEL)) * 28 + tail
        edits.append((i, i + 2 + (tail > 0), (syllable,)))
    return stream.edited(edits)


def kana(stream: Stream) -> Stream:
    """Kana + voice mark to the voiced kana, its neighbour in the code chart."""
    marks = np.flatnonzero(np.isin(stream.codes[1:], (VOICED, SEMI_VOICED)) & (stream.codes[:-1] >= 0x3040) & (stream.codes[:-1] < 0x3100))
    step = {VOICED: 1, SEMI_VOICED: 2}
    return stream.edited((i, i + 2, (int(stream.codes[i]) + step[int(stream.codes[i + 1])],)) for i in marks.tolist())
