"""Calls of the kernel. Arrays must be of the types that are told, and lie one item after the other; nothing is checked in C."""

from collections.abc import Iterator
from ctypes import CDLL, addressof, byref, c_int, c_int64, c_uint64, c_void_p
from functools import cache
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import LurewatchError
from model.native import kept
from model.native.arrays import Known, Learnt, Page, Phrases, Table, Text, address

Codes = NDArray[np.uint32]
Places = NDArray[np.int32]

LIBRARY = Path(__file__).with_name("libkernel.so")
TAKES = {
    "lay_out": "pipi",
    "splice": "ppipippp",
    "fold_characters": "ppipppppi",
    "cut_tokens": "ppippipppp",
    "find_markup": "pipi",
    "find_runs": "pipipi",
    "find_chunks": "pipi",
    "find_crowded": "pipi",
    "find_spaced": "pipppipi",
    "find_leet": "pippi",
    "find_quotes": "pipi",
    "find_wages": "pipppipppi",
    "hash_tokens": "pppipp",
    "find_grams": "ppppppi",
    "find_phrases": "ppppi",
    "find_pieces": "ppppp",
    "find_cues": "pppppipppip",
    "add_phrases": "ppppipppp",
    "add_cues": "piipppppp",
    "find_spans": "pppipippp",
}
"""Pointers and whole numbers that each function takes; all answer a whole number."""
MOST_GRAMS = 4
"""N-grams that begin with one token, at most."""
MOST_LEARNT = 8
"""Spans of learnt phrases of one advert, at most."""
SPAN = Struct("=d6i")
"""Of marks.c."""
SpanRow = tuple[float, int, int, int, int, int, int]
Ints = tuple[NDArray[np.int32], ...]


class Written(NamedTuple):
    """Where characters stand in the callers' own texts; see marks.c."""

    start: NDArray[np.int32]
    sheet: NDArray[np.uint32]
    starts: NDArray[np.int32]
    adverts: NDArray[np.int32]
    names: NDArray[np.int32]
    wide: NDArray[np.int32]


@cache
def library() -> CDLL:
    """The compiled kernel. Raises LurewatchError where it is not there or not for this machine."""
    try:
        made = CDLL(str(LIBRARY))
    except OSError as e:
        raise LurewatchError(f"the compiled part {LIBRARY} cannot be loaded: {e}. Install the package again, which compiles it.") from e
    for name, takes in TAKES.items():
        function = getattr(made, name)
        function.argtypes, function.restype = [c_void_p if kind == "p" else c_int64 for kind in takes], c_int64
    for name in kept.NAMES:
        new, free = getattr(made, f"new_{name}"), getattr(made, f"free_{name}")
        new.argtypes, new.restype, free.argtypes, free.restype = [], c_void_p, [c_void_p], None
    made.node_after.argtypes, made.node_after.restype = [c_uint64, c_uint64, c_int, c_int, c_int], c_uint64
    return made


OWN = kept.Own(library)


def counted(found: int) -> int:
    """What a call answered. Raises MemoryError."""
    if found < 0:
        raise MemoryError("no memory left for scratch of the kernel")
    return found


def lay_out(codes: Codes, ends: Places) -> None:
    """Blank, in place, the characters that we use for ourselves, and set BREAK where fields end."""
    library().lay_out(address(codes), len(codes), address(ends), len(ends))


def splice(codes: Codes, start: Places, edits: Places, new: Codes) -> tuple[Codes, Places]:
    """Characters and where they came from after edits: rows of begin, end and how many of `new` stand instead; ascending, apart."""
    size = len(codes) + len(new) - int((edits[:, 1] - edits[:, 0]).sum())
    out, origin = np.empty(size, np.uint32), np.empty(size, np.int32)
    given = (address(codes), address(start), len(codes), address(edits), len(edits), address(new))
    library().splice(*given, address(out), address(origin))
    return out, origin


def fold_characters(codes: Codes, start: Places, look: Codes, expand: Codes) -> tuple[Codes, Places, int]:
    """Folded characters without those that fold to nothing, where each came from, and the traits of all as bits."""
    room, traits = len(codes) + len(codes) // 64, np.empty(1, np.uint32)
    given = (address(codes), address(start), len(codes), address(look), address(expand))
    while True:
        out, origin = np.empty(room, np.uint32), np.empty(room, np.int32)
        kept = library().fold_characters(*given, address(out), address(origin), address(traits), room)
        if kept <= room:
            return out[:kept], origin[:kept], int(traits[0])
        room = kept


def cut_tokens(codes: Codes, start: Places, cuts: NDArray[np.uint8], starts: Places) -> tuple[Places, Places, Places, NDArray[np.bool_]]:
    """First and last character, field and `unspaced` of every token. cuts: by code point. starts: of the fields on the sheet."""
    rows, unspaced = np.empty((3, len(codes)), np.int32), np.empty(len(codes), np.bool_)
    first, last, field = rows
    filled = (address(cuts), address(starts), len(starts), address(first), address(last), address(field), address(unspaced))
    count = library().cut_tokens(address(codes), address(start), len(codes), *filled)
    return first[:count], last[:count], field[:count], unspaced[:count]


def hash_tokens(codes: NDArray[np.uint32], first: Places, last: Places) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hashes of tokens, uint64: every digit read as 0, and with digits told apart."""
    whole, exact = np.empty(len(first), np.uint64), np.empty(len(first), np.uint64)
    library().hash_tokens(address(codes), address(first), address(last), len(first), address(whole), address(exact))
    return whole, exact


def grams(text: Text) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int8]]:
    """All n-grams by place: hash, first token, number of tokens."""
    room = MOST_GRAMS * text.tokens
    found, first, length = np.empty(room, np.uint64), np.empty(room, np.int32), np.empty(room, np.int8)
    count = library().find_grams(byref(text), None, address(found), None, address(first), address(length), room)
    return found[:count], first[:count], length[:count]


def pieces(text: Text, known: Table, characters: int) -> tuple[Places, Places]:
    """Row and first token of every piece of a word, by place. characters: in the batch."""
    rows, first = np.empty((2, characters), np.int32)
    count = library().find_pieces(OWN["cuts"], byref(text), byref(known), address(rows), address(first))
    return rows[:count], first[:count]


def phrases(text: Text, sought: Phrases) -> NDArray[np.uint64]:
    """Matches, ascending, each `first token << 34 | (number of tokens - 1) << 24 | entry`. Raises MemoryError."""
    room, walk = 256 + text.tokens // 8, OWN["walk"]
    while True:
        out = np.empty(room, np.uint64)
        count = counted(library().find_phrases(walk, byref(text), byref(sought), address(out), room))
        if count <= room:
            return out[:count]
        room = count


def find_cues(
    text: Text, adverts: NDArray[np.int32], matches: Ints, cue_of: tuple[NDArray[np.int32], NDArray[np.int32]], others: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Cue, advert, first and last token of every occurrence, by place. Raises MemoryError.

    adverts: by field. matches: seed entry, first and last token. cue_of: by entry, by kind of contact. others: rows of cue, first and last
    token.
    """
    out = np.empty((len(matches[0]) + len(others) + text.tokens, 4), np.int32)
    given = (*(address(column) for column in matches), len(matches[0]), *(address(cues) for cues in cue_of), address(others), len(others))
    return out[: counted(library().find_cues(byref(text), address(adverts), *given, address(out)))]


def add_phrases(
    text: Text, adverts: NDArray[np.int32], learnt: Learnt, batch: int
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]:
    """What learnt phrases add: contribution and lure of every token, of each of so many adverts the sum and how much it reads like a
    report. Raises MemoryError.

    adverts: by field.
    """
    tokens, lure, total, genre = np.empty(text.tokens), np.empty(text.tokens, np.int8), np.empty(batch), np.empty(batch)
    filled = (address(tokens), address(lure), address(total), address(genre))
    counted(library().add_phrases(OWN["cuts"], byref(text), address(adverts), byref(learnt), batch, *filled))
    return tokens, lure, total, genre


def add_cues(
    cues: NDArray[np.int32], learnt: Learnt, total: NDArray[np.float64], genre: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """What cues add: share of every occurrence, which cues each advert holds, logits of its kinds. Raises MemoryError.

    cues: as `find_cues` gives them. total, genre: by advert, grow by what cues add.
    """
    shares, held, types = np.empty(len(cues)), np.empty((len(total), learnt.cues), np.bool_), np.empty((len(total), learnt.kinds))
    filled = (address(shares), address(total), address(genre), address(held), address(types))
    counted(library().add_cues(address(cues), len(cues), len(total), byref(learnt), *filled))
    return shares, held, types


def find_spans(
    text: Text,
    known: Known,
    written: Written,
    cues: tuple[NDArray[np.int32], NDArray[np.float64]],
    runs: NDArray[np.int32] | None,
    scores: tuple[NDArray[np.float64], NDArray[np.int8]],
) -> Iterator[SpanRow]:
    """Contribution, advert, field, start, end, lure and cue of every span, by advert, most telling first. Raises MemoryError.

    cues: as `find_cues` gives them, and what each adds. runs: advert, lure, first and last token of each; None in the fast tier.
    scores: of tokens, and their lures.
    """
    (rows, shares), (tokens, lure), fields = cues, scores, len(written.adverts)
    seen, more = (None, 0) if runs is None else (address(runs), len(runs))
    out = np.empty((len(rows) + more + MOST_LEARNT * fields) * SPAN.size, np.uint8)
    page = Page(addressof(text), addressof(known), *map(address, written), len(written.sheet), fields, len(written.wide))
    given = (address(rows), address(shares), len(rows), seen, more, address(tokens), address(lure), address(out))
    return SPAN.iter_unpack(out[: counted(library().find_spans(byref(page), *given)) * SPAN.size].data)


def node_after(node: int, token: int, is_first: bool, prefix: bool, suffix: bool) -> int:
    """Hash of the node after one more token, itself the hash of a whole token or of what it begins (prefix) or ends with (suffix)."""
    return int(library().node_after(node, token, is_first, prefix, suffix))
