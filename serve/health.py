"""`GET /livez` and `GET /readyz`: what an orchestrator asks."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from serve.duty import Duty


def router(duty: Duty) -> APIRouter:
    """The routes of health."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez", response_class=PlainTextResponse)
    async def livez() -> str:
        """The process answers."""
        return "ok"

    @routes.get("/readyz")
    async def readyz() -> dict[str, Any]:
        """Which tiers are up, and why one is not. The model is loaded before the first request is taken."""
        scoring = duty.scoring
        return {"ready": True, "tiers": list(scoring.tiers), "refused": scoring.refused}

    return routes
