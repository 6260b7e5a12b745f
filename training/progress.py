"""Tells how far a run is: lines with the time on standard error, and a bar below them where that is a terminal."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

Progress = Callable[[str], None]
T = TypeVar("T")


class Watch:
    """A `Progress` that can also show bars. Without a terminal it prints lines alone."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)

    def __reduce__(self) -> tuple[type["Watch"], tuple[()]]:
        """Another process has a console of its own."""
        return Watch, ()

    def __call__(self, line: str) -> None:
        """One line."""
        if self._console.is_terminal:
            self._console.print(f"{time.strftime('%H:%M:%S')} {line}", markup=False)
        else:
            print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)

    def over(self, items: Iterable[T], label: str, total: int) -> Iterator[T]:
        """The items, with a bar that goes when they are done."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=self._console, transient=True, disable=not self._console.is_terminal) as bars:
            yield from bars.track(items, total=total, description=label)


def over(progress: Progress, items: Iterable[T], label: str, total: int) -> Iterable[T]:
    """The items, with a bar where `progress` can show one."""
    return progress.over(items, label, total) if isinstance(progress, Watch) else items
