"""The HTTP service: every module of routes calls one function of the classifier and translates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from model.version import __version__
from serve import about, batch, feedback, health, judging, metrics, openapi, problems, security
from serve.compression import Compression
from serve.desk import Desk
from serve.duty import Duty
from serve.limits import LargestBody
from serve.measures import Measures
from serve.page import routes as page
from serve.reloading import Reloading
from serve.routes import Direct
from serve.scoring import Scoring
from serve.settings import Settings
from serve.watching import Watching

DESCRIPTION = """Warns when a job ad carries the lures of a scam, and shows the phrases that gave it away.

A verdict fits phrases to reported patterns; it accuses nobody. **A low score is not a clearance.** Nothing of an ad is logged, and
nothing is stored unless it is sent as feedback with consent."""

UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""The framework's own tracing would tell messages of errors, which may hold an ad."""


def create_app(settings: Settings) -> FastAPI:
    """A service with one classifier, and another one after SIGHUP; without a full tier that cannot be loaded it goes on.

    Raises ArtefactError where the fast tier cannot be loaded, KeyFileError where the key file cannot be used, OptionError where the
    database's address cannot be read. A database that is down stops nothing but feedback.
    """
    desk, measures = Desk(settings), Measures()
    duty = Duty(Scoring.of(settings, measures.waiting))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with app.state.reloading.lifespan(), desk.lifespan():
            yield

    app = FastAPI(title="Lurewatch", version=__version__, description=DESCRIPTION, lifespan=lifespan, redoc_url=None, telemetry=UNTRACED)
    app.state.reloading = Reloading(duty, measures)  # for those who run the app in a server of their own, without SIGHUP
    problems.install(app)
    openapi.install(app)
    app.add_middleware(Direct, site=app)
    app.add_middleware(Compression, limit=settings.largest_body)
    app.add_middleware(LargestBody, limit=settings.largest_body)
    security.install(app, settings)
    app.add_middleware(Watching, site=app, measures=measures)
    for module in (judging, batch, about, health, *([page] if settings.shows_page else [])):
        app.router.routes += module.router(duty).routes
    app.router.routes += [*feedback.router(desk).routes, *metrics.router(measures).routes]
    return app
