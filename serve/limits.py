"""Refuses bodies over the limit before they are read whole."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.gate import is_page
from serve.problems import problem

TOO_LARGE = "lurewatch.too_large"
"""In the scope of a form of the page for people that was longer than the limit: the page itself says so, in the reader's language."""
DRAINED = 20
"""So many times the limit are read and thrown away before the page answers, as browsers show no answer before they have sent their form."""


class LargestBody:
    """ASGI middleware: 413 where the body is longer than `limit` bytes, whether the length is announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count bytes as they come; once there are too many, the app sees the end of the body and its answer gives way to ours."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) <= self._limit and b"transfer-encoding" not in headers:
            await self._app(scope, receive, send)  # servers pass on no more than was announced
            return
        counter = Counter(receive, send, self._limit, announced.isdigit() and int(announced) > self._limit)
        if counter.over and is_page(scope["path"]) and int(announced) <= DRAINED * self._limit:
            await drained(receive)
            await self._app({**scope, TOO_LARGE: True}, nothing, send)
            return
        if not counter.over:
            await self._app(scope, counter.receive, counter.send)
        if counter.over:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say the limit."""
        detail = f"the body is longer than {self._limit:,} bytes; send fewer or shorter ads."
        await problem(413, "body_too_large", detail, "", {"Connection": "close"})(scope, receive, send)


async def drained(receive: Receive) -> None:
    """Read a body to its end and keep nothing of it."""
    while (await receive()).get("more_body", False):
        pass


async def nothing() -> Message:
    """The body in its place."""
    return {"type": "http.request", "body": b"", "more_body": False}


class Counter:
    """Passes messages on and counts; `over` once more than the limit has come."""

    def __init__(self, receive: Receive, send: Send, limit: int, over: bool) -> None:
        self.over = over
        self._receive, self._send, self._left = receive, send, limit

    async def receive(self) -> Message:
        """The next piece of the body, or its end."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.over = self.over or self._left < 0
        return {"type": "http.request", "body": b"", "more_body": False} if self.over else message

    async def send(self, message: Message) -> None:
        """The app's answer, unless ours takes its place."""
        if not self.over:
            await self._send(message)
