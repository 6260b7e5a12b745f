"""`POST /v1/score`: one ad in, one verdict out."""

import orjson
from fastapi import APIRouter, Request, Response

from serve import inputs, tally
from serve.duty import Duty
from serve.examples import one_body, query_parameters
from serve.problems import responses
from serve.routes import Plain
from serve.schemas import QueryOfOne
from serve.verdicts import VerdictOut
from serve.wire import Choices, told

FRESH = {"Cache-Control": "no-store"}
FIELDS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class Json(Response):
    """200 with JSON that nobody keeps; its header fields are written already."""

    def __init__(self, body: bytes) -> None:
        self.status_code, self.body, self.background = 200, body, None
        self.raw_headers = [*FIELDS, (b"content-length", b"%d" % len(body))]


def router(duty: Duty) -> APIRouter:
    """The routes that judge."""
    routes = APIRouter(tags=["scoring"], route_class=Plain)
    documented = {"requestBody": one_body(), "parameters": query_parameters(QueryOfOne)}

    @routes.post("/v1/score", response_model=VerdictOut, responses=responses(400, 413, 415, 422, 503), openapi_extra=documented)
    async def score(request: Request) -> Response:
        """Judge one ad, sent as text, as fields, as your own job JSON, or as a document of its own content type.

        `text == field[start:end]` for every span, in your own string at the path that `field` names. The contributions add up to the
        log-odds exactly.
        """
        scoring = duty.scoring
        body, query = await inputs.body_of(request), inputs.query_of(request, QueryOfOne)
        job, said = inputs.one(inputs.media_of(request), body, query)
        choices = Choices.of(said, query, scoring.settings)
        verdict = await scoring.judge(job.advert, choices.options)
        tally.judged(verdict, choices.options.tier)
        return Json(orjson.dumps(told(verdict, job.advert, job.id, choices)))

    return routes
