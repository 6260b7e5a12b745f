"""Runs the full tier in worker threads behind a bounded queue, so that the event loop, and with it the fast tier, never waits for it."""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.errors import LurewatchError
from model.verdict import Verdict

FIRST_GUESS, SMOOTHING = 0.05, 0.1
"""Seconds that one ad is taken to need before any was timed; share of the newest in the running mean."""


class BusyError(LurewatchError):
    """The queue of the full tier is full. retry_after: whole seconds after which there will be room."""

    kind = "busy"

    def __init__(self, waiting: int, retry_after: int) -> None:
        super().__init__(f"{waiting} ads wait for the full tier; try again in {retry_after} s, or ask for tier fast.", "tier")
        self.retry_after = retry_after


class FullTierWorker:
    """Belongs to one event loop; `judge` is called from that loop alone. count: gets 1 with each ad that is taken, -1 once it is judged."""

    def __init__(self, classifier: ScamAdClassifier, threads: int, queue: int, count: Callable[[int], object]) -> None:
        self._classifier, self._threads, self._queue, self._count = classifier, threads, queue, count
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="full-tier")
        self._taken, self._seconds = 0, FIRST_GUESS

    async def judge(self, advert: Advert, options: Options) -> Verdict:
        """The full tier's verdict. Raises BusyError, OptionError."""
        if self._taken >= self._threads + self._queue:
            raise BusyError(self._taken, max(1, math.ceil(self._seconds * self._taken / self._threads)))
        self._taken += 1
        self._count(1)
        try:
            verdict, seconds = await asyncio.get_running_loop().run_in_executor(self._pool, self._timed, advert, options)
            self._seconds += SMOOTHING * (seconds - self._seconds)
            return verdict
        finally:
            self._taken -= 1
            self._count(-1)

    def _timed(self, advert: Advert, options: Options) -> tuple[Verdict, float]:
        start = time.perf_counter()
        return self._classifier.judge(advert, options), time.perf_counter() - start

    def close(self) -> None:
        """Finish what was taken."""
        self._pool.shutdown(wait=True)
