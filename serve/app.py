"""The HTTP service: routes call one function of the classifier and translate."""

from typing import Any

import orjson
from fastapi import FastAPI, Query, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.lures import LURES
from model.version import __version__
from serve import problems
from serve.limits import LargestBody
from serve.schemas import Problem, ScoreRequest, VerdictOut
from serve.scoring import Scoring
from serve.settings import Settings

DESCRIPTION = """Warns when a job ad carries the lures of a scam, and shows the phrases that gave it away.

A verdict fits phrases to reported patterns; it accuses nobody. **A low score is not a clearance.** Nothing of an ad is stored or logged."""
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": text}
    for status, text in (
        (400, "not JSON"),
        (413, "too long"),
        (422, "a field is wrong or missing"),
        (503, "the tier is not up, or too many ads wait for it"),
    )
}


def create_app(settings: Settings) -> FastAPI:
    """A service with one classifier. Raises ArtefactError where the fast tier cannot be loaded; without the full one it goes on."""
    scoring = Scoring.of(settings)
    app = FastAPI(title="Lurewatch", version=__version__, description=DESCRIPTION, lifespan=scoring.lifespan)
    problems.install(app)
    app.add_middleware(LargestBody, limit=settings.largest_body)
    add_scoring(app, scoring)
    add_knowledge(app, scoring.classifier)
    add_health(app, scoring)
    return app


def add_scoring(app: FastAPI, scoring: Scoring) -> None:
    """`POST /v1/score`."""

    @app.post("/v1/score", response_model=VerdictOut, responses=ERRORS, tags=["scoring"])
    async def score(request: ScoreRequest) -> Response:
        """Judge one ad. Spans are Unicode code points in your own strings; the contributions add up to the log-odds exactly."""
        verdict = await scoring.judge(advert_of(request), options_of(request, scoring.settings))
        return Response(orjson.dumps(verdict.as_dict(request.id)), media_type="application/json", headers={"Cache-Control": "no-store"})


def advert_of(request: ScoreRequest) -> Advert:
    """The advert of a request. Raises AdvertError."""
    posting = request.posting.model_dump(exclude_none=True) if request.posting else None
    return Advert.from_record({"text": request.text, "posting": posting})


def options_of(request: ScoreRequest, settings: Settings) -> Options:
    """The caller's choices, with the service's own where there are none."""
    thresholds = request.thresholds.model_dump(exclude_none=True) if request.thresholds else None
    prior = settings.prior if request.prior is None else request.prior
    return Options(prior=prior, thresholds=thresholds, language=request.language, tier=request.tier or settings.tier)


def add_knowledge(app: FastAPI, classifier: ScamAdClassifier) -> None:
    """`GET /v1/model` and `GET /v1/lures`."""
    artefact, knowledge = classifier.artefact, classifier.artefact.knowledge

    @app.get("/v1/model", tags=["about"])
    async def model() -> JSONResponse:
        """Name, version, digests, thresholds and data of the model that answers."""
        kept = ("calibration", "thresholds", "phrases", "seeds", "data", "files", "unicode", "format")
        return JSONResponse(
            {**artefact.identity, **{key: artefact.manifest[key] for key in kept}}, headers={"ETag": f'"{artefact.digest}"'}
        )

    @app.get("/v1/lures", tags=["about"])
    async def lures(
        language: str = Query(default="en", max_length=8, description="two-letter code; English where we have no texts"),
    ) -> JSONResponse:
        """The lures that are looked for: title, reason, questions, facts with sources."""
        texts = knowledge.texts.get(language) or knowledge.texts["en"]
        told = [{"lure": lure, **texts["lures"][lure], "facts": knowledge.lures[lure]["facts"]} for lure in LURES]
        return JSONResponse(
            {"language": texts["language"], "lures": told, "sources": knowledge.sources, "not_a_clearance": texts["not_a_clearance"]}
        )


def add_health(app: FastAPI, scoring: Scoring) -> None:
    """`GET /livez` and `GET /readyz`."""

    @app.get("/livez", response_class=PlainTextResponse, tags=["health"])
    async def livez() -> str:
        """The process answers."""
        return "ok"

    @app.get("/readyz", tags=["health"])
    async def readyz() -> dict[str, Any]:
        """Which tiers are up, and why one is not. The model is loaded before the first request is taken."""
        return {"ready": True, "tiers": list(scoring.tiers), "refused": scoring.refused}
