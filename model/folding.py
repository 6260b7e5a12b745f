"""Case, compatibility forms, accents, local digits and invisible characters, by table."""

import numpy as np
from numpy.typing import NDArray

from model.native import candidates, kernel
from model.stream import Note, Places, Stream
from model.tables import COMPOSES, CYRILLIC, GREEK, INVISIBLE, LATIN, STYLED, Tables, is_digit

HANGUL_LEAD, HANGUL_VOWEL, HANGUL_TAIL, HANGUL = 0x1100, 0x1161, 0x11A7, 0xAC00
VOICED, SEMI_VOICED = 0x3099, 0x309A


def fold(stream: Stream, tables: Tables) -> tuple[Stream, list[Note], int]:
    """Fold every character; drop what cannot be seen.

    Returns the stream, notes `invisible` (between letters that need none) and `styled`, and the traits that stand anywhere in the batch.
    """
    codes, start, traits = kernel.fold_characters(stream.codes, stream.start, tables.look, tables.expansions)
    if traits & COMPOSES:
        stream = compose(stream)
        codes, start, traits = kernel.fold_characters(stream.codes, stream.start, tables.look, tables.expansions)
    notes = hidden(stream, tables) if traits & INVISIBLE else []
    notes += dressed(stream, tables) if traits & STYLED else []
    return Stream(codes, start, stream.wide), notes, traits


def hidden(stream: Stream, tables: Tables) -> list[Note]:
    """Runs of invisible characters inside a word of a script that has no use for them."""
    places = candidates.find_runs(stream.codes, tables.look, INVISIBLE)
    places = places[(places[:, 0] > 0) & (places[:, 1] < len(stream.codes))]
    inside = plain(stream, tables, places[:, 0] - 1) & plain(stream, tables, places[:, 1])
    return [Note("invisible", int(stream.start[i]), stream.end(j - 1)) for i, j in places[inside].tolist()]


def plain(stream: Stream, tables: Tables, at: Places) -> NDArray[np.bool_]:
    """Whether these are letters of a script that has no use for invisible characters, or ASCII digits."""
    codes = stream.codes[at]
    script = tables.script[tables.rows(codes)]
    fine: NDArray[np.bool_] = (script == LATIN) | (script == CYRILLIC) | (script == GREEK) | is_digit(codes)
    return fine


def dressed(stream: Stream, tables: Tables) -> list[Note]:
    """Runs of styled letters or digits."""
    places = candidates.find_runs(stream.codes, tables.look, STYLED)
    return [Note("styled", int(stream.start[i]), stream.end(j - 1)) for i, j in places.tolist()]


def runs(mask: NDArray[np.bool_]) -> tuple[Places, Places]:
    """First and last index of every run of True."""
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    if len(mask) and mask[0]:
        edges = np.concatenate([[0], edges])
    if len(edges) % 2:
        edges = np.append(edges, len(mask))
    return edges[::2].astype(np.int32), (edges[1::2] - 1).astype(np.int32)


def compose(stream: Stream) -> Stream:
    """Put together Korean letters and Japanese voice marks that came apart (as some systems type them)."""
    return kana(hangul(stream))


def hangul(stream: Stream) -> Stream:
    """Lead + vowel (+ tail) to one syllable, by Unicode's arithmetic."""
    codes = stream.codes.astype(np.int64)
    lead = (codes[:-1] >= HANGUL_LEAD) & (codes[:-1] < HANGUL_LEAD + 19)
    lead &= (codes[1:] >= HANGUL_VOWEL) & (codes[1:] < HANGUL_VOWEL + 21)
    edits = []
    for i in np.flatnonzero(lead).tolist():
        tail = int(codes[i + 2]) - HANGUL_TAIL if i + 2 < len(codes) else 0
        tail = tail if 0 < tail < 28 else 0
        syllable = HANGUL + (int(codes[i] - HANGUL_LEAD) * 21 + int(codes[i + 1] - HANGUL_VOWEL)) * 28 + tail
        edits.append((i, i + 2 + (tail > 0), (syllable,)))
    return stream.edited(edits)


def kana(stream: Stream) -> Stream:
    """Kana + voice mark to the voiced kana, its neighbour in the code chart."""
    codes = stream.codes
    mark = (codes[1:] == VOICED) | (codes[1:] == SEMI_VOICED)
    at = np.flatnonzero(mark & (codes[:-1] >= 0x3040) & (codes[:-1] < 0x3100))
    step = {VOICED: 1, SEMI_VOICED: 2}
    return stream.edited((i, i + 2, (int(codes[i]) + step[int(codes[i + 1])],)) for i in at.tolist())
