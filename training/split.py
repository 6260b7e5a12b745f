"""Splits by group: near-duplicates, twins and ads of one employer never stand on both sides."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from training.rows import Row

KNOWN = frozenset(["corpus", "emscad", "boards"])
"""Sources that are split by a hash, so that a family stays on its side whatever else is read."""


class Union:
    """Union-find over names."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def find(self, name: Hashable) -> Hashable:
        """The representative of a name's set."""
        self._parent.setdefault(name, name)
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def join(self, a: Hashable, b: Hashable) -> None:
        """Make two sets one; the smaller representative stays, so order does not matter."""
        first, second = sorted((self.find(a), self.find(b)), key=repr)
        self._parent[second] = first


def families(rows: Sequence[Row]) -> list[str]:
    """For each row the name of its family: rows linked by group, by twins of another source or by employer, transitively."""
    union = Union()
    for row in rows:
        union.join(("group", row.group), ("group", row.group))
        if row.twin:
            union.join(("group", row.group), ("group", row.twin))
        if row.employer:
            union.join(("group", row.group), ("employer", row.board, row.employer))
    return [repr(union.find(("group", row.group))) for row in rows]


def bucket(name: str, buckets: int, salt: str = "") -> int:
    """A number in [0, buckets) that depends on the name and the salt alone."""
    return int.from_bytes(hashlib.sha256(f"{salt}\0{name}".encode()).digest()[:8], "big") % buckets


def folds(names: Sequence[str], k: int, seed: int, strata: Sequence[str] | None = None) -> list[int]:
    """Fold of each row: whole families, largest first, so that folds are about even within each stratum; the seed shuffles ties."""
    sizes = Counter(names)
    stratum = dict(zip(names, strata, strict=True)) if strata else {}
    loads: dict[str, list[int]] = {}
    fold = {}
    for name in sorted(sizes, key=lambda n: (-sizes[n], bucket(n, 1 << 60, str(seed)))):
        load = loads.setdefault(stratum.get(name, ""), [0] * k)
        fold[name] = min(range(k), key=lambda i: (load[i], i))
        load[fold[name]] += sizes[name]
    return [fold[name] for name in names]


def stratum_of(row: Row) -> str:
    """What folds are even in: source and language; of callers' sources the label too."""
    return f"{row.source} {row.language}" + (f" {row.label}" if row.source not in KNOWN else "")


def test_rows(rows: Sequence[Row], share: int, salt: str, seed: int) -> list[bool]:
    """Whether each row is only reported on: families that the caller marked, else one in `share` by a hash of its name.

    Families of callers' sources alone are dealt out evenly in language and label, since there may be few of them.
    """
    names = families(rows)
    told = {name: row.split == "test" for row, name in zip(rows, names, strict=True) if row.split}
    mixed = {name for row, name in zip(rows, names, strict=True) if row.source in KNOWN}
    at = [i for i, name in enumerate(names) if name not in mixed and name not in told]
    dealt = folds([names[i] for i in at], share, seed, [stratum_of(rows[i]) for i in at])
    drawn = {names[i]: fold == 0 for i, fold in zip(at, dealt, strict=True)}
    sides = drawn | told
    return [sides[name] if name in sides else bucket(name, share, salt) == 0 for name in names]


def leaked(train: Iterable[Row], test: Iterable[Row]) -> set[str]:
    """Groups that stand on both sides; must be empty."""
    return {row.group for row in train} & {row.group for row in test}
