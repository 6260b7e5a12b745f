"""Keeps names of people and firms out of the public table: words that ads write with a capital wherever they stand."""

from collections.abc import Sequence

import numpy as np

from model.advert import Advert
from model.classifier import batches
from model.normalise import Normalised
from model.reading import Reader
from model.table import Hashes
from training.features import ReadAdverts

MOST_LOWER = 0.1
STOPS = frozenset(ord(c) for c in ".!?:;•·*-–—|/\n\r\t\"'“”‘’()[]{}<>#,\ue00f")


def capitalised(n: Normalised) -> tuple[list[str], list[int]]:
    """Every word of a batch, and 1 where it has a capital inside a sentence, 0 where it is lower case, -1 where case says nothing."""
    words, marks = [], []
    codes = n.sheet.codes
    for i, (first, last) in enumerate(zip(n.tokens.first.tolist(), n.tokens.last.tolist(), strict=True)):
        start, end = int(n.chars.start[first]), n.chars.end(last)
        written = "".join(map(chr, codes[start:end].tolist()))
        words.append(n.token_text(i))
        before = codes[max(0, start - 2) : start].tolist()
        opening = not before or any(c in STOPS for c in before)
        told = written[:1].isalpha() and written[:1].upper() != written[:1].lower()
        proper = written[:1].isupper() and not (len(written) > 1 and written.isupper())
        marks.append(-1 if not told or (opening and proper) or (written.isupper() and len(written) > 1) else int(proper))
    return words, marks


def proper_nouns(adverts: Sequence[Advert], reader: Reader, known: frozenset[str]) -> frozenset[str]:
    """Words that are hardly ever written in lower case and that no seed knows."""
    counts: dict[str, list[int]] = {}
    for batch in batches(adverts):
        for word, mark in zip(*capitalised(reader(batch).normalised), strict=True):
            if mark >= 0:
                counts.setdefault(word, [0, 0])[mark] += 1
    return frozenset(
        word for word, (lower, upper) in counts.items() if upper > 0 and lower <= MOST_LOWER * (lower + upper) and word not in known
    )


def banned(adverts: Sequence[Advert], step: ReadAdverts) -> Hashes:
    """Hashes of all n-grams that hold a proper noun."""
    reader = Reader(step.tables, step.knowledge)
    known = step.knowledge.vocabulary
    names = proper_nouns(adverts, reader, known)
    out = []
    for batch in batches(adverts):
        reading = reader(batch)
        n, grams = reading.normalised, reading.grams
        proper = np.array([n.token_text(i) in names for i in range(len(n.tokens.first))], np.int32)
        upto = np.concatenate([[0], np.cumsum(proper)])
        out.append(np.unique(grams.hashes[upto[grams.first + grams.length] > upto[grams.first]]))
    return np.unique(np.concatenate(out))
