"""Routes whose functions take the request alone and answer themselves."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class Plain(APIRoute):
    """FastAPI documents the route; what else it does for one, finding parameters and writing answers, has nothing to find or write here."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The function itself."""
        return self.endpoint
