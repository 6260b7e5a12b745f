"""Finds every hand-written phrase in a batch: parts by the trie, then parts joined across the gaps that a phrase allows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.errors import SeedError
from model.gates import SEEN
from model.links import OPENING, Links, bucket
from model.ngrams import Powers, TokenHashes
from model.normalise import Normalised, Normaliser
from model.patterns import expand
from model.stream import Places
from model.tables import Codes
from model.trie import PartTokens, Trie, arrays

GAP_WORDS, GAP_CHARACTERS = 3, 12
STAR = "*"
SHORTEST_OPEN = 2
LENGTH_MASK = (1 << 10) - 1
"""Matches and what may become one are less than 1,024 tokens long, as slots and gaps are bounded."""
PLACE_AT, PLACE_MASK, PHRASE_AT = 10, (1 << 32) - 1, 42
"""Where a token and a phrase stand in one whole number, above the length."""
ENTRY_MASK = (1 << 24) - 1
"""A match as one whole number: first token, length, entry."""
SLOTS = 16
"""Most slots of a phrase; a use is `phrase * SLOTS + slot`."""
AWAITED = 4096
"""Width of the table that tells which phrases may stand in a field; two phrases may share a place, which costs time alone."""

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
class Stands:
    """Where parts stand: phrase, first and last token; int64, all of shape (s,)."""

    phrase: Numbers
    first: Numbers
    last: Numbers

    def take(self, at: NDArray[np.intp] | NDArray[np.bool_]) -> "Stands":
        """Only these."""
        return Stands(self.phrase[at], self.first[at], self.last[at])


@dataclass(frozen=True)
class PhraseFinder:
    """begins: int64, first use of each node of the trie; its uses end where the next begin. uses: `phrase * SLOTS + slot` of every use.

    place: int32, the phrase of each use modulo AWAITED. anchors: int64, how many of each node's uses, which come first, are in the
    rarest slot of their phrase. entry, slots: of each phrase, its entry and how many. links: tells which parts that stand in a text may
    belong together.
    """

    trie: Trie
    begins: Numbers
    uses: Numbers
    place: Places
    anchors: Numbers
    entry: Numbers
    slots: Numbers
    links: Links

    @classmethod
    def load(cls, data: Mapping[str, NDArray[Any]]) -> "PhraseFinder":
        """From the arrays that `finder_arrays` gave."""
        trie, begins, slots = Trie.load(data), data["begins"], data["slots"]
        uses, anchors = anchored(begins, data["uses"], len(slots))
        links = Links.of(trie, begins, uses, uses % SLOTS, slots[uses // SLOTS])
        place = (uses // SLOTS % AWAITED).astype(np.int32)
        return cls(trie, begins, uses, place, anchors, data["entry"], slots, links)

    def __call__(self, n: Normalised, hashes: TokenHashes) -> Matches:
        """All matches in a batch; the same entry at the same tokens is told once."""
        slot, stands = self._stands(n, hashes)
        found, ends = [], stands.take(slot == 0)
        for k in range(1, SLOTS + 1):
            over = self.slots[ends.phrase] == k
            found.append(ends.take(over))
            if over.all():
                break
            ends = joined(ends.take(~over), stands.take(slot == k), n)
        first, last, entry = (
            np.concatenate(column) for column in zip(*((p.first, p.last, self.entry[p.phrase]) for p in found), strict=True)
        )
        keys = np.unique((first << 34) | ((last - first) << 24) | entry)
        first = keys >> 34
        return Matches(*(x.astype(np.int32) for x in (keys & ENTRY_MASK, first, first + (keys >> 24 & LENGTH_MASK))))

    def _stands(self, n: Normalised, hashes: TokenHashes) -> tuple[Numbers, Stands]:
        """Slot, phrase and tokens of the parts of phrases, but for those that no other part of theirs stands near."""
        sides = self.links.tokens.take(bucket(hashes.exact))
        longer = self.trie.longer(n, hashes, np.flatnonzero(sides.ahead >= OPENING))
        np.bitwise_or.at(sides.ahead, longer.last, self.links.nodes.ahead[longer.node])
        np.bitwise_or.at(sides.behind, longer.first, self.links.nodes.behind[longer.node])
        near = sides.near(n.tokens.unspaced, GAP_WORDS + 1, GAP_CHARACTERS + 1)
        single = self.trie.single(hashes, sides.meet(near))
        longer = longer.take(self.links.nodes.take(longer.node).meet(near.of(longer.first, longer.last)))
        hits = single.joined(longer)
        begin = self.begins[hits.node]
        other, end = begin + self.anchors[hits.node], self.begins[hits.node + 1]
        hit, use = stretches(begin, other)
        met = self.links.uses.take(use).meet(near.of(hits.first[hit], hits.last[hit]))
        hit, use = hit[met], use[met]
        more, rest = self._awaited(n.tokens.field.take(hits.first), (hit, use), other, end)
        hit, use = np.concatenate([hit, more]), self.uses[np.concatenate([use, rest])]
        return use % SLOTS, Stands(use // SLOTS, hits.first[hit], hits.last[hit])

    def _awaited(self, field: Places, anchors: tuple[Numbers, Numbers], begin: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
        """Those uses in the stretches [begin, end) whose phrase has an anchor in the field of their hit: positions of hit and use.

        field: of every hit. anchors: positions of hit and use.
        """
        row = field.astype(np.int32) * AWAITED
        awaited = np.zeros(int(row.max(initial=0)) + AWAITED, np.bool_)
        awaited[row[anchors[0]] + self.place[anchors[1]]] = True
        count = end - begin
        over = np.cumsum(count)
        use = np.repeat((begin - (over - count)).astype(np.int32), count) + np.arange(over[-1] if len(over) else 0, dtype=np.int32)
        fine = np.flatnonzero(awaited.take(np.repeat(row, count) + self.place.take(use)))
        return np.searchsorted(over, fine, side="right"), use[fine].astype(np.int64)


def stretches(begin: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """All numbers of the stretches [begin, end), with the position of their stretch."""
    count = end - begin
    whose = np.repeat(np.arange(len(count)), count)
    return whose, np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(len(whose))


def anchored(begins: Numbers, uses: Numbers, phrases: int) -> tuple[Numbers, Numbers]:
    """Uses with each node's anchors first, and how many anchors each node has.

    The anchor of a phrase is the slot whose parts are used least in all phrases: words of many phrases are common in adverts too.
    """
    node = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    common = np.full(phrases * SLOTS, np.inf)
    held = np.bincount(uses, np.diff(begins)[node].astype(np.float64), phrases * SLOTS)
    common[uses] = held[uses]
    is_anchor = common.reshape(-1, SLOTS).argmin(axis=1)[uses // SLOTS] == uses % SLOTS
    order = np.lexsort((~is_anchor, node))
    return uses[order], np.bincount(node[is_anchor], minlength=len(begins) - 1)


def joined(ends: Stands, nexts: Stands, n: Normalised) -> Stands:
    """Chains that go on: each part with the nearest and longest chain of its phrase that ended before it, within the gap and the field."""
    chains, parts = packed(ends, ends.last), packed(nexts, nexts.first)
    at = np.searchsorted(chains, parts & ~LENGTH_MASK) - 1
    fits = np.flatnonzero((at >= 0) & (chains.take(at, mode="clip") >> PHRASE_AT == parts >> PHRASE_AT)) if len(chains) else at[:0]
    chains, parts = chains[at[fits]], parts[fits]
    last, first = chains >> PLACE_AT & PLACE_MASK, parts >> PLACE_AT & PLACE_MASK
    gap = np.where(n.tokens.unspaced[first], GAP_CHARACTERS, GAP_WORDS)
    fits = np.flatnonzero((first - last <= gap + 1) & (n.tokens.field[last] == n.tokens.field[first]))
    return Stands(parts >> PHRASE_AT, last - (chains & LENGTH_MASK), first + (parts & LENGTH_MASK)).take(fits)


def packed(stands: Stands, place: Numbers) -> Numbers:
    """Phrase, one of first and last token, and length, as whole numbers, ascending."""
    return np.sort(stands.phrase << PHRASE_AT | place << PLACE_AT | stands.last - stands.first)


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
    trie, order = arrays(parts, list(uses.values()))
    counts = {"entry": np.array([p.entry for p in phrases], np.int64), "slots": np.array([len(p.slots) for p in phrases], np.int64)}
    return {**trie, **counts, "uses": np.array(order, np.int64)}


def part_tokens(texts: Sequence[str], normaliser: Normaliser, size: int = 512) -> list[PartTokens]:
    """Parts as adverts would hold them. A star after a word opens its end, a star before the first word opens its start."""
    out: list[PartTokens] = []
    for i in range(0, len(texts), size):
        n = normaliser([Advert((("text", text),)) for text in texts[i : i + size]])
        hashes = TokenHashes.of(n, Powers.of(len(n.chars.codes)))
        star = np.append(n.sheet.codes == ord(STAR), False)
        length = np.where(n.tokens.unspaced, 0, n.tokens.last - n.tokens.first + 1)
        after = [n.chars.past_marks(int(k), n.sheet, normaliser.tables) for k in n.tokens.last]
        prefix = np.where(star[after], length, 0)
        suffix = np.where(star[n.chars.start[n.tokens.first] - 1], length, 0)
        bounds = np.searchsorted(n.tokens.field, np.arange(len(n.sheet.texts) + 1)).tolist()
        folded = np.where((prefix > 0) | (suffix > 0), hashes.whole, hashes.exact)
        starts = edge_codes(n.chars.codes, n.tokens.first, 1, length)
        ends = edge_codes(n.chars.codes, n.tokens.last, -1, length)
        for a, b in itertools.pairwise(bounds):
            if b > a and 0 < max(prefix[a], suffix[a]) < SHORTEST_OPEN:
                raise SeedError(
                    f"{n.sheet.texts[len(out) - i]!r} begins with a single letter left open; write at least two beside the star."
                )
            out.append(PartTokens(folded[a:b], starts[a:b], ends[a:b], tuple(prefix[a:b].tolist()), tuple(suffix[a:b].tolist())))
    return out


def edge_codes(codes: Codes, edge: Places, step: int, size: NDArray[np.integer]) -> Codes:
    """The SEEN characters from each edge on, 0 past the size; shape (tokens, SEEN)."""
    k = np.arange(SEEN)
    return np.where(k < size[:, None], codes.take(edge[:, None] + k * step, mode="clip"), np.uint32(0))
