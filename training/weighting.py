"""Weights of rows: every part of the data has a fixed total, so that neither source, language nor length gives the label away."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.rows import Row

LARGEST_FAMILY = 50
SCALE = 2000.0


def part_of(row: Row) -> str:
    """Name of the part of the data that a row belongs to, as in the configuration; empty where it is never trained on."""
    if row.source == "corpus":
        return "corpus_no_ad" if row.group == row.id else "corpus_scam" if row.label else "corpus_twin"
    if row.source == "boards":
        return "boards"
    if row.source == "emscad":
        return "emscad_fraud" if row.label else "emscad_honest"
    return ""


def row_weights(rows: Sequence[Row], names: Sequence[str], totals: Mapping[str, float]) -> NDArray[np.float64]:
    """Weight of each row; families share by the square root of their size."""
    sizes = Counter(names)
    weight = np.array([1 / np.sqrt(min(sizes[name], LARGEST_FAMILY)) for name in names])
    parts = np.array([part_of(row) for row in rows])
    for part in sorted(set(parts)):
        mask = parts == part
        weight[mask] *= SCALE * totals.get(part, 0.0) / weight[mask].sum()
    return weight
