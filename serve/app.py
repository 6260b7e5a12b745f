"""The HTTP service: every module of routes calls one function of the classifier and translates."""

from fastapi import FastAPI

from model.version import __version__
from serve import about, batch, health, judging, openapi, problems
from serve.compression import Compression
from serve.limits import LargestBody
from serve.page import routes as page
from serve.request_ids import RequestIds
from serve.scoring import Scoring
from serve.settings import Settings

DESCRIPTION = """Warns when a job ad carries the lures of a scam, and shows the phrases that gave it away.

A verdict fits phrases to reported patterns; it accuses nobody. **A low score is not a clearance.** Nothing of an ad is stored or logged."""


def create_app(settings: Settings) -> FastAPI:
    """A service with one classifier. Raises ArtefactError where the fast tier cannot be loaded; without the full one it goes on."""
    scoring = Scoring.of(settings)
    app = FastAPI(title="Lurewatch", version=__version__, description=DESCRIPTION, lifespan=scoring.lifespan)
    problems.install(app)
    openapi.install(app)
    app.add_middleware(Compression, limit=settings.largest_body)
    app.add_middleware(LargestBody, limit=settings.largest_body)
    app.add_middleware(RequestIds)
    for routes in (judging, batch, about, health, page):
        app.include_router(routes.router(scoring))
    return app
