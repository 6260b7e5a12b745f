"""Every error as RFC 9457 `application/problem+json`; a client's mistake tells what to do, our own tells an id and nothing of the ad."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from model.errors import AdvertTooLargeError, LurewatchError
from serve.entries import ConflictError, StoreDownError
from serve.schemas import Problem
from serve.scoring import UnavailableError
from serve.worker import BusyError

TYPE = "https://github.com/lurewatch/lurewatch/blob/main/docs/problems.md#"
LOG = logging.getLogger("lurewatch")
STATUSES = {
    AdvertTooLargeError.kind: 413,
    BusyError.kind: 503,
    UnavailableError.kind: 503,
    StoreDownError.kind: 503,
    ConflictError.kind: 409,
}
"""Of errors by their kind; all others are 422."""
TITLES = {
    400: "Bad request",
    401: "A key is needed",
    403: "The key does not allow this",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be judged",
    429: "Too many requests",
    503: "Not available now",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of a route's errors."""
    return {status: {"model": Problem, "content": {"application/problem+json": {}}, "description": TITLES[status]} for status in statuses}


def problem(status: int, kind: str, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """One problem document with its own id."""
    body = {
        "type": TYPE + kind,
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "field": field,
        "request_id": uuid.uuid4().hex,
    }
    return JSONResponse(body, status, media_type="application/problem+json", headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    """Answer all errors of an app this way."""
    app.add_exception_handler(LurewatchError, lurewatch_error)  # type: ignore[arg-type]  # starlette types handlers by the base exception
    app.add_exception_handler(RequestValidationError, validation_error)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, http_error)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, our_fault)


async def lurewatch_error(_: Request, error: LurewatchError) -> JSONResponse:
    """An advert or option that cannot be taken."""
    retry = {"Retry-After": str(error.retry_after)} if isinstance(error, BusyError | StoreDownError) else {}
    return problem(STATUSES.get(error.kind, 422), error.kind, error.message, error.field, retry)


async def validation_error(_: Request, error: RequestValidationError) -> JSONResponse:
    """The first thing wrong with a body, by field. What was sent is not repeated: it may be the ad."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str)) or "body"
    if first["type"] == "json_invalid":
        return problem(400, "invalid_json", f"the body is not JSON: {first.get('ctx', {}).get('error', 'see the offset')}.", "body")
    return problem(422, "invalid_request", f"{place}: {first['msg']}.", place)


async def http_error(_: Request, error: HTTPException) -> JSONResponse:
    """What the framework refuses."""
    return problem(error.status_code, f"http_{error.status_code}", str(error.detail), headers=error.headers)


async def our_fault(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: the log gets the id, the path and the kind of error, never the ad."""
    told = "Something went wrong on our side; the request id finds it in our log."
    answer = problem(500, "our_fault", told, headers={"X-Content-Type-Options": "nosniff"})
    LOG.error("500 %s %s %s", request.url.path, type(error).__name__, bytes(answer.body).decode()[-40:])
    return answer
