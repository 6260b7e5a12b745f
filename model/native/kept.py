"""Memory of the kernel in which each thread keeps what it learnt of words from call to call: what a word is by itself never changes."""

import threading
from collections.abc import Callable
from ctypes import CDLL

NAMES = ("walk", "cuts")
"""For each the kernel has a function that makes it and one that frees it; see phrases.h and pieces.c."""


class Kept:
    """One of them. Raises MemoryError."""

    address = 0

    def __init__(self, library: CDLL, name: str) -> None:
        self.free, made = getattr(library, f"free_{name}"), getattr(library, f"new_{name}")()
        if not made:
            raise MemoryError(f"no memory left for what the kernel keeps ({name})")
        self.address = int(made)

    def __del__(self) -> None:
        if self.address:
            self.free(self.address)


class Own(threading.local):
    """What a thread keeps, by name; made where it is asked for first."""

    def __init__(self, library: Callable[[], CDLL]) -> None:
        self._library, self._kept = library, dict[str, Kept]()

    def __getitem__(self, name: str) -> int:
        """Its address. Raises MemoryError."""
        if name not in self._kept:
            self._kept[name] = Kept(self._library(), name)
        return self._kept[name].address
