"""`POST /v1/score`: one ad in, one verdict out."""

import orjson
from fastapi import APIRouter, Response

from model.advert import Advert
from model.classifier import Options
from serve.problems import responses
from serve.schemas import ScoreRequest, VerdictOut
from serve.scoring import Scoring
from serve.settings import Settings


def router(scoring: Scoring) -> APIRouter:
    """The routes that judge."""
    routes = APIRouter(tags=["scoring"])

    @routes.post("/v1/score", response_model=VerdictOut, responses=responses(400, 413, 422, 503))
    async def score(request: ScoreRequest) -> Response:
        """Judge one ad. Spans are Unicode code points in your own strings; the contributions add up to the log-odds exactly."""
        verdict = await scoring.judge(advert_of(request), options_of(request, scoring.settings))
        return Response(orjson.dumps(verdict.as_dict(request.id)), media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes


def advert_of(request: ScoreRequest) -> Advert:
    """The advert of a request. Raises AdvertError."""
    posting = request.posting.model_dump(exclude_none=True) if request.posting else None
    return Advert.from_record({"text": request.text, "posting": posting})


def options_of(request: ScoreRequest, settings: Settings) -> Options:
    """The caller's choices, with the service's own where there are none."""
    thresholds = request.thresholds.model_dump(exclude_none=True) if request.thresholds else None
    prior = settings.prior if request.prior is None else request.prior
    return Options(prior=prior, thresholds=thresholds, language=request.language, tier=request.tier or settings.tier)
