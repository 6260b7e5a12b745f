"""Near-duplicates, found by MinHash over word 4-grams: what a random split would put on both sides."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from datasketch import MinHash

from training.baselines import text_of
from training.rows import Row
from training.split import Union

SIMILAR = 0.55
"""Jaccard index of the 4-grams from which on two texts are near-duplicates."""
PERMUTATIONS, BANDS, SEED = 96, 32, 1
WORDS, CHARACTERS, LONGEST_WORD = 4, 8, 12.0
MOST_LOOKED_AT = 8
"""Texts of one bucket that a new one is compared with; so the time stays linear however often a text is repeated."""
WORD = re.compile(r"\w+")


def shingles(text: str) -> set[bytes]:
    """Word 4-grams, digits alike; 8 characters at a time in scripts without spaces."""
    words = WORD.findall("".join("0" if c.isdigit() else c for c in unicodedata.normalize("NFKC", text).casefold()))
    size, pieces, joint = WORDS, words, " "
    if sum(map(len, words)) > LONGEST_WORD * max(1, len(words)):
        size, pieces, joint = CHARACTERS, list("".join(words)), ""
    return {joint.join(pieces[i : i + size]).encode("utf-8", "backslashreplace") for i in range(max(1, len(pieces) - size + 1))}


def near_duplicates(texts: Iterable[str]) -> list[int]:
    """For each text the position of the first of its near-duplicates, taken transitively. Linear in the number of texts."""
    union = Union()
    buckets: dict[tuple[int, bytes], list[int]] = {}
    marks: list[np.ndarray] = []
    width = PERMUTATIONS // BANDS
    for i, text in enumerate(texts):
        minhash = MinHash(PERMUTATIONS, seed=SEED)
        minhash.update_batch(shingles(text))
        mark = minhash.hashvalues.astype(np.uint32)
        marks.append(mark)
        compared: set[int] = set()
        for band in range(BANDS):
            bucket = buckets.setdefault((band, mark[band * width : (band + 1) * width].tobytes()), [])
            for other in bucket:
                if other not in compared and float(np.mean(marks[other] == mark)) >= SIMILAR:
                    union.join(f"{other:012}", f"{i:012}")
                compared.add(other)
            if len(bucket) < MOST_LOOKED_AT:
                bucket.append(i)
    return [int(str(union.find(f"{i:012}"))) for i in range(len(marks))]


def with_groups(added: Sequence[Row], known: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The added rows in groups (their own and near-duplicates joined), and the known ones, marked where they have twins among the added.

    Known rows keep their groups; a `twin` ties them to the added rows for splitting.
    """
    rows = [*added, *known]
    union = Union()
    for row, first in zip(rows, near_duplicates(map(text_of, rows)), strict=True):
        union.join(("text", first), ("group", row.group))
    names = ["{}:{}".format(*union.find(("group", row.group))) for row in rows]  # type: ignore[misc]  # always a pair
    touched = set(names[: len(added)])
    grouped = [replace(row, group=name) for row, name in zip(added, names, strict=False)]
    return grouped, [replace(row, twin=n) if n in touched else row for row, n in zip(known, names[len(added) :], strict=True)]


def leakage(rows: Sequence[Row], share: int) -> str:
    """In words: how many rows have twins, and what a random split of one row in `share` would have leaked."""
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.group] = sizes.get(row.group, 0) + 1
    counts = np.array([sizes[row.group] for row in rows])
    leaked = float(np.mean(1 - (1 / share) ** (counts - 1.0)))
    return (
        f"{len(rows):,} rows in {len(sizes):,} groups of near-duplicates; {(counts > 1).mean():.1%} have a twin. A random split would have "
        f"had a twin in training for {leaked:.1%} of its test rows; groups stay on one side here"
    )
