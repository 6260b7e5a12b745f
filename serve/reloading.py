"""Takes a promoted artefact on SIGHUP: it is loaded beside the one that answers, and its routes take the place of the others' at once.

A request keeps the routes, and so the model, that it began with.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import BaseRoute

from model.errors import ArtefactError, LurewatchError
from serve import about, batch, health, judging
from serve.measures import Measures
from serve.page import routes as page
from serve.scoring import Scoring
from serve.settings import Settings

LOG = logging.getLogger("lurewatch")


class Reloading:
    """Belongs to one app and one event loop. Raises ArtefactError where the first model cannot be loaded."""

    def __init__(self, app: FastAPI, settings: Settings, measures: Measures) -> None:
        self._app, self._settings, self._measures = app, settings, measures
        self._kept = [*app.router.routes]
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[bool]] = set()
        self.scoring = self._loaded()
        self._take(self.scoring, routes_of(self.scoring))

    def _loaded(self) -> Scoring:
        return Scoring.of(self._settings, self._measures.waiting)

    def _take(self, scoring: Scoring, routes: list[BaseRoute]) -> None:
        self.scoring = scoring
        self._measures.model(scoring.classifier)
        self._app.router.routes = [*routes, *self._kept]

    async def reload(self) -> bool:
        """Put the artefact that lies in its folder now in place; whether it was taken. Whatever is wrong with it, the present one stays."""
        async with self._one_at_a_time:
            try:
                scoring, routes = await asyncio.to_thread(self._prepared)
            except Exception as e:
                why = e.message if isinstance(e, LurewatchError) else type(e).__name__
                LOG.error("the model in %s is not taken, the present one stays: %s", self._settings.artefact, why)
                self._measures.reload("refused")
                return False
            before = self.scoring.classifier.artefact.digest
            self._take(scoring, routes)
            self._measures.reload("taken")
            LOG.info("model %s answers in place of %s", scoring.classifier.artefact.digest, before)
            return True

    def _prepared(self) -> tuple[Scoring, list[BaseRoute]]:
        """A new model and its routes. Raises ArtefactError where it has fewer tiers than the present one."""
        scoring = self._loaded()
        if missing := set(self.scoring.tiers) - set(scoring.tiers):
            raise ArtefactError("; ".join(f"tier {tier} would be lost: {scoring.refused.get(tier, '')}" for tier in sorted(missing)))
        return scoring, routes_of(scoring)

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
        if self.scoring.worker:
            self.scoring.worker.close()


def routes_of(scoring: Scoring) -> list[BaseRoute]:
    """All routes that one model answers."""
    modules = (judging, batch, about, health, *([page] if scoring.settings.shows_page else []))
    return [route for module in modules for route in module.router(scoring).routes]
