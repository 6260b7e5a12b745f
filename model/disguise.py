"""Undoes what hides a word from a reader of words: look-alike letters, spaced or dotted letters, digits and signs for letters.

Each trick is first looked for over all characters; only the few words that show it are looked at one by one.
"""

import numpy as np
from numpy.typing import NDArray

from model.folding import runs
from model.native import candidates
from model.stream import Note, Places, Sheet, Stream, text_of
from model.tables import CYRILLIC, GREEK, LATIN, LETTER, NUMERAL, Tables

LEET = str.maketrans("013457@$!8", "oieastasib")
LEET_L = str.maketrans("013457@$!8", "oleastaslb")
LONGEST_WORD = 40
CYRILLIC_LIKE = dict(zip("acehkmoptxyibjs", "асенкмортхуівјѕ", strict=True))


def look_alikes(stream: Stream, sheet: Sheet, tables: Tables) -> tuple[Stream, list[Note]]:
    """Letters of another script inside a Latin or Cyrillic word become the letters they are taken for (UTS #39)."""
    cut = tables.cut.take(tables.rows(stream.codes))
    codes, changed = stream.codes.copy(), list[int]()
    for a, b in stretches(np.flatnonzero(cut > LETTER + LATIN), np.searchsorted(stream.start, sheet.starts), len(codes)):
        part = Stream(codes[a:b], stream.start[a:b], stream.wide)
        scripts = np.where(cut[a:b] > LETTER, cut[a:b] - np.uint8(LETTER), np.uint8(0))
        for i, j in mixed(runs(cut[a:b] >= NUMERAL), scripts, part, sheet):
            mend(part.codes, part, sheet, tables, (i, j), scripts[i : j + 1])
        changed += (np.flatnonzero(part.codes != stream.codes[a:b]) + a).tolist()
    return Stream(codes, stream.start, stream.wide), [Note("confusable", int(stream.start[k]), stream.end(k)) for k in changed]


def stretches(places: NDArray[np.intp], starts: NDArray[np.intp], size: int) -> list[tuple[int, int]]:
    """Runs of whole fields that hold any of these places, half-open; starts: where the fields start, size: where the last ends."""
    held = np.zeros(len(starts) + 1, np.bool_)
    held[np.searchsorted(starts, places, side="right") - 1] = True
    first, last = runs(held)
    bounds = np.append(starts, size)
    return list(zip(bounds[first].tolist(), bounds[last + 1].tolist(), strict=True))


def mixed(words: tuple[Places, Places], scripts: NDArray[np.uint8], stream: Stream, sheet: Sheet) -> list[tuple[int, int]]:
    """Words with letters of more than one script, and Cyrillic or Greek words in a field that is mostly Latin."""
    first, last = words
    letters = np.where(scripts > 0, scripts, 255).astype(np.uint8)
    low = np.minimum.reduceat(letters, first)
    high = np.maximum.reduceat(scripts, first)
    field = sheet.field_of(stream.start)
    latin = np.bincount(field, scripts == LATIN, minlength=len(sheet.starts))
    mostly = latin > 0.6 * np.bincount(field, scripts > 0, minlength=len(sheet.starts))
    suspect = (low != high) & (low < 255) | (high > LATIN) & (high <= GREEK) & mostly[field[first]]
    return list(zip(first[suspect].tolist(), last[suspect].tolist(), strict=True))


def mend(
    codes: NDArray[np.uint32], stream: Stream, sheet: Sheet, tables: Tables, word: tuple[int, int], scripts: NDArray[np.uint8]
) -> None:
    """Rewrite one suspect word in place. A letter that looks like none of the word's own script stays."""
    i, j = word[0], word[1] + 1
    if j - i > LONGEST_WORD:
        return
    original = tables.latin[tables.rows(sheet.codes[stream.start[i:j]])]
    like = np.where(original > 0, original, tables.latin[tables.rows(codes[i:j])])
    latin, cyrillic = np.count_nonzero(scripts == LATIN), np.count_nonzero(scripts == CYRILLIC)
    foreign = (scripts != LATIN) & (scripts > 0)
    if cyrillic > latin and not (like[foreign] > 0).all():
        for k in np.flatnonzero(scripts == LATIN).tolist():
            codes[i + k] = ord(CYRILLIC_LIKE.get(chr(codes[i + k]), chr(codes[i + k])))
    elif (like[foreign] > 0).all() and (latin or j - i > 2):
        codes[i:j] = np.where(foreign, like, codes[i:j])


def spaced(stream: Stream, tables: Tables, first: Places, last: Places) -> tuple[Stream, list[Note]]:
    """Four or more single letters, each parted from the next by the same sign, close up to a word. first, last: of the tokens."""
    places = candidates.find_spaced(stream.codes, tables.kind, first, last).tolist()
    if not places:
        return stream, []
    kept = np.ones(len(stream.codes), np.bool_)
    for i, j in places:
        kept[i + 1 : j : 2] = False
    return stream.keep(kept), [Note("spaced", int(stream.start[i]), stream.end(j - 1)) for i, j in places]


def leet(stream: Stream, tables: Tables, vocabulary: frozenset[str]) -> tuple[Stream, list[Note]]:
    """Digits and signs that stand for letters are read as letters where that makes a word that the seeds know."""
    codes, notes = stream.codes, []
    for i, j in candidates.find_leet(codes, tables.kind).tolist():
        written = text_of(codes[i:j])
        meant = next((w for w in (written.translate(LEET), written.translate(LEET_L)) if w in vocabulary), written)
        if meant != written and written not in vocabulary:
            codes = codes.copy() if codes is stream.codes else codes
            codes[i:j] = [ord(c) for c in meant]
            notes.append(Note("leet", int(stream.start[i]), stream.end(j - 1)))
    return Stream(codes, stream.start, stream.wide) if notes else stream, notes
