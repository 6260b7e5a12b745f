"""Calls of the kernel. Arrays must be of the types that are told, and lie one item after the other; nothing is checked in C."""

from ctypes import CDLL, byref, c_int, c_int64, c_uint64, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import LurewatchError
from model.native.arrays import Phrases, Table, Text, address

LIBRARY = Path(__file__).with_name("libkernel.so")
TAKES = {
    "fold_characters": "ppipppp",
    "cut_tokens": "ppippipppp",
    "find_leet": "pippi",
    "hash_tokens": "pppipp",
    "find_grams": "ppppppi",
    "find_phrases": "pppi",
    "add_weights": "ppppipppppp",
}
"""Pointers and whole numbers that each function takes; all answer a whole number."""
MOST_GRAMS = 4
"""N-grams that begin with one token, at most."""


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
    made.node_after.argtypes, made.node_after.restype = [c_uint64, c_uint64, c_int, c_int, c_int], c_uint64
    return made


def counted(found: int) -> int:
    """What a call answered. Raises MemoryError."""
    if found < 0:
        raise MemoryError("no memory left for scratch of the kernel")
    return found


def fold_characters(
    codes: NDArray[np.uint32], start: NDArray[np.int32], look: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.int32], int]:
    """Folded characters without those that fold to nothing, where each came from, and the traits of all as bits."""
    out, origin, traits = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int32), np.zeros(1, np.uint32)
    filled = (address(look), address(out), address(origin), address(traits))
    kept = library().fold_characters(address(codes), address(start), len(codes), *filled)
    return out[:kept], origin[:kept], int(traits[0])


def cut_tokens(
    codes: NDArray[np.uint32], start: NDArray[np.int32], cuts: NDArray[np.uint8], starts: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """First and last character, field and `unspaced` of every token. cuts: by code point. starts: of the fields on the sheet."""
    first, last, field = (np.empty(len(codes), np.int32) for _ in range(3))
    unspaced = np.empty(len(codes), np.bool_)
    filled = (address(cuts), address(starts), len(starts), *map(address, (first, last, field)), address(unspaced))
    count = library().cut_tokens(address(codes), address(start), len(codes), *filled)
    return first[:count], last[:count], field[:count], unspaced[:count]


def find_leet(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Stretches [i, j) of letters with digits or signs for letters among them. kinds: by code point."""
    room = 16 + len(codes) // 256
    while True:
        out = np.empty((room, 2), np.int32)
        count = library().find_leet(address(codes), len(codes), address(kinds), address(out), room)
        if count <= room:
            return [(i, j) for i, j in out[:count].tolist()]
        room = count


def hash_tokens(codes: NDArray[np.uint32], first: NDArray[np.int32], last: NDArray[np.int32]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hashes of tokens, uint64: every digit read as 0, and with digits told apart."""
    whole, exact = np.empty(len(first), np.uint64), np.empty(len(first), np.uint64)
    library().hash_tokens(address(codes), address(first), address(last), len(first), address(whole), address(exact))
    return whole, exact


def grams(text: Text, table: Table | None) -> tuple[NDArray[Any], NDArray[np.int32], NDArray[np.int8]]:
    """All n-grams by place: hash (uint64), first token, number of tokens; with a table those in it, row (int32) in place of hash."""
    room = MOST_GRAMS * text.tokens
    found, first, length = np.empty(room, np.int32 if table else np.uint64), np.empty(room, np.int32), np.empty(room, np.int8)
    out = (None, address(found)) if table else (address(found), None)
    count = library().find_grams(byref(text), byref(table) if table else None, *out, address(first), address(length), room)
    return found[:count], first[:count], length[:count]


def phrases(text: Text, sought: Phrases) -> NDArray[np.uint64]:
    """Matches, ascending, each `first token << 34 | (number of tokens - 1) << 24 | entry`. Raises MemoryError."""
    room = 256 + text.tokens // 8
    while True:
        out = np.empty(room, np.uint64)
        count = counted(library().find_phrases(byref(text), byref(sought), address(out), room))
        if count <= room:
            return out[:count]
        room = count


def add_weights(
    known: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]],
    learnt: tuple[NDArray[np.float64], NDArray[np.int8]],
    out: tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.float64]],
) -> None:
    """Add the weights of learnt phrases to tokens and adverts. Raises MemoryError.

    known: row, first token, number of tokens and advert of every occurrence, by place. learnt: weight and lure of every row.
    out: contribution (zeros) and lure (-1) of every token, sum (zeros) of every advert.
    """
    tokens, lure, total = out
    strongest = np.zeros(len(tokens))
    filled = (*learnt, tokens, lure, strongest, total)
    counted(library().add_weights(*(address(a) for a in known), len(known[0]), *(address(a) for a in filled)))


def node_after(node: int, token: int, is_first: bool, prefix: bool, suffix: bool) -> int:
    """Hash of the node after one more token, itself the hash of a whole token or of what it begins (prefix) or ends with (suffix)."""
    return int(library().node_after(node, token, is_first, prefix, suffix))
