"""No request takes longer than its time to begin its answer."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.problems import problem

RETRY_AFTER = 5


class Deadline:
    """ASGI middleware: once `seconds` have gone without an answer, 408 where the body is still coming, else 503.

    An answer that has begun may take its time: long ones are streamed. What runs in a thread is not stopped, its answer is not waited for.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer within the time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds) as limit:
                watch = Watch(receive, send, limit)
                await self._app(scope, watch.receive, watch.send)
        except TimeoutError:
            if watch.begun or not limit.expired():
                raise
            await self._refuse(watch.whole)(scope, receive, send)

    def _refuse(self, whole: bool) -> ASGIApp:
        if whole:
            detail = f"no answer within {self._seconds:g} s; try again, or send fewer ads."
            return problem(503, "took_too_long", detail, headers={"Retry-After": str(RETRY_AFTER)})
        detail = f"the body did not arrive within {self._seconds:g} s; send it faster, or fewer ads."
        return problem(408, "body_too_slow", detail, "body", {"Connection": "close"})


class Watch:
    """Passes messages on. whole: is nothing of the body waited for. begun: has the answer; from then on there is no limit."""

    def __init__(self, receive: Receive, send: Send, limit: asyncio.Timeout) -> None:
        self.whole, self.begun = True, False
        self._receive, self._send, self._limit = receive, send, limit

    async def receive(self) -> Message:
        """The next piece of the body."""
        self.whole = False
        message = await self._receive()
        self.whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """The next piece of the answer."""
        if not self.begun:
            self.begun = True
            if not self._limit.expired():
                self._limit.reschedule(None)
        await self._send(message)
