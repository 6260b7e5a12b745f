"""`GET /v1/model`, `GET /v1/lures` and `GET /v1/schema`: what answers, what it looks for, and how it is talked to."""

import hashlib
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from model.lures import LURES
from serve import openapi
from serve.duty import Duty
from serve.problems import responses
from serve.scoring import Scoring

CARD = "CARD.md"
KEPT = ("calibration", "thresholds", "phrases", "seeds", "data", "files", "unicode", "format")
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "what your ETag names is what we have"}}


def router(duty: Duty) -> APIRouter:
    """The routes about the model."""
    routes = APIRouter(tags=["about"])
    model = duty.made(lambda scoring: Document(about(scoring)))
    schema = Document({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": openapi.schema()})

    @routes.get("/v1/model", responses=UNCHANGED)
    async def model_card(request: Request) -> Response:
        """Name, version, digests, thresholds, data and card of the model that answers. Send its ETag as `If-None-Match`."""
        return model().answer(request)

    @routes.get("/v1/schema", responses=UNCHANGED)
    async def schemas(request: Request) -> Response:
        """JSON Schemas of what is sent and what is answered, by name under `$defs`."""
        return schema.answer(request)

    @routes.get("/v1/lures", responses=responses(422))
    async def lures(
        language: str = Query(default="en", max_length=35, description="language code, as `th` or `pt-BR`; English where we have no texts"),
    ) -> JSONResponse:
        """The lures that are looked for: title, reason, questions, facts with sources."""
        knowledge = duty.scoring.classifier.artefact.knowledge
        texts = knowledge.texts.get(language.partition("-")[0].lower()) or knowledge.texts["en"]
        told = [{"lure": lure, **texts["lures"][lure], "facts": knowledge.lures[lure]["facts"]} for lure in LURES]
        return JSONResponse(
            {"language": texts["language"], "lures": told, "sources": knowledge.sources, "not_a_clearance": texts["not_a_clearance"]}
        )

    return routes


class Document:
    """A JSON document that changes with the model only, and its ETag."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._body = orjson.dumps(content)
        self._tag = f'"{hashlib.sha256(self._body).hexdigest()}"'

    def answer(self, request: Request) -> Response:
        """The document, or 304 where the caller has it."""
        headers = {"ETag": self._tag, "Cache-Control": "no-cache"}
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if self._tag in known or known == ["*"]:
            return Response(status_code=304, headers=headers)
        return Response(self._body, media_type="application/json", headers=headers)


def about(scoring: Scoring) -> dict[str, Any]:
    """What the manifest says of the model, what of its full tier is up, and its card."""
    artefact, full = scoring.classifier.artefact, scoring.classifier.full
    tiers = {"fast": artefact.digest, **({"full": full.digest} if full else {})}
    kept = {key: artefact.manifest[key] for key in KEPT}
    return {**artefact.identity, "tiers": tiers, **kept, "card": card(scoring.settings.artefact)}


def card(folder: Path) -> str | None:
    """The card of an artefact, in Markdown; None where it has none."""
    path = folder / CARD
    return path.read_text(encoding="utf-8") if path.is_file() else None
