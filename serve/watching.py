"""Stands around every request: names it, counts it, times it, writes its line in the log, and gives its answer the fields of all layers."""

import logging
import re
import time
from collections import Counter
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve import tally
from serve.fields import FIELDS, add
from serve.headers import security_headers
from serve.journal import LOG, Journal
from serve.measures import Measures
from serve.request_ids import HEADER, current, taken_over
from serve.tally import Tally

GONE, FAULT = 499, 500
"""Status in log and counts where the caller went before an answer; where we raised."""
NOWHERE = "(none)"
DIGITS = 12
"""Of a model's digest in a line."""


class Watching:
    """ASGI middleware. site: knows the routes; a path is told by its route, for it may hold anything."""

    def __init__(self, app: ASGIApp, site: Starlette, measures: Measures) -> None:
        self._app, self._site, self._measures = app, site, measures
        self._journal = Journal()
        self._patterns: dict[re.Pattern[str], str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, found, start = GONE, Tally(), time.perf_counter()
        name = taken_over(scope)
        tally.current.set(found)
        current.set(name)
        fields = scope[FIELDS] = [(HEADER, name.encode()), *security_headers(scope)]

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                add(message, fields)
            await send(message)

        try:
            await self._app(scope, receive, seen)
        except Exception:
            status = FAULT
            raise
        finally:
            seconds, route = time.perf_counter() - start, self._route(scope["path"])
            self._measures.request(route, status, seconds, found)
            if LOG.isEnabledFor(logging.INFO):
                self._journal.note(line(route, status, seconds, found))

    def _route(self, path: str) -> str:
        """The route that a path belongs to, as it is written."""
        if not self._patterns:
            self._patterns = {route.path_regex: route.path for route in self._site.routes if isinstance(route, Route)}
        return next((route for pattern, route in self._patterns.items() if pattern.match(path)), NOWHERE)


def line(route: str, status: int, seconds: float, found: Tally) -> dict[str, Any]:
    """What the log tells of a request: nothing of the ad, of the caller, or of a key."""
    out: dict[str, Any] = {"request_id": current.get(), "route": route, "status": status, "ms": round(seconds * 1000, 2)}
    if len(found.verdicts) == 1:
        out["level"] = found.verdicts[0].level
    elif found.verdicts:
        out["levels"] = dict(Counter(seen.level for seen in found.verdicts))
    if found.verdicts:
        out["model"] = " ".join(sorted({seen.model[:DIGITS] for seen in found.verdicts}))
    if found.refusals:
        out["refused"] = dict(Counter(found.refusals))
    return out
