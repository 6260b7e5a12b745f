"""No request takes longer than its time to begin its answer."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.problems import problem

RETRY_AFTER = 5


class Deadline:
    """ASGI middleware: once `seconds` have gone without an answer, 408 where the body is still coming, else 503.

    An answer that has begun may take its time: long ones are streamed. What runs in a thread is not stopped, its answer is not waited for.
    Belongs to one event loop, and has one timer: for the request that has waited longest.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds
        self._waiting: dict[Watch, None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer within the time."""
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        watch = Watch(receive, send, task, self._begin)
        self._start(watch, asyncio.get_running_loop())
        try:
            await self._app(scope, watch.receive, watch.send)
        except asyncio.CancelledError:
            if not watch.expired or task.uncancel() > watch.cancelling:
                raise
            await self._refuse(watch.whole)(scope, receive, send)
        finally:
            self._waiting.pop(watch, None)

    def _start(self, watch: "Watch", loop: asyncio.AbstractEventLoop) -> None:
        """The last to begin is the last to run out of time."""
        watch.due = loop.time() + self._seconds
        self._waiting[watch] = None
        if self._loop is not loop:
            self._loop = loop
            loop.call_at(watch.due, self._look, loop)

    def _begin(self, watch: "Watch") -> None:
        """An answer has begun."""
        self._waiting.pop(watch, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop those whose time is over, and look again when the next one's may be."""
        now = loop.time()
        for watch in [watch for watch in self._waiting if watch.due <= now]:
            del self._waiting[watch]
            watch.expired = True
            watch.task.cancel()
        first = next(iter(self._waiting), None)
        if first:
            loop.call_at(first.due, self._look, loop)
        else:
            self._loop = None

    def _refuse(self, whole: bool) -> ASGIApp:
        if whole:
            detail = f"no answer within {self._seconds:g} s; try again, or send fewer ads."
            return problem(503, "took_too_long", detail, headers={"Retry-After": str(RETRY_AFTER)})
        detail = f"the body did not arrive within {self._seconds:g} s; send it faster, or fewer ads."
        return problem(408, "body_too_slow", detail, "body", {"Connection": "close"})


class Watch:
    """Passes messages on. whole: is nothing of the body waited for. due: when its time is over. expired: it is over, the task was stopped.

    cancelling: how often others had stopped the task before. begin: called once the answer begins; from then on there is no limit.
    """

    def __init__(self, receive: Receive, send: Send, task: "asyncio.Task[Any]", begin: Callable[["Watch"], None]) -> None:
        self.whole, self.expired, self.due = True, False, 0.0
        self.task, self.cancelling = task, task.cancelling()
        self._receive, self._send, self._begin, self._begun = receive, send, begin, False

    async def receive(self) -> Message:
        """The next piece of the body."""
        self.whole = False
        message = await self._receive()
        self.whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """The next piece of the answer."""
        if not self._begun:
            self._begun = True
            self._begin(self)
        await self._send(message)
