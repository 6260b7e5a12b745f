"""Takes feedback to its store and back, off the event loop, and sees to it that nothing is kept longer than it may be."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from serve.database import CONNECTIONS
from serve.store import Store, StoreDownError

P = ParamSpec("P")
T = TypeVar("T")
DAY, HOUR = 86_400, 3_600
MOST_WAITING = 64
"""Requests that may wait for the database in one process; more are told to come again."""
LOG = logging.getLogger("lurewatch")


class Desk:
    """Belongs to one event loop. days: for which feedback is kept."""

    def __init__(self, store: Store, days: int) -> None:
        self.store, self.days = store, days
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="feedback")
        self._waiting = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do work of the store in a thread. Raises what it raises, and StoreDownError where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise StoreDownError(f"{self._waiting} requests wait for the database of feedback; try again. Nothing was kept.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **kwargs))
        finally:
            self._waiting -= 1

    def purge(self) -> int:
        """Delete what was kept for its days; how many."""
        return self.store.purge(int(time.time()) - self.days * DAY)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Purge at the start and daily; finish what was taken before the service stops."""
        purging = asyncio.create_task(self._purge_daily())
        yield
        purging.cancel()
        self._pool.shutdown(wait=True)
        self.store.close()

    async def _purge_daily(self) -> None:
        while True:
            try:
                LOG.info("feedback: %d purged that were older than %d days", await self.run(self.purge), self.days)
                await asyncio.sleep(DAY)
            except StoreDownError:
                await asyncio.sleep(HOUR)
