"""Arrays as the kernel takes them: structures of addresses, which hold on to what they point at."""

from ctypes import Structure, addressof, c_char, c_int64, c_void_p
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

ITEMS = c_char * 0


def address(array: NDArray[Any]) -> int:
    """Where an array's items begin. Raises TypeError where they do not lie one after the other, or where the array is read-only.

    Of the ways to ask NumPy this is by far the shortest, and one advert alone asks fifty times.
    """
    return addressof(ITEMS.from_buffer(array))  # type: ignore[arg-type]  # NumPy's arrays are buffers


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

    _fields_ = [("rows", c_void_p), ("bounds", c_void_p), ("filter", c_void_p), ("shift", c_int64)]


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
        *((name, c_void_p) for name in ("phrase", "cue", "pairs", "counts", "types", "lure", "lure_of")),
        *((name, c_int64) for name in ("cues", "lures", "most", "kinds", "columns")),
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
