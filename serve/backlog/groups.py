"""Groups of near-duplicates across a whole stock, from the sketches of its shards, and how widely each text is spread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serve.backlog.sketches import BANDS, KINDS, NO_KEY, read
from serve.backlog.store import Store

ALIKE = 0.6
"""Share of bins in which two ads must agree, which estimates the share of runs of words that they have in common."""
AT_ONCE = 1 << 16
"""Pairs that are compared together."""
MANY_PLACES = 5
"""A text that stands for so many places is counted in the summary."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """head: int64, shape (ads,), the first ad of each ad's group, itself where it stands alone. ads, places, companies: of the group.

    An ad's number is its place among all that were judged, from 0. places and companies count distinct ones that are named.
    """

    head: Numbers
    ads: Numbers
    places: Numbers
    companies: Numbers

    def rows(self, begin: int, end: int) -> list[dict[str, int] | None]:
        """What stands in the verdicts on the ads [begin, end); None for those that stand alone."""
        counts = (self.head, self.ads, self.places, self.companies)
        return [
            dict(zip(("id", "ads", "places", "companies"), told, strict=True)) if told[1] > 1 else None
            for told in zip(*(column[begin:end].tolist() for column in counts), strict=True)
        ]

    def summary(self) -> dict[str, int]:
        """Of the whole stock: groups of two ads or more, ads in them, the largest, and `spread`, groups that name MANY_PLACES or more."""
        heads = np.flatnonzero((self.head == np.arange(len(self.head))) & (self.ads > 1))
        sizes = self.ads[heads]
        spread = int((self.places[heads] >= MANY_PLACES).sum())
        largest = int(sizes.max(initial=0))
        return {"groups": len(heads), "ads_in_groups": int(sizes.sum()), "largest": largest, "spread": spread}


def grouped(store: Store, names: Sequence[str], sizes: Sequence[int]) -> Groups:
    """The groups of a stock. names: of the shards' sketches in the store. sizes: ads of each. Memory: about 60 bytes an ad."""
    with TemporaryDirectory(dir=store.root if store.local else None, prefix=".sketches.") as folder:
        arrays = laid_out(store, names, sizes, Path(folder))
        head = heads(arrays["keys"], arrays["bins"])
        ads = np.bincount(head, minlength=len(head))[head]
        return Groups(head, ads, *(distinct(head, np.array(arrays[name])) for name in ("place", "company")))


def laid_out(store: Store, names: Sequence[str], sizes: Sequence[int], folder: Path) -> dict[str, NDArray[Any]]:
    """All sketches in files that are read as they are needed; keys band by band."""
    bounds = [0, *np.cumsum(sizes, dtype=np.int64).tolist()]
    total = bounds[-1]
    shapes = {name: (BANDS, total) if name == "keys" else (total, *shape) for name, (_, shape) in KINDS.items()}
    arrays = {name: on_disk(folder / name, kind, shapes[name]) for name, (kind, _) in KINDS.items()}
    for name, begin, end in zip(names, bounds, bounds[1:], strict=False):
        for key, values in read(store.read(name)).items():
            target = arrays[key][:, begin:end].T if key == "keys" else arrays[key][begin:end]
            target[:] = values
    return arrays


def on_disk(path: Path, kind: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array in a file; one of no size is held in memory, as files of no size cannot be mapped."""
    return np.memmap(path, kind, "w+", shape=shape) if all(shape) else np.zeros(shape, kind)


def heads(keys: NDArray[np.uint64], bins: NDArray[np.uint8]) -> Numbers:
    """For every ad the first ad of its group: ads that share a key and agree in ALIKE of their bins, and those linked through others."""
    head = np.arange(len(bins), dtype=np.int64)
    for band in keys:
        for first, other in candidates(np.array(band)):
            alike = (bins[first] == bins[other]).mean(axis=1) >= ALIKE
            join(head, first[alike], other[alike])
        head = led(head, head)
    return head


def candidates(key: NDArray[np.uint64]) -> Iterator[tuple[Numbers, Numbers]]:
    """Pairs of ads that share a key, each with the first that has it."""
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.append(True, key[1:] != key[:-1])[: len(key)]
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(key)), 0))]
    others = np.flatnonzero(~begins & (key != NO_KEY))
    for i in range(0, len(others), AT_ONCE):
        at = others[i : i + AT_ONCE]
        yield first[at], order[at]


def join(head: Numbers, a: Numbers, b: Numbers) -> None:
    """Make the groups of each pair one, in place: the later head leads to the earlier."""
    while True:
        a, b = led(head, a), led(head, b)
        apart = a != b
        if not apart.any():
            return
        a, b = a[apart], b[apart]
        np.minimum.at(head, np.maximum(a, b), np.minimum(a, b))


def led(head: Numbers, ads: Numbers) -> Numbers:
    """Where the ads lead to in the end."""
    while True:
        further = head[ads]
        if (further == ads).all():
            return ads
        ads = further


def distinct(head: Numbers, told: NDArray[np.uint64]) -> Numbers:
    """How many different values the ads of each ad's group have, zeros not counted."""
    at = np.flatnonzero(told)
    order = at[np.lexsort((told[at], head[at]))]
    new = np.append(True, (head[order][1:] != head[order][:-1]) | (told[order][1:] != told[order][:-1]))[: len(order)]
    return np.bincount(head[order][new], minlength=len(head))[head]
