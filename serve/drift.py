"""How far scores have moved from those that the model was fitted by: the population stability index over ten bins."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

BINS = 10
REFERENCE = "board_deciles"
"""Member of the manifest: the nine log-odds, at a prior of one half, that cut held-out honest ads of boards into ten equal parts."""
HALF = 0.5
"""Added to every count, so that an empty bin is no infinity."""


def edges_of(manifest: Mapping[str, Any]) -> tuple[float, ...]:
    """The nine edges of an artefact's manifest; none where it was made without."""
    return tuple(float(edge) for edge in manifest.get(REFERENCE, ()))


def bin_of(score: float, edges: Sequence[float]) -> str:
    """Name of the bin of a score, `1` (lowest) to `10`."""
    return str(bisect_right(edges, score) + 1)


def stability_index(counts: Sequence[float]) -> float:
    """Index of the counts of ten bins that held a tenth each. By custom: below 0.1 nothing moved, above 0.25 look at it."""
    total = sum(counts) + HALF * len(counts)
    shares = [(count + HALF) / total for count in counts]
    return math.fsum((share - 1 / len(counts)) * math.log(share * len(counts)) for share in shares)
