"""Puts an app behind keys, limits and deadlines, and says so in its OpenAPI document."""

from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from serve.deadline import Deadline
from serve.gate import PUBLIC, Gate, scope_for
from serve.keyring import Keyring
from serve.problems import TITLES
from serve.quota import Quota
from serve.settings import Settings

READABLE = ["ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"]
"""Header fields that scripts of allowed origins may read."""
SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made by `lurewatch keys add`. Its scopes: score, feedback, admin (everything).",
}
LIMITED = {
    "RateLimit": {"schema": {"type": "string"}, "description": "requests left (r) and seconds until there are more (t)"},
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "requests (q) that a caller may make in a window of seconds (w)"},
}
RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait"}}
CHALLENGED = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "what is missing (RFC 6750)"}}
REFUSALS: dict[int, dict[str, Any]] = {401: CHALLENGED, 403: {**CHALLENGED, **LIMITED}, 408: {}, 429: {**RETRY, **LIMITED}, 503: RETRY}
"""Answers that stand before every route, with their header fields."""


def install(app: FastAPI, settings: Settings) -> None:
    """Add the middleware, the outermost last. Raises KeyFileError where the key file cannot be used.

    Without keys everyone is let in: who calls this sees to it that only this machine can connect, or that it is meant so.
    """
    keyring = Keyring(settings.keys) if settings.keys else None
    app.add_middleware(Deadline, seconds=settings.time_limit)
    app.add_middleware(Gate, keyring=keyring, quota=Quota(settings.rate, settings.redis_url))
    if settings.origins:
        allowed = ["Authorization", "Content-Type", "Idempotency-Key"]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=allowed,
            expose_headers=READABLE,
        )
    document(app, keyed=keyring is not None)


def document(app: FastAPI, keyed: bool) -> None:
    """Let the OpenAPI document tell the key that each path needs, and the refusals."""
    stock = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            written = stock()
            if keyed:
                written["components"]["securitySchemes"] = {"key": SCHEME}
            for path, item in written["paths"].items():
                if path not in PUBLIC:
                    for operation in item.values():
                        guard(operation, scope_for(path), keyed)
            app.openapi_schema = written
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own documentation has it


def guard(operation: dict[str, Any], scope: str, keyed: bool) -> None:
    """Tell of one operation which key it needs and how it may be refused."""
    if keyed:
        operation["security"] = [{"key": [scope]}]
    for status, headers in REFUSALS.items():
        if keyed or status not in (401, 403):
            content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            told = operation["responses"].setdefault(str(status), {"description": TITLES[status], "content": content})
            told["headers"] = {**told.get("headers", {}), **headers}
    for status, told in operation["responses"].items():
        if status.startswith("2"):
            told["headers"] = {**told.get("headers", {}), **LIMITED}
