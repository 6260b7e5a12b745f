"""`POST /v1/score/batch`: many ads in, in the same order one verdict or one problem each out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from model.advert import Advert
from model.verdict import Verdict
from serve import inputs, tally
from serve.duty import Duty
from serve.examples import batch_answers, batch_body, query_parameters
from serve.inputs import Item, Mistake
from serve.judging import FRESH
from serve.problems import responses, told_of
from serve.routes import Plain
from serve.schemas import Query
from serve.scoring import Scoring
from serve.verdicts import BatchOut
from serve.wire import Choices, told

CHUNK = 50
"""Ads that are judged before other requests get their turn."""
LINES = inputs.LINES[0]
Answer = dict[str, Any]


def router(duty: Duty) -> APIRouter:
    """The route of batches."""
    routes = APIRouter(tags=["scoring"], route_class=Plain)
    documented = {"requestBody": batch_body(), "parameters": query_parameters(Query)}

    @routes.post(
        "/v1/score/batch",
        response_model=BatchOut,
        responses={200: batch_answers(), **responses(400, 413, 415, 422, 503)},
        openapi_extra=documented,
    )
    async def score_batch(request: Request) -> Response:
        """Judge up to 1,000 ads. Order and ids are kept; each ad has its verdict or its own problem, and none fails the others.

        Lines of JSON in, or `Accept: application/x-ndjson`, give lines of JSON out, sent as they are ready.
        """
        body, query, media = await inputs.body_of(request), inputs.query_of(request, Query), inputs.media_of(request)
        items, said = inputs.many(media, body)
        scoring = duty.scoring
        answers = judged(scoring, items, Choices.of(said, query, scoring.settings))
        first = await anext(answers, list[Answer]())
        if media in inputs.LINES or LINES in request.headers.get("accept", ""):
            return StreamingResponse(lines(first, answers), media_type=LINES, headers=FRESH)
        results = [*first, *[answer async for chunk in answers for answer in chunk]]
        refused = sum("problem" in answer for answer in results)
        return Response(orjson.dumps({"results": results, "refused": refused}), media_type=inputs.JSON, headers=FRESH)

    return routes


async def judged(scoring: Scoring, items: Sequence[Item], choices: Choices) -> AsyncIterator[list[Answer]]:
    """Answers in order, some at a time. Raises UnavailableError, OptionError before the first."""
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        found = await verdicts(scoring, chunk, choices)
        yield [answer_of(item, result, choices) for item, result in zip(chunk, found, strict=True)]
        await asyncio.sleep(0)


async def verdicts(scoring: Scoring, items: Sequence[Item], choices: Choices) -> list[Verdict | Mistake]:
    """What each ad gets; those in the same language are judged together."""
    out: dict[int, Verdict | Mistake] = {}
    asked: dict[str | None, dict[int, Advert]] = {}
    for i, item in enumerate(items):
        if isinstance(item.advert, Advert):
            asked.setdefault(item.language or choices.options.language, {})[i] = item.advert
        else:
            out[i] = item.advert
    for language, adverts in asked.items():
        found = await scoring.judge_many(list(adverts.values()), replace(choices.options, language=language))
        out.update(zip(adverts, found, strict=True))
    return [out[i] for i in range(len(items))]


def answer_of(item: Item, found: Verdict | Mistake, choices: Choices) -> Answer:
    """One result. A verdict is written at once, so that a batch holds bytes and no trees."""
    if not isinstance(found, Verdict):
        return {"id": item.id, "problem": told_of(found)}
    assert isinstance(item.advert, Advert)  # noqa: S101 - a verdict is on an advert
    tally.judged(found, choices.options.tier)
    return {"id": item.id, "verdict": orjson.Fragment(orjson.dumps(told(found, item.advert, item.id, choices)))}


async def lines(first: list[Answer], answers: AsyncIterator[list[Answer]]) -> AsyncIterator[bytes]:
    """One result a line."""
    yield written(first)
    async for chunk in answers:
        yield written(chunk)


def written(chunk: list[Answer]) -> bytes:
    """Lines of JSON."""
    return b"".join(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE) for answer in chunk)
