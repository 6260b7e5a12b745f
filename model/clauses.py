"""Widens a mark by the words around it in its clause: an analyst underlines what is offered, not just the two words that were known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.normalise import Normalised
from model.stream import Places
from model.tables import SYMBOL, Tables
from model.weights import Weights

WORDS, CHARACTERS = 4, 16
"""Most words, or characters of scripts without spaces, that are taken in on either side."""
AGAINST = -0.05
"""Words that contribute less speak against the lure and are left out."""
SPACE = 32


def widened(
    first: Places, last: Places, held: NDArray[np.bool_], tokens: Weights, n: Normalised, tables: Tables
) -> tuple[Sequence[int], Sequence[int]]:
    """First and last tokens of marks, wider: up to a sign, a line's end, a word that speaks against or one that another mark holds.

    held: shape (tokens,), whether a mark holds it.
    """
    free = ~held & (tokens > AGAINST) & (tables.kinds(n.chars.codes.take(n.tokens.first)) != SYMBOL)
    after = np.append(beside(n), False)
    before = np.append(False, after[:-1])
    most = np.where(n.tokens.unspaced.take(first), CHARACTERS, WORDS)
    first, last = first.copy(), last.copy()
    for step in range(int(most.max(initial=0))):
        back = (step < most) & before.take(first) & free.take(first - 1, mode="wrap")
        on = (step < most) & after.take(last) & free.take(last + 1, mode="wrap")
        if not (back.any() or on.any()):
            break
        first -= back
        last += on
    return first.tolist(), last.tolist()


def beside(n: Normalised) -> NDArray[np.bool_]:
    """Whether nothing or one space (no new line, no tag) parts each token from the next of its field; shape (tokens - 1,)."""
    t = n.tokens
    gap = t.first[1:] - t.last[:-1]
    written = n.sheet.codes.take(n.chars.start.take(t.last[:-1] + 1))
    near = (gap == 1) | ((gap == 2) & (written == SPACE))
    out: NDArray[np.bool_] = near & (t.field[1:] == t.field[:-1])
    return out
