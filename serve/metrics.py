"""`GET /metrics`: counts for Prometheus."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from serve.measures import Measures


def router(measures: Measures) -> APIRouter:
    """The route of counts."""
    routes = APIRouter(tags=["health"])

    @routes.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> Response:
        """Requests, latency, verdicts, scores, refusals and drift, in Prometheus' text format. A key needs the scope `metrics`."""
        return Response(measures.text(), media_type=CONTENT_TYPE_LATEST)

    return routes
