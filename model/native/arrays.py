"""Arrays as the kernel takes them: structures of addresses, which hold on to what they point at."""

from ctypes import Structure, addressof, c_char, c_int64, c_void_p
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

NOTHING = c_char * 0


def address(array: NDArray[Any]) -> int:
    """Where an array's items begin; they must lie one after the other."""
    if array.flags.writeable:  # the quick way, which checks by itself
        return addressof(NOTHING.from_buffer(array.data))
    assert array.flags.c_contiguous  # noqa: S101 - our own arrays
    return int(array.__array_interface__["data"][0])


class Arrays(Structure):
    """Addresses of arrays, and numbers."""

    held: dict[str, Any]

    @classmethod
    def of(cls, **given: Any) -> Self:
        """From arrays, structures and numbers by name."""
        made = cls(**{name: address(value) if isinstance(value, np.ndarray) else value for name, value in given.items()})
        made.held = given
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process has the arrays elsewhere."""
        return made_of, (type(self), self.held)


def made_of(kind: type[Arrays], held: dict[str, Any]) -> Arrays:
    """A structure again, from what it held."""
    return kind.of(**held)


class Table(Arrays):
    """As in kernel.h."""

    _fields_ = [("slots", c_void_p), ("filter", c_void_p), ("shift", c_int64), ("serial", c_int64)]


class Text(Arrays):
    """As in kernel.h."""

    _fields_ = [
        *((name, c_void_p) for name in ("codes", "first", "last", "field", "unspaced", "whole", "exact")),
        ("tokens", c_int64),
    ]


class Learnt(Arrays):
    """As in tell.h."""

    _fields_ = [
        ("table", Table),
        ("pieces", Table),
        *((name, c_void_p) for name in ("cue", "pairs", "counts", "types", "genre_cue", "lure_of")),
        *((name, c_int64) for name in ("cues", "lures", "most", "kinds", "columns", "pieced")),
    ]


class Known(Arrays):
    """As in marks.c."""

    _fields_ = [
        *((name, c_void_p) for name in ("kinds", "marks", "lure_of", "cue_names")),
        *((name, c_int64) for name in ("cues", "lures")),
    ]


class Page(Structure):
    """As in marks.c; it holds on to nothing."""

    _fields_ = [
        *((name, c_void_p) for name in ("text", "known", "start", "sheet", "starts", "adverts", "names", "wide")),
        *((name, c_int64) for name in ("length", "fields", "wides")),
    ]


class Phrases(Arrays):
    """As in phrases.h."""

    _fields_ = [
        ("nodes", Table),
        *((name, c_void_p) for name in ("front", "onward", "back", "uses", "entry", "slots")),
        ("insides", c_int64),
    ]
