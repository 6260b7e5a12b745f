"""Finds every hand-written phrase in a batch: parts by the trie, then parts joined across the gaps that a phrase allows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.errors import SeedError
from model.ngrams import Powers, TokenHashes
from model.normalise import Normalised, Normaliser
from model.patterns import expand
from model.stream import Places
from model.trie import PartTokens, Trie, arrays

GAP_WORDS, GAP_CHARACTERS = 3, 12
STAR = "*"
SHORTEST_OPEN = 2
ROOM = 1 << 32
"""More than any number of tokens: phrase and token go into one whole number."""
ENTRY_MASK, LENGTH_MASK = (1 << 24) - 1, (1 << 10) - 1
"""A match as one whole number: first token, length below 1,024 (slots and gaps are bounded), entry."""
FILTER = 2048
"""Width of the table that tells which phrases began in a field; two phrases may share a place, which costs time alone."""
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
    """uses: `phrase * SLOTS + slot` of every use of a part, in the trie's order. entry, slots: of each phrase, its entry and how many."""

    trie: Trie
    uses: Numbers
    entry: Numbers
    slots: Numbers

    @classmethod
    def load(cls, data: Mapping[str, NDArray[Any]]) -> "PhraseFinder":
        """From the arrays that `finder_arrays` gave."""
        return cls(Trie.load(data), data["uses"], data["entry"], data["slots"])

    def __call__(self, n: Normalised, hashes: TokenHashes) -> Matches:
        """All matches in a batch; the same entry at the same tokens is told once."""
        slot, stands = self._stands(n, hashes)
        ends = stands.take(slot == 0)
        several = self.slots[ends.phrase] > 1
        found = [ends.take(~several)]
        later = np.flatnonzero(slot > 0)
        awaited = np.zeros((len(n.sheet.starts), FILTER), np.bool_)
        awaited[n.tokens.field[ends.first[several]], ends.phrase[several] % FILTER] = True
        later = later[awaited[n.tokens.field[stands.first[later]], stands.phrase[later] % FILTER]]
        slot, stands, ends = slot[later], stands.take(later), ends.take(several)
        for k in range(1, int(slot.max(initial=0)) + 1):
            ends = joined(ends, stands.take(slot == k), n)
            over = self.slots[ends.phrase] == k + 1
            found.append(ends.take(over))
            ends = ends.take(~over)
        first, last, entry = (
            np.concatenate(column) for column in zip(*((p.first, p.last, self.entry[p.phrase]) for p in found), strict=True)
        )
        keys = np.unique((first << 34) | ((last - first) << 24) | entry)
        first = keys >> 34
        return Matches(*(x.astype(np.int32) for x in (keys & ENTRY_MASK, first, first + (keys >> 24 & LENGTH_MASK))))

    def _stands(self, n: Normalised, hashes: TokenHashes) -> tuple[Numbers, Stands]:
        """Slot, phrase and tokens of every part of every phrase."""
        hits = self.trie.walk(n, hashes)
        begin = self.trie.begins[hits.node]
        count = self.trie.begins[hits.node + 1] - begin
        of_hit = np.repeat(np.arange(len(count)), count)
        use = self.uses[np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(len(of_hit))]
        return use % SLOTS, Stands(use // SLOTS, hits.first[of_hit], hits.last[of_hit])


def joined(ends: Stands, nexts: Stands, n: Normalised) -> Stands:
    """Chains that go on: each part with the nearest chain of its phrase that ended before it, within the gap and the field."""
    keys = ends.phrase * ROOM + ends.last
    order = np.argsort(keys, kind="stable")
    ends, keys = ends.take(order), keys[order]
    at = np.searchsorted(keys, nexts.phrase * ROOM + nexts.first) - 1
    fits = at >= 0
    at, nexts = at[fits], nexts.take(fits)
    gap = np.where(n.tokens.unspaced[nexts.first], GAP_CHARACTERS, GAP_WORDS)
    fits = (ends.phrase[at] == nexts.phrase) & (nexts.first - ends.last[at] <= gap + 1)
    fits &= n.tokens.field[ends.last[at]] == n.tokens.field[nexts.first]
    at, nexts = at[fits], nexts.take(fits)
    return Stands(nexts.phrase, ends.first[at], nexts.last)


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
        ends = [n.chars.past_marks(int(k), n.sheet, normaliser.tables) for k in n.tokens.last]
        prefix = np.where(star[ends], length, 0)
        suffix = np.where(star[n.chars.start[n.tokens.first] - 1], length, 0)
        bounds = np.searchsorted(n.tokens.field, np.arange(len(n.sheet.texts) + 1)).tolist()
        folded = np.where((prefix > 0) | (suffix > 0), hashes.whole, hashes.exact)
        for a, b in itertools.pairwise(bounds):
            if b > a and 0 < max(prefix[a], suffix[a]) < SHORTEST_OPEN:
                raise SeedError(
                    f"{n.sheet.texts[len(out) - i]!r} begins with a single letter left open; write at least two beside the star."
                )
            out.append(PartTokens(folded[a:b], edge_codes(n, a, b), tuple(prefix[a:b].tolist()), tuple(suffix[a:b].tolist())))
    return out


def edge_codes(n: Normalised, token: int, end: int) -> NDArray[np.uint32]:
    """First three characters of a token, and its last three backwards; none where there is no token before `end`."""
    if token == end:
        return n.chars.codes[:0]
    first, last = int(n.tokens.first[token]), int(n.tokens.last[token])
    places = [first, first + 1, first + 2, last, last - 1, last - 2]
    return n.chars.codes[[min(max(place, first), last) for place in places]]
