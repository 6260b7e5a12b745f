"""Finds every hand-written phrase in a batch: parts by the trie, then parts joined across the gaps that a phrase allows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.errors import SeedError
from model.native import arrays, kernel
from model.ngrams import TokenHashes
from model.normalise import Normaliser
from model.patterns import expand
from model.stream import Places
from model.table import records_of, table_of
from model.trie import PartTokens, trie_arrays

STAR = "*"
SHORTEST_OPEN = 2
LENGTH_MASK, ENTRY_MASK = np.uint64((1 << 10) - 1), np.uint64((1 << 24) - 1)
FIRST_AT, LENGTH_AT = np.uint64(34), np.uint64(24)
"""A match as one whole number: first token, tokens after it (fewer than 1,024, as slots and gaps are bounded), entry."""
NODE = np.dtype([("hash", "<u8"), ("begin", "<u4"), ("uses", "<u2"), ("told", "<u2")])
TOLD = 2
MOST_USES, MOST_ANCHORS = (1 << 16) - 1, (1 << 16 - TOLD) - 1
"""A node, as in phrases.h, and what its numbers can hold."""
SLOTS = 16
"""Most slots of a phrase; a use is `phrase * SLOTS + slot`."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of writing a seed entry: any text of the first slot, a gap, any text of the second, and so on; and the entry's number.

    A star after a word lets longer words stand for it, a star before the first word lets words that end so.
    """

    slots: Sequence[Sequence[str]]
    entry: int


@dataclass(frozen=True)
class Matches:
    """entry: number of the seed entry; first, last: tokens, inclusive. All int32, shape (m,), by place."""

    entry: Places
    first: Places
    last: Places


@dataclass(frozen=True)
class PhraseFinder:
    """sought: the phrases as the kernel takes them.

    nodes: NODE records of the trie. uses: uint32, `phrase * SLOTS + slot` of every use of every node; only where an anchor, a part in the
    rarest slot of its phrase, stands in a field are the phrase's other parts looked at. entry, slots: uint32, of each phrase, its entry
    and how many.
    """

    sought: arrays.Phrases

    @classmethod
    def load(cls, data: Mapping[str, NDArray[Any]]) -> "PhraseFinder":
        """From the arrays that `finder_arrays` gave."""
        begins = data["begins"]
        nodes = records_of(NODE, data["nodes"], begins[:-1], np.diff(begins), data["anchors"] << TOLD | data["flags"])
        same = {name: data[name] for name in ("front", "onward", "back", "uses", "entry", "slots")}
        return cls(arrays.Phrases.of(nodes=table_of(nodes), insides=int(data["insides"]), **same))

    def __call__(self, hashes: TokenHashes) -> Matches:
        """All matches in a batch; the same entry at the same tokens is told once."""
        keys = kernel.phrases(hashes.text, self.sought)
        first = keys >> FIRST_AT
        columns = (keys & ENTRY_MASK, first, first + (keys >> LENGTH_AT & LENGTH_MASK))
        return Matches(*(column.astype(np.int32) for column in columns))


def anchored(begins: Numbers, uses: Numbers, phrases: int) -> tuple[Numbers, Numbers]:
    """Uses with each node's anchors first, and how many anchors each node has. Raises SeedError where a part stands in too many phrases.

    The anchor of a phrase is the slot whose parts are used least in all phrases: words of many phrases are common in adverts too.
    """
    node = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    common = np.full(phrases * SLOTS, np.inf)
    held = np.bincount(uses, np.diff(begins)[node].astype(np.float64), phrases * SLOTS)
    common[uses] = held[uses]
    is_anchor = common.reshape(-1, SLOTS).argmin(axis=1)[uses // SLOTS] == uses % SLOTS
    order = np.lexsort((~is_anchor, node))
    anchors = np.bincount(node[is_anchor], minlength=len(begins) - 1)
    if len(uses) and (np.diff(begins).max() > MOST_USES or anchors.max() > MOST_ANCHORS):
        raise SeedError(f"a part stands in more than {MOST_USES} phrases, or is the rarest of more than {MOST_ANCHORS}; join phrases.", "0")
    return uses[order], anchors


def compiled(patterns: Sequence[str]) -> list[Phrase | SeedError]:
    """All ways of writing seed patterns; `entry` is the position of the pattern. A malformed one is answered with its error."""
    out: list[Phrase | SeedError] = []
    for entry, pattern in enumerate(patterns):
        try:
            out += [Phrase(slots, entry) for slots in expand(pattern)]
        except SeedError as e:
            out.append(SeedError(e.message, str(entry)))
    return out


def finder_arrays(phrases: Sequence[Phrase], normaliser: Normaliser) -> dict[str, NDArray[Any]]:
    """Arrays of a `PhraseFinder`. Raises SeedError, whose field is the entry, where nothing of a part is left after normalising."""
    uses: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        for k, slot in enumerate(phrase.slots):
            for text in slot:
                uses.setdefault(text, []).append(number * SLOTS + k)
    parts = part_tokens(list(uses), normaliser)
    for (text, numbers), part in zip(uses.items(), parts, strict=True):
        if not len(part.hashes):
            raise SeedError(
                f"{text!r} has nothing left to look for after normalising; write words.", str(phrases[numbers[0] // SLOTS].entry)
            )
    trie, order = trie_arrays(parts, list(uses.values()))
    ordered, anchors = anchored(trie["begins"], np.array(order, np.int64), len(phrases))
    made = {"uses": ordered, "entry": np.array([p.entry for p in phrases]), "slots": np.array([len(p.slots) for p in phrases])}
    return {**trie, "anchors": anchors, **{name: column.astype(np.uint32) for name, column in made.items()}}


def part_tokens(texts: Sequence[str], normaliser: Normaliser, size: int = 512) -> list[PartTokens]:
    """Parts as adverts would hold them. A star after a word opens its end, a star before the first word opens its start."""
    out: list[PartTokens] = []
    for i in range(0, len(texts), size):
        n = normaliser([Advert((("text", text),)) for text in texts[i : i + size]])
        hashes = TokenHashes.of(n)
        star = np.append(n.sheet.codes == ord(STAR), False)
        length = np.where(n.tokens.unspaced, 0, n.tokens.last - n.tokens.first + 1)
        after = [n.chars.past_marks(int(k), n.sheet, normaliser.tables) for k in n.tokens.last]
        prefix = np.where(star[after], length, 0)
        suffix = np.where(star[n.chars.start[n.tokens.first] - 1], length, 0)
        bounds = np.searchsorted(n.tokens.field, np.arange(len(n.sheet.texts) + 1)).tolist()
        for a, b in itertools.pairwise(bounds):
            if b > a and 0 < max(prefix[a], suffix[a]) < SHORTEST_OPEN:
                raise SeedError(
                    f"{n.sheet.texts[len(out) - i]!r} begins with a single letter left open; write at least two beside the star."
                )
            out.append(PartTokens(hashes.exact[a:b], tuple(prefix[a:b].tolist()), tuple(suffix[a:b].tolist())))
    return out
