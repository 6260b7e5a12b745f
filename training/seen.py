"""Phrases that were written with training texts in view must not vouch for those texts: their hits count where they hit another text too.

An entry marked `from: corpus` was made after reading the training families. Taken at face value, its cue would stand in nearly every
training scam and in far fewer new ones, and the weights would trust it too much. So a training row keeps such a cue only if the entry
hits a row of another group as well (leave one group out).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.cues import NUMBER, PLACED
from model.knowledge import Knowledge
from model.normalise import Normaliser
from training.features import Found, ReadAdverts, with_derived
from training.knowledge import entries_in
from training.rows import Row


def entries_of(adverts: Sequence[Advert], step: ReadAdverts) -> list[frozenset[int]]:
    """Numbers of the seed entries that match in each advert."""
    return entries_in(adverts, step.knowledge.finder, Normaliser(step.tables, step.knowledge.vocabulary))


def borrowed(rows: Sequence[Row], entries: Sequence[frozenset[int]], knowledge: Knowledge, fewest: float = 2) -> list[frozenset[int]]:
    """For each row the cues that it owes only to entries which were written in its view and hit fewer than `fewest` groups."""
    groups: dict[int, set[str]] = defaultdict(set)
    for row, found in zip(rows, entries, strict=True):
        for entry in found:
            groups[entry].add(row.group)
    sound = {e for e, where in groups.items() if not knowledge.entries[e].seen or len(where) >= fewest}
    cue = [NUMBER[entry.cue] for entry in knowledge.entries]
    return [frozenset(cue[e] for e in found) - frozenset(cue[e] for e in found & sound) for found in entries]


def without_borrowed(
    rows: Sequence[Row], found: Sequence[Found], step: ReadAdverts, in_view: NDArray[np.bool_], fewest: float = 2
) -> list[Found]:
    """The rows' findings, less what those that the writers saw borrow. in_view: those rows, shape (rows,).

    fewest: groups that such an entry must hit to vouch for one of them; infinity leaves what the phrases written blind find.
    """
    at = np.flatnonzero(in_view).tolist()
    seen = [rows[i] for i in at]
    owed = dict(zip(at, borrowed(seen, entries_of([row.advert for row in seen], step), step.knowledge, fewest), strict=True))
    return [less(f, owed[i]) if owed.get(i) else f for i, f in enumerate(found)]


def less(found: Found, cues: frozenset[int]) -> Found:
    """Without these cues and what follows from them."""
    placed = found.cues[(found.cues < len(PLACED)) & ~np.isin(found.cues, list(cues))]
    return replace(found, cues=with_derived(placed))
