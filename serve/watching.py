"""Stands around every request: names it, counts it, times it, writes its line in the log, and gives its answer the fields of all layers."""

import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve import tally
from serve.fields import FIELDS, add
from serve.headers import security_headers
from serve.measures import Measures
from serve.request_ids import HEADER, current, taken_over
from serve.tally import Tally
from serve.turns import Turn

GONE, FAULT = 499, 500
"""Status in log and counts where the caller went before an answer; where we raised."""
NOWHERE = "(none)"
DIGITS = 12
"""Of a model's digest in a line."""
LOG = logging.getLogger("lurewatch.requests")


class Answered(NamedTuple):
    """One request: when its answer ended, its id, where it went, what came of it and how long that took."""

    moment: float
    name: str
    route: str
    status: int
    seconds: float
    found: Tally


class Watching:
    """ASGI middleware. site: knows the routes; a path is told by its route, for it may hold anything."""

    def __init__(self, app: ASGIApp, site: Starlette, measures: Measures) -> None:
        self._app, self._site, self._measures = app, site, measures
        self._turn = Turn(self._tell)
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
            self._turn.note(Answered(time.time(), name, route, status, seconds, found))

    def _tell(self, answered: Sequence[Answered]) -> None:
        """Count all and write them down: one record, of which `serve.logs` makes a line of each."""
        for one in answered:
            self._measures.request(one.route, one.status, one.seconds, one.found)
        if LOG.isEnabledFor(logging.INFO):
            LOG.info("request", extra={"each": [(one.moment, line(one)) for one in answered]})

    def _route(self, path: str) -> str:
        """The route that a path belongs to, as it is written."""
        if not self._patterns:
            self._patterns = {route.path_regex: route.path for route in self._site.routes if isinstance(route, Route)}
        return next((route for pattern, route in self._patterns.items() if pattern.match(path)), NOWHERE)


def line(one: Answered) -> dict[str, Any]:
    """What the log tells of a request: nothing of the ad, of the caller, or of a key."""
    _, name, route, status, seconds, found = one
    out: dict[str, Any] = {"request_id": name, "route": route, "status": status, "ms": round(seconds * 1000, 2)}
    if len(found.verdicts) == 1:
        out["level"] = found.verdicts[0].level
    elif found.verdicts:
        out["levels"] = dict(Counter(seen.level for seen in found.verdicts))
    if found.verdicts:
        out["model"] = " ".join(sorted({seen.model[:DIGITS] for seen in found.verdicts}))
    if found.refusals:
        out["refused"] = dict(Counter(found.refusals))
    return out
