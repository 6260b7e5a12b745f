"""Routes whose functions take the request alone and answer themselves, and the short way to them."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from serve import problems

Answering = Callable[[Request], Coroutine[Any, Any, Response]]


class Plain(APIRoute):
    """FastAPI documents the route; what else it does for one, finding parameters and writing answers, has nothing to find or write here."""

    def get_route_handler(self) -> Answering:
        """The function itself."""
        return self.endpoint


class Direct:
    """ASGI middleware, the innermost: plain routes of fixed paths are answered here, without looking through all routes.

    Errors are answered as the site answers them anywhere else.
    """

    def __init__(self, app: ASGIApp, site: FastAPI) -> None:
        plain = [route for route in site.routes if isinstance(route, Plain) and not route.param_convertors]
        self._functions: dict[tuple[str, str], Answering] = {
            (method, route.path): route.endpoint for route in plain for method in route.methods or ()
        }
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the request through."""
        function = self._functions.get((scope["method"], scope["path"])) if scope["type"] == "http" and not scope.get("root_path") else None
        if function is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await function(request)
        except Exception as e:
            handler = problems.handler_of(e)
            if handler is None:
                raise
            response = await handler(request, e)
        await response(scope, receive, send)
