"""What the encoder learns from: windows of piece numbers with the lure that each piece is underlined with."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.classifier import batches
from model.encoder import Pieces, windows
from model.lures import LURE_TYPES, LURES
from model.reading import Reader
from training.rows import Row
from training.weighting import PAIRS, part_of

Numbers = NDArray[np.int64]
NO_LURE, IGNORED = 0, -100


@dataclass(frozen=True)
class Example:
    """One row. windows: piece numbers, each at most a window long. lures: for each piece of each window 1 + index into LURES, NO_LURE, or
    IGNORED where nobody underlined. kind: index into LURE_TYPES, or IGNORED.
    pair: name of the pair of written texts that it belongs to, or nothing.
    """

    windows: Sequence[Numbers]
    lures: Sequence[Numbers]
    label: int
    weight: float
    kind: int
    pair: str = ""

    def some(self, most: int, rng: np.random.Generator) -> "Example":
        """At most so many of its windows, drawn at random."""
        if len(self.windows) <= most:
            return self
        at = sorted(rng.choice(len(self.windows), most, replace=False).tolist())
        return replace(self, windows=[self.windows[i] for i in at], lures=[self.lures[i] for i in at])

    def thinned(self, share: float, rng: np.random.Generator) -> "Example":
        """Without a share of its pieces, drawn anew each time, so that no text can be known by heart (Iyyer et al. 2015, word dropout)."""
        kept = [rng.random(len(window)) >= share for window in self.windows]
        kept = [k if k.any() else ~k for k in kept]
        windows, lures = ([part[k] for part, k in zip(parts, kept, strict=True)] for parts in (self.windows, self.lures))
        return replace(self, windows=windows, lures=lures)


def examples(rows: Sequence[Row], weights: Sequence[float], reader: Reader, pieces: Callable[..., Sequence[Pieces]]) -> Iterator[Example]:
    """Read rows the way serving does. weights: one for each row."""
    start = 0
    for batch in batches([row.advert for row in rows]):
        n = reader(batch).normalised
        begins = np.searchsorted(n.sheet.adverts, np.arange(len(batch)))
        for i, found in enumerate(pieces(n, len(batch))):
            row = rows[start + i]
            lures = underlined(row, found, n.chars.start, n.sheet.starts[begins[i] :], n.sheet.names[int(begins[i]) :])
            kind = LURE_TYPES.index(row.lure_type) if row.lure_type else IGNORED
            cuts = windows(len(found.ids))
            parts = [found.ids[a:b] for a, b in cuts], [lures[a:b] for a, b in cuts]
            yield Example(*parts, row.label, weights[start + i], kind, row.group if part_of(row) in PAIRS else "")
        start += len(batch)


def underlined(row: Row, found: Pieces, place: NDArray[np.int32], starts: NDArray[np.int32], names: Sequence[str]) -> Numbers:
    """Lure of each piece. place: where on the sheet each normalised character came from; starts, names: the row's fields on the sheet."""
    if row.source != "corpus":
        return np.full(len(found.ids), IGNORED, np.int64)
    out = np.full(len(found.ids), NO_LURE, np.int64)
    begin, end = place[found.first], place[found.last] + 1
    for mark in row.underlines:
        offset = int(starts[names.index(mark.field)])
        out[(begin < mark.end + offset) & (end > mark.start + offset)] = 1 + LURES.index(mark.lure)
    return out
