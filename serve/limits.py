"""Refuses bodies over the limit before they are read whole."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.problems import problem


class BodyTooLargeError(Exception):
    """More bytes came than allowed."""


class LargestBody:
    """ASGI middleware: 413 where the body is longer than `limit` bytes, whether the length is announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count bytes as they come."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._limit:
            await self._refuse(scope, receive, send)
            return
        try:
            await self._app(scope, self._counted(receive), send)
        except BodyTooLargeError:
            await self._refuse(scope, receive, send)

    def _counted(self, receive: Receive) -> Receive:
        """`receive` that raises once too much has come."""
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self._limit:
                raise BodyTooLargeError
            return message

        return counted

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say the limit."""
        answer = problem(
            413,
            "body_too_large",
            f"the body is longer than {self._limit:,} bytes; send fewer or shorter ads.",
            "body",
            {"Connection": "close"},
        )
        await answer(scope, receive, send)
