"""What happens in one turn of the event loop, seen to together at its end: that takes less time than one by one between other work."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Turn(Generic[T]):
    """Belongs to one app. see_to: called with all that was noted in a turn, in order, before the loop waits again."""

    def __init__(self, see_to: Callable[[Sequence[T]], object]) -> None:
        self._see_to = see_to
        self._noted: list[T] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def note(self, item: T) -> None:
        """One more. Call it where a loop runs."""
        self._noted.append(item)
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._end)

    def _end(self) -> None:
        """See to all."""
        noted, self._noted, self._loop = self._noted, [], None
        self._see_to(noted)
