"""Weights of rows: every part of the data has a fixed total, so that neither source, language nor length gives the label away."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.rows import Row

LARGEST_FAMILY = 50
LARGEST_WEIGHT = 2.0
"""Of a row of a board or of a caller's source at most, so that a few rows do not weigh as a whole part; written scams weigh about one."""
OTHER = ("other_lure", "other_honest")
"""Keys of the configuration for the parts of callers' sources."""
SCALE = 2000.0
PAIRS = ("corpus_scam", "corpus_twin")
"""Parts of the written pairs."""


def part_of(row: Row) -> str:
    """Name of the part of the data that a row belongs to, as in the configuration; a caller's sources have a part for each label."""
    if row.source == "corpus":
        return "corpus_no_ad" if row.group == row.id else "corpus_scam" if row.label else "corpus_twin"
    if row.source == "boards":
        return "boards"
    if row.source == "emscad":
        return "emscad_fraud" if row.label else "emscad_honest"
    return f"{row.source}_{'lure' if row.label else 'honest'}"


def is_other(part: str) -> bool:
    """Whether a part is of a caller's source."""
    return not part.startswith(("corpus_", "emscad_")) and part != "boards"


def row_weights(rows: Sequence[Row], names: Sequence[str], totals: Mapping[str, float]) -> NDArray[np.float64]:
    """Weight of each row; families share by the square root of their size, labels count as far as they are trusted."""
    sizes = Counter(names)
    weight = np.array([row.quality / np.sqrt(min(sizes[name], LARGEST_FAMILY)) for row, name in zip(rows, names, strict=True)])
    parts = np.array([part_of(row) for row in rows])
    for part in sorted(set(parts)):
        mask = parts == part
        total = SCALE * totals.get(OTHER[part.endswith("_honest")] if is_other(part) else part, 0.0)
        most = np.inf if part.startswith(("corpus_", "emscad_")) else LARGEST_WEIGHT
        weight[mask] *= min(total / weight[mask].sum(), most)
    return weight
