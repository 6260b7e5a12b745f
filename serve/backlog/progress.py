"""How far a run is: a bar with rate and time left on a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from serve.backlog.shards import Record


class Bar:
    """Counts what is done. Time left is told by bytes of input, since rows are only known once they are read."""

    def __init__(self, progress: Progress, size: int) -> None:
        self._progress, self._task = progress, progress.add_task("judging", total=size, ads=0, rate="")
        self._ads, self._read = 0, dict[str, int]()

    def done(self, record: Record) -> None:
        """One more shard."""
        self._ads += record.rows
        self._read[record.file] = max(self._read.get(record.file, 0), record.read)
        task = self._progress.tasks[self._task]
        rate = self._ads / max(task.elapsed or 0, 1e-9)
        self._progress.update(self._task, completed=sum(self._read.values()), ads=self._ads, rate=f"{rate:,.0f} ads/s")


@contextmanager
def shown(size: int) -> Iterator[Bar]:
    """A bar on standard error. size: bytes of all inputs."""
    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[ads]:,} ads {task.fields[rate]}"), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not sys.stderr.isatty(), transient=True) as progress:
        yield Bar(progress, size)
