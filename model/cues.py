"""Cues: hand-written phrases, contacts and disguises that a batch of adverts carries, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from model.knowledge import Entry
from model.lures import CONTEXTS, LURES
from model.native import kernel
from model.ngrams import TokenHashes
from model.normalise import Normalised
from model.pay import PAY_CUES, PayFinder
from model.phrases import PhraseFinder
from model.quotes import quoted
from model.stream import Places
from model.tables import EMAIL, HANDLE, PHONE, URL
from model.wages import WageFinder

DISGUISES = ("confusable", "entity", "invisible", "leet", "spaced", "styled")
CONTACTS = {URL: "contact:url", EMAIL: "contact:email", PHONE: "contact:phone", HANDLE: "contact:handle"}
QUOTED = "context:quoted"
PAY_LURE = frozenset(name for name in PAY_CUES if name.startswith(("pay:ratio", "pay:tiny", "pay:wide", "pay:at_once")))
"""What of pay belongs to the lure; the rest (by the day, in a foreign currency, ordinary, for skilled work) is context."""
PLACED = (
    *(f"{lure}/{strength}" for lure in LURES for strength in (1, 2, 3)),
    *(f"context:{name}" for name in CONTEXTS),
    *(f"disguise:{kind}" for kind in DISGUISES),
    *CONTACTS.values(),
    *PAY_CUES,
    QUOTED,
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
LURE_NUMBER = np.array([LURES.index(lure) if lure else -1 for lure in LURE_OF], np.int8)
"""Of each placed cue the position of its lure in LURES, -1 for none."""
NONE = np.empty((0, 3), np.int32)


@dataclass(frozen=True)
class Cues:
    """Occurrences by place. rows: int32, shape (c, 4): number of the cue in NAMES, advert in the batch, first and last token, inclusive."""

    rows: Places

    @property
    def cue(self) -> Places:
        """Numbers of the cues."""
        return self.rows[:, 0]

    @property
    def advert(self) -> Places:
        """Their adverts in the batch."""
        return self.rows[:, 1]


def derived(lures: Iterable[str]) -> list[str]:
    """Names of the derived cues of a set of lures."""
    present = sorted(set(lures), key=LURES.index)
    counts = [f"lures>={n}" for n in range(2, min(len(present), MOST_LURES) + 1)]
    return counts + [f"{a}+{b}" for a, b in combinations(present, 2)]


class CueFinder:
    """Immutable once made; threads may share it."""

    def __init__(self, finder: PhraseFinder, entries: Sequence[Entry], pay: PayFinder) -> None:
        self._phrases = finder
        self._wages = WageFinder(pay)
        contacts = [NUMBER[CONTACTS[code]] for code in sorted(CONTACTS)]
        self._cue_of = np.array([NUMBER[entry.cue] for entry in entries], np.int32), np.array(contacts, np.int32)

    def __call__(self, n: Normalised, hashes: TokenHashes) -> Cues:
        """All placed cues of a batch."""
        found = self._phrases(hashes)
        others = [*disguises(n), *wages(n, self._wages), *quotations(n)]
        rows = np.concatenate(others) if others else NONE
        return Cues(kernel.find_cues(hashes.text, n.sheet.adverts, (found.entry, found.first, found.last), self._cue_of, rows))


def disguises(n: Normalised) -> list[Places]:
    """Tokens from which a disguise was taken, as rows of cue, first and last token."""
    if not n.notes or not len(n.tokens.first):
        return []
    begins = n.chars.start[n.tokens.first]
    first = np.maximum(np.searchsorted(begins, [note.start for note in n.notes], side="right") - 1, 0)
    last = np.maximum(np.searchsorted(begins, [note.end - 1 for note in n.notes], side="right") - 1, first)
    last = np.where(n.tokens.field[last] == n.tokens.field[first], last, first)
    return [np.stack([[NUMBER[f"disguise:{note.kind}"] for note in n.notes], first, last], axis=1).astype(np.int32)]


def wages(n: Normalised, finder: WageFinder) -> list[Places]:
    """Tokens that tell pay, with what it is beside ordinary pay, as rows of cue, first and last token."""
    names, tokens = finder(n)
    return [np.column_stack([[NUMBER[name] for name in names], tokens]).astype(np.int32)] if names else []


def quotations(n: Normalised) -> list[Places]:
    """Tokens with which words in quotation marks open, as rows of cue, first and last token."""
    tokens = quoted(n)
    return [np.column_stack([np.full(len(tokens), NUMBER[QUOTED], np.int32), tokens])] if len(tokens) else []
