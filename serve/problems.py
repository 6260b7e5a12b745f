"""Every error as RFC 9457 `application/problem+json`; a client's mistake tells what to do, our own tells an id and nothing of the ad.

Other modules answer with `problem`, or raise a LurewatchError whose `kind` is in STATUSES (422 otherwise), or FastAPI's own exceptions.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import from_json
from starlette.exceptions import HTTPException

from model.errors import AdvertTooLargeError, LurewatchError
from serve import tally
from serve.adapters.documents import UnknownShapeError
from serve.adapters.indeed import XmlError
from serve.adapters.paths import pointer
from serve.entries import ConflictError, StoreDownError
from serve.request_ids import HEADER, current
from serve.schemas import Problem
from serve.scoring import UnavailableError
from serve.worker import BusyError

TYPE = "https://github.com/lurewatch/lurewatch/blob/main/docs/problems.md#"
LOG = logging.getLogger("lurewatch")
Handler = Callable[[Request, Any], Coroutine[Any, Any, JSONResponse]]
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
    500: "Our fault",
    503: "Not available now",
}
STATUSES = {
    XmlError.kind: 400,
    AdvertTooLargeError.kind: 413,
    "too_many_adverts": 413,
    "unsupported_media_type": 415,
    BusyError.kind: 503,
    UnavailableError.kind: 503,
    StoreDownError.kind: 503,
    ConflictError.kind: 409,
}
"""HTTP status of each kind of LurewatchError that is not 422."""
IN_QUERY = {"thresholds": ("caution", "warning")}
"""Options that stand in a query under other names."""


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of a route's errors; `serve.openapi` gives them their media type."""
    return {status: {"model": Problem, "description": TITLES[status]} for status in statuses}


def problem(
    status: int, kind: str, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    """One problem document. field: JSON pointer into the body, `""` for the whole of it; more: further members."""
    return JSONResponse(document(status, kind, detail, field, **more), status, dict(headers or {}), "application/problem+json")


def document(status: int, kind: str, detail: str, field: str | None = None, **more: object) -> dict[str, Any]:
    """The members of a problem document; its kind is counted."""
    tally.refused(kind)
    told = {"type": TYPE + kind, "title": TITLES.get(status, "Error"), "status": status, "detail": detail, "field": field}
    return {**told, "request_id": current.get(), **more}


def install(app: FastAPI) -> None:
    """Answer all errors of an app this way."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, our_fault)


def handler_of(error: Exception) -> Handler | None:
    """What answers an error in a request; None where it is a fault of ours."""
    return next((HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS), None)


async def refused(request: Request, error: LurewatchError | RequestValidationError) -> JSONResponse:
    """A request that cannot be taken."""
    told = told_of(error)
    if isinstance(error, LurewatchError) and in_query(request, error.field):
        told = {**told, "field": None, "parameter": error.field}
    retry = {"Retry-After": str(error.retry_after)} if isinstance(error, BusyError | StoreDownError) else {}
    return JSONResponse(told, told["status"], retry, "application/problem+json")


def told_of(error: LurewatchError | RequestValidationError) -> dict[str, Any]:
    """The problem document of a mistake in a request, or in one advert of a batch."""
    if isinstance(error, RequestValidationError):
        return invalid(error)
    tried = error.tried.items() if isinstance(error, UnknownShapeError) else ()
    more = {"tried": [{"format": name, "missing": lacks} for name, lacks in tried]} if tried else {}
    field = None if error.field is None else pointer(error.field)
    return document(STATUSES.get(error.kind, 422), error.kind, error.message, field, **more)


def invalid(error: RequestValidationError) -> dict[str, Any]:
    """The first thing that does not fit the schema, by pointer or parameter. What was sent is not repeated: it may be the ad."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return document(400, "invalid_json", f"this is not JSON: {first.get('ctx', {}).get('error', 'see the offset')}.", "")
    source, *loc = first["loc"]
    if source != "body":
        return document(422, "invalid_request", f"{loc[0]}: {first['msg']}.", parameter=loc[0])
    body = from_json(error.body) if isinstance(error.body, bytes) else error.body
    field = pointer_to(loc, body, first["type"] == "missing")
    return document(422, "invalid_request", f"{field or 'the body'}: {first['msg']}.", field)


def pointer_to(loc: Sequence[str | int], body: object, missing: bool) -> str:
    """JSON pointer to the deepest value of the body on the way of a pydantic location, whose end may name types; or to what is missing."""
    out = ""
    for step in loc:
        held = dict(enumerate(body)) if isinstance(body, list) else body
        if isinstance(held, Mapping) and step in held:
            body = held[step]
        elif missing and step == loc[-1] and isinstance(body, Mapping):
            return f"{out}/{escaped(step)}"
        else:
            return out
        out += f"/{escaped(step)}"
    return out


def escaped(step: str | int) -> str:
    """One step of a JSON pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def in_query(request: Request, field: str | None) -> bool:
    """Whether an option at fault came in the query."""
    return any(name in request.query_params for name in IN_QUERY.get(field or "", (field or "",)))


async def http_error(_: Request, error: HTTPException) -> JSONResponse:
    """What the framework refuses."""
    return problem(error.status_code, f"http_{error.status_code}", str(error.detail), headers=error.headers)


async def our_fault(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: the log gets the id, the path and the kind of error, never the ad."""
    LOG.error("500 %s %s %s", request.url.path, type(error).__name__, current.get())
    detail = "Something went wrong on our side; the request id finds it in our log."
    return problem(500, "our_fault", detail, headers={HEADER.decode(): current.get(), "X-Content-Type-Options": "nosniff"})


HANDLERS: dict[type[Exception], Handler] = {LurewatchError: refused, RequestValidationError: refused, HTTPException: http_error}
"""What answers each kind of mistake in a request."""
