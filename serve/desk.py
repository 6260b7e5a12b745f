"""Takes feedback to its store and back, off the event loop, and sees to it that nothing is kept longer than it may be."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from serve.entries import StoreDownError
from serve.settings import Settings, feedback_file

if TYPE_CHECKING:
    from serve.store import Store

T = TypeVar("T")
DAY, HOUR = 86_400, 3_600
THREADS, MOST_WAITING = 4, 64
"""Threads, and so connections, of one process; requests that may wait for them, more are told to come again."""
LOG = logging.getLogger("lurewatch")


class Desk:
    """Belongs to one event loop. Opens its store at once where there is one, else with the first feedback. Raises OptionError."""

    def __init__(self, settings: Settings) -> None:
        self.days, self._settings = settings.feedback_days, settings
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="feedback")
        self._waiting = 0
        if settings.database_url or feedback_file(settings.state).exists():
            _ = self.store

    @cached_property
    def store(self) -> "Store":
        """Where feedback is kept."""
        from serve.database import url_of  # noqa: PLC0415 - ten megabytes that a service without feedback does not need
        from serve.store import Store  # noqa: PLC0415

        return Store(url_of(self._settings))

    async def run(self, work: Callable[["Store"], T]) -> T:
        """Do work on the store in a thread. Raises what it raises, and StoreDownError where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise StoreDownError(f"{self._waiting} requests wait for the database of feedback; try again. Nothing was kept.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(self.store))
        finally:
            self._waiting -= 1

    def purge(self, store: "Store") -> int:
        """Delete what was kept for its days; how many."""
        return store.purge(int(time.time()) - self.days * DAY)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Purge at the start and daily; finish what was taken before the service stops."""
        purging = asyncio.create_task(self._purge_daily())
        yield
        purging.cancel()
        self._pool.shutdown(wait=True)
        if "store" in vars(self):
            self.store.close()

    async def _purge_daily(self) -> None:
        while True:
            try:
                if "store" in vars(self):
                    LOG.info("feedback: %d purged that were older than %d days", await self.run(self.purge), self.days)
                await asyncio.sleep(DAY)
            except StoreDownError:
                await asyncio.sleep(HOUR)
