"""`GET /v1/model` and `GET /v1/lures`: what answers, and what it looks for."""

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from model.lures import LURES
from serve.scoring import Scoring


def router(scoring: Scoring) -> APIRouter:
    """The routes about the model."""
    routes = APIRouter(tags=["about"])
    artefact, knowledge = scoring.classifier.artefact, scoring.classifier.artefact.knowledge

    @routes.get("/v1/model")
    async def model() -> JSONResponse:
        """Name, version, digests, thresholds and data of the model that answers."""
        kept = ("calibration", "thresholds", "phrases", "seeds", "data", "files", "unicode", "format")
        return JSONResponse(
            {**artefact.identity, **{key: artefact.manifest[key] for key in kept}}, headers={"ETag": f'"{artefact.digest}"'}
        )

    @routes.get("/v1/lures")
    async def lures(
        language: str = Query(default="en", max_length=8, description="two-letter code; English where we have no texts"),
    ) -> JSONResponse:
        """The lures that are looked for: title, reason, questions, facts with sources."""
        texts = knowledge.texts.get(language) or knowledge.texts["en"]
        told = [{"lure": lure, **texts["lures"][lure], "facts": knowledge.lures[lure]["facts"]} for lure in LURES]
        return JSONResponse(
            {"language": texts["language"], "lures": told, "sources": knowledge.sources, "not_a_clearance": texts["not_a_clearance"]}
        )

    return routes
