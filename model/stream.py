"""Characters of a batch of adverts in one array, each knowing which code points of the callers' own strings it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.native import kernel
from model.tables import BREAK, Codes, Tables

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Sheet:
    """The callers' own characters: all fields of all adverts, each followed by one BREAK.

    codes: uint32, shape (n,). Field f spans [starts[f], ends[f]) and belongs to advert adverts[f]; names[f] is its name.
    borders: where the fields start, and last the number of codes.
    """

    codes: Codes
    borders: Places
    starts: Places
    ends: Places
    adverts: Places
    names: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, batch: Sequence[Advert]) -> "Sheet":
        """Lay out a batch. Private-use characters that we use for ourselves are blanked; positions stay."""
        adverts, names, texts = zip(*((i, *part) for i, advert in enumerate(batch) for part in advert.parts), strict=True)
        joined = chr(BREAK).join([*texts, ""])
        codes = np.frombuffer(bytearray(joined.encode("utf-32-le", "surrogatepass")), np.uint32)
        borders = np.array([0, *accumulate(len(text) + 1 for text in texts)], np.int32)
        starts, ends = borders[:-1], borders[1:] - 1
        kernel.lay_out(codes, ends)
        return cls(codes, borders, starts, ends, np.array(adverts, np.int32), names, texts)

    def field_of(self, places: Places) -> Places:
        """Index of the field in which each place of the sheet stands."""
        return np.searchsorted(self.starts, places, side="right").astype(np.int32) - 1


@dataclass(frozen=True)
class Note:
    """A disguise that was undone: its kind and where it stood on the sheet, half-open."""

    kind: str
    start: int
    end: int


Edit = tuple[int, int, tuple[int, ...]]
"""Characters [i, j) of a stream give way to these code points."""


@dataclass(frozen=True)
class Stream:
    """codes: uint32, shape (m,). start: int32, where on the sheet each character came from; starts ascend.

    wide: end on the sheet of those that came from more than one code point, by their start; all others end one after their start.
    """

    codes: Codes
    start: Places
    wide: Mapping[int, int]

    @classmethod
    def of(cls, sheet: Sheet) -> "Stream":
        """The sheet's characters as they are."""
        return cls(sheet.codes, np.arange(len(sheet.codes), dtype=np.int32), {})

    def end(self, k: int) -> int:
        """Where on the sheet character k ends."""
        start = int(self.start[k])
        return self.wide.get(start, start + 1)

    def past_marks(self, k: int, sheet: Sheet, tables: Tables) -> int:
        """Where on the sheet character k ends, with the marks that combine with it and were dropped."""
        end = self.end(k)
        while tables.mark[int(tables.rows(sheet.codes[end : end + 1])[0])]:
            end += 1
        return end

    def ends(self) -> Places:
        """Ends of all characters, int32, shape (m,)."""
        out = self.start + 1
        for start, end in self.wide.items():
            out[np.searchsorted(self.start, start) : np.searchsorted(self.start, start, side="right")] = end
        return out

    def keep(self, mask: NDArray[np.bool_]) -> "Stream":
        """Only the characters under the mask."""
        return Stream(self.codes[mask], self.start[mask], self.wide)

    def edited(self, edits: Iterable[Edit]) -> "Stream":
        """Apply edits, which must be sorted and apart. What replaces [i, j) came from all of it."""
        edits = list(edits)
        if not edits:
            return self
        begins, ends, new = zip(*edits, strict=True)
        rows = np.array([begins, ends, [len(codes) for codes in new]], np.int32).T
        codes, start = kernel.splice(self.codes, self.start, np.ascontiguousarray(rows), np.array([*chain.from_iterable(new)], np.uint32))
        origin, final = self.start[rows[:, 0]].tolist(), self.start[rows[:, 1] - 1].tolist()
        wide = {a: self.wide.get(b, b + 1) for a, b, i, j in zip(origin, final, begins, ends, strict=True) if j > i + 1 or self.wide}
        return Stream(codes, start, {**self.wide, **wide})


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """Sorted edits without those that overlap an earlier one."""
    out: list[Edit] = []
    for edit in sorted(edits):
        if not out or edit[0] >= out[-1][1]:
            out.append(edit)
    return out


def text_of(codes: Codes) -> str:
    """The string of these code points, lone surrogates included."""
    return str(np.ascontiguousarray(codes, "<u4").data, "utf-32-le", "surrogatepass")
