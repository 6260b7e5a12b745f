"""Undoes what hides a word from a reader of words: look-alike letters, spaced or dotted letters, digits and signs for letters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.folding import runs
from model.stream import Edit, Note, Places, Sheet, Stream, apart, text_of
from model.tables import CYRILLIC, GREEK, LATIN, UNSPACED, WORD, Tables

LEET = str.maketrans("013457@$!8", "oieastasib")
LEET_L = str.maketrans("013457@$!8", "oleastaslb")
FEWEST_SPACED, FEWEST_SPACED_UNSPACED, LONGEST_WORD, SHORTEST_LEET = 4, 4, 40, 4
CYRILLIC_LIKE = dict(zip("acehkmoptxyibjs", "асенкмортхуівјѕ", strict=True))


@dataclass(frozen=True)
class Words:
    """Runs of word characters in a stream: index of first and last character, both int32, shape (w,)."""

    first: Places
    last: Places


def words_of(stream: Stream, tables: Tables) -> Words:
    """Runs of WORD characters."""
    return Words(*runs(tables.kind[tables.rows(stream.codes)] == WORD))


def unmask(stream: Stream, sheet: Sheet, tables: Tables, vocabulary: frozenset[str]) -> tuple[Stream, list[Note]]:
    """Undo look-alikes, then spacing, then leet. Notes `confusable`, `spaced` and `leet`."""
    notes: list[Note] = []
    stream = look_alikes(stream, sheet, tables, notes)
    stream = spaced(stream, tables, notes)
    return leet(stream, tables, vocabulary, notes), notes


def look_alikes(stream: Stream, sheet: Sheet, tables: Tables, notes: list[Note]) -> Stream:
    """Letters of another script inside a Latin or Cyrillic word become the letters they are taken for (UTS #39)."""
    rows = tables.rows(stream.codes)
    scripts = np.where(tables.kind[rows] == WORD, tables.script[rows], 0).astype(np.uint8)
    if not (scripts > LATIN).any():
        return stream
    codes = stream.codes.copy()
    for i, j in mixed(words_of(stream, tables), scripts, stream, sheet):
        mend(codes, stream, sheet, tables, (i, j), scripts[i : j + 1])
    for k in np.flatnonzero(codes != stream.codes).tolist():
        notes.append(Note("confusable", int(stream.start[k]), int(stream.end[k])))
    return Stream(codes, stream.start, stream.end)


def mixed(words: Words, scripts: NDArray[np.uint8], stream: Stream, sheet: Sheet) -> list[tuple[int, int]]:
    """Words with letters of more than one script, and Cyrillic or Greek words in a field that is mostly Latin."""
    letters = np.where(scripts > 0, scripts, 255).astype(np.uint8)
    low = np.minimum.reduceat(letters, words.first)
    high = np.maximum.reduceat(scripts, words.first)
    field = sheet.field_of(stream.start)
    latin = np.bincount(field, scripts == LATIN, minlength=len(sheet.starts))
    mostly = latin > 0.6 * np.bincount(field, scripts > 0, minlength=len(sheet.starts))
    suspect = (low != high) & (low < 255) | (high > LATIN) & (high <= GREEK) & mostly[field[words.first]]
    return list(zip(words.first[suspect].tolist(), words.last[suspect].tolist(), strict=True))


def mend(codes: NDArray[np.uint32], stream: Stream, sheet: Sheet, tables: Tables, word: tuple[int, int], scripts: NDArray[np.uint8]) -> None:
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


def spaced(stream: Stream, tables: Tables, notes: list[Note]) -> Stream:
    """Four or more single letters, each parted from the next by the same single sign, close up to a word."""
    kinds = tables.kind[tables.rows(stream.codes)]
    letter = ((kinds == WORD) & (stream.codes > 57)) | (kinds == UNSPACED)
    single = letter.copy()
    single[1:] &= ~letter[:-1]
    single[:-1] &= ~letter[1:]
    link = np.zeros(len(letter), np.bool_)
    link[1:-1] = single[:-2] & single[2:] & (kinds[1:-1] != WORD) & ~letter[1:-1]
    link[3:] &= (stream.codes[3:] == stream.codes[1:-2]) | ~link[1:-2]
    drop = np.zeros(len(letter), np.bool_)
    first, last = runs(single | link)
    long = (last - first) // 2 + 1 >= FEWEST_SPACED
    for i, j in zip(first[long].tolist(), last[long].tolist(), strict=True):
        drop[i : j + 1] = link[i : j + 1]
        notes.append(Note("spaced", int(stream.start[i]), int(stream.end[j])))
    return stream.keep(~drop) if drop.any() else stream


def leet(stream: Stream, tables: Tables, vocabulary: frozenset[str], notes: list[Note]) -> Stream:
    """Digits and signs that stand for letters are read as letters where that makes a word that the seeds know."""
    edits: list[Edit] = []
    for i, j in candidates(stream, tables):
        written = text_of(stream.codes[i:j])
        if written in vocabulary:
            continue
        for table in (LEET, LEET_L):
            meant = written.translate(table)
            if meant in vocabulary:
                edits += [(i + k, i + k + 1, (ord(c),)) for k, c in enumerate(meant) if c != written[k]]
                notes.append(Note("leet", int(stream.start[i]), int(stream.end[j - 1])))
                break
    return stream.edited(apart(edits))


def candidates(stream: Stream, tables: Tables) -> list[tuple[int, int]]:
    """Stretches [i, j) of letters with digits or signs among them, two letters at least."""
    codes = stream.codes
    letter = tables.kind[tables.rows(codes)] == WORD
    digit = (codes >= 48) & (codes <= 57)
    sign = np.isin(codes, (ord("@"), ord("$"), ord("!")))
    letter &= ~digit
    sign[-1:] = False
    sign[:-1] &= letter[1:] | digit[1:]
    if not (digit.any() or sign.any()):
        return []
    first, last = runs(letter | digit | sign)
    counts = np.add.reduceat(letter.astype(np.int32), first)
    wide = last - first + 1
    fine = (counts >= 2) & (counts < wide) & (wide >= SHORTEST_LEET) & (wide <= LONGEST_WORD)
    return list(zip(first[fine].tolist(), (last[fine] + 1).tolist(), strict=True))
