"""Takes a promoted artefact on SIGHUP: it is loaded beside the one that answers, then takes its place at once."""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from model.errors import ArtefactError, LurewatchError
from serve.duty import Duty
from serve.measures import Measures
from serve.scoring import Scoring

LOG = logging.getLogger("lurewatch")


class Reloading:
    """Belongs to one event loop."""

    def __init__(self, duty: Duty, measures: Measures) -> None:
        self._duty, self._measures, self._settings = duty, measures, duty.scoring.settings
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[bool]] = set()
        measures.model(duty.scoring.classifier)

    async def reload(self) -> bool:
        """Put the artefact that lies in its folder now in place; whether it was taken. Whatever is wrong with it, the present one stays."""
        async with self._one_at_a_time:
            before = self._duty.scoring.classifier.artefact.digest
            try:
                scoring = await asyncio.to_thread(self._loaded)
                self._duty.take(scoring)
            except Exception as e:
                why = e.message if isinstance(e, LurewatchError) else type(e).__name__
                LOG.error("the model in %s is not taken, the present one stays: %s", self._settings.artefact, why)
                self._measures.reload("refused")
                return False
            self._measures.model(scoring.classifier)
            self._measures.reload("taken")
            LOG.info("model %s answers in place of %s", scoring.classifier.artefact.digest, before)
            return True

    def _loaded(self) -> Scoring:
        """A new model. Raises ArtefactError where it cannot be loaded, or has fewer tiers than the present one."""
        scoring = Scoring.of(self._settings, self._measures.waiting)
        if missing := set(self._duty.scoring.tiers) - set(scoring.tiers):
            raise ArtefactError("; ".join(f"tier {tier} would be lost: {scoring.refused.get(tier, '')}" for tier in sorted(missing)))
        return scoring

    def _asked(self) -> None:
        task = asyncio.get_running_loop().create_task(self.reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Heed SIGHUP, where this is the main thread; at the end finish what the full tier has taken."""
        heeds = threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGHUP")
        loop = asyncio.get_running_loop()
        if heeds:
            loop.add_signal_handler(signal.SIGHUP, self._asked)
        yield
        if heeds:
            loop.remove_signal_handler(signal.SIGHUP)
        if worker := self._duty.scoring.worker:
            worker.close()
