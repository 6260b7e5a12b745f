"""Cues: hand-written phrases, contacts and disguises that a batch of adverts carries, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from model.knowledge import Entry
from model.lures import CONTEXTS, LURES
from model.ngrams import TokenHashes
from model.normalise import Normalised
from model.pay import PAY_CUES, PayFinder
from model.phrases import Matches, PhraseFinder
from model.stream import Places, text_of
from model.tables import EMAIL, HANDLE, PHONE, URL, is_digit

DISGUISES = ("confusable", "entity", "invisible", "leet", "spaced", "styled")
CONTACTS = {URL: "contact:url", EMAIL: "contact:email", PHONE: "contact:phone", HANDLE: "contact:handle"}
PAY_LURE = frozenset(name for name in PAY_CUES if name.startswith(("pay:ratio", "pay:tiny", "pay:wide", "pay:at_once")))
"""What of pay belongs to the lure; the rest (by the day, in a foreign currency, ordinary, for skilled work) is context."""
PLACED = (
    *(f"{lure}/{strength}" for lure in LURES for strength in (1, 2, 3)),
    *(f"context:{name}" for name in CONTEXTS),
    *(f"disguise:{kind}" for kind in DISGUISES),
    *CONTACTS.values(),
    *PAY_CUES,
)
"""Cues that stand at a place in the text. Their position is their number."""
MOST_LURES = 6
DERIVED = (*(f"lures>={n}" for n in range(2, MOST_LURES + 1)), *(f"{a}+{b}" for a, b in combinations(LURES, 2)))
"""Cues that follow from which lures are present; their weight is shared out over those lures' spans."""
NAMES = (*PLACED, *DERIVED)
NUMBER = {name: i for i, name in enumerate(NAMES)}


def lure_of(cue: str) -> str | None:
    """The lure that a placed cue belongs to."""
    head = cue.partition("/")[0]
    if cue in PAY_LURE:
        return "pay_too_good"
    return head if head in LURES else "obfuscation" if cue.startswith("disguise:") else None


LURE_OF = tuple(lure_of(name) for name in PLACED)


@dataclass(frozen=True)
class Cues:
    """Occurrences: number of the cue in NAMES, advert in the batch, first and last token inclusive. int32, shape (c,)."""

    cue: Places
    advert: Places
    first: Places
    last: Places


def derived(lures: Iterable[str]) -> list[str]:
    """Names of the derived cues of a set of lures."""
    present = sorted(set(lures), key=LURES.index)
    counts = [f"lures>={n}" for n in range(2, min(len(present), MOST_LURES) + 1)]
    return counts + [f"{a}+{b}" for a, b in combinations(present, 2)]


class CueFinder:
    """Immutable once made; threads may share it."""

    def __init__(self, finder: PhraseFinder, entries: Sequence[Entry], pay: PayFinder) -> None:
        self._phrases = finder
        self._pay = pay
        self._cue_of_entry = np.array([NUMBER[entry.cue] for entry in entries] or [0], np.int32)

    def __call__(self, n: Normalised, hashes: TokenHashes) -> Cues:
        """All placed cues of a batch."""
        matches = self._phrases(n, hashes)
        rows = [*matched(matches, self._cue_of_entry), *contacts(n), *disguises(n), *wages(n, self._pay)]
        if not rows:
            return Cues(*(np.zeros(0, np.int32) for _ in range(4)))
        table = np.unique(np.concatenate([row.reshape(3, -1).T for row in rows]), axis=0)
        table = table[np.lexsort((table[:, 0], table[:, 2], table[:, 1]))].astype(np.int32)
        return Cues(table[:, 0], n.sheet.adverts[n.tokens.field[table[:, 1]]], table[:, 1], table[:, 2])


def matched(matches: Matches, cue_of_entry: Places) -> list[Places]:
    """Cue, first and last token of every phrase match."""
    if not len(matches.entry):
        return []
    return [np.stack([cue_of_entry[matches.entry], matches.first, matches.last])]


def contacts(n: Normalised) -> list[Places]:
    """Contact tokens."""
    codes = n.chars.codes[n.tokens.first]
    at = np.flatnonzero((codes >= URL) & (codes <= HANDLE)).astype(np.int32)
    if not len(at):
        return []
    numbers = np.array([NUMBER[CONTACTS[code]] for code in range(URL, HANDLE + 1)], np.int32)
    return [np.stack([numbers[codes[at] - URL], at, at])]


def disguises(n: Normalised) -> list[Places]:
    """Tokens from which a disguise was taken."""
    if not n.notes or not len(n.tokens.first):
        return []
    begins = n.chars.start[n.tokens.first]
    first = np.maximum(np.searchsorted(begins, [note.start for note in n.notes], side="right") - 1, 0)
    last = np.maximum(np.searchsorted(begins, [note.end - 1 for note in n.notes], side="right") - 1, first)
    last = np.where(n.tokens.field[last] == n.tokens.field[first], last, first)
    return [np.stack([[NUMBER[f"disguise:{note.kind}"] for note in n.notes], first, last]).astype(np.int32)]


def wages(n: Normalised, finder: PayFinder) -> list[Places]:
    """Tokens that tell pay, with what it is beside ordinary pay. Each field is read by itself."""
    bounds = np.searchsorted(n.chars.start, np.append(n.sheet.starts, len(n.sheet.codes)))
    upto = np.concatenate([[0], np.cumsum(is_digit(n.chars.codes))])
    told = np.flatnonzero(upto[bounds[1:]] > upto[bounds[:-1]])
    rows = []
    for a, b in zip(bounds[told].tolist(), bounds[told + 1].tolist(), strict=True):
        text = text_of(n.chars.codes[a:b])
        pays = finder.find(text)
        rows += [(NUMBER[name], a + pay.start, a + pay.end - 1) for name, pay in finder.cues(pays, text)] if pays else []
    if not rows:
        return []
    cue, start, end = np.array(rows, np.int64).T
    first = np.searchsorted(n.tokens.first, start, side="right") - 1
    last = np.searchsorted(n.tokens.first, end, side="right") - 1
    return [np.stack([cue, np.maximum(first, 0), np.maximum(last, np.maximum(first, 0))]).astype(np.int32)]
