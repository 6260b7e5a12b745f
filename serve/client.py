"""A client of the scoring API for Python: `Client` waits, `AsyncClient` is awaited; both send and read alike (docs/api.md).

Needs httpx and pydantic: `pip install lurewatch[client]`. An ad may be judged twice without harm, and feedback carries an
`Idempotency-Key`, so every request may be sent again.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from uuid import uuid4

import httpx

from model.errors import LurewatchError
from serve.retrying import Patience, exchange
from serve.verdicts import BatchOut, ResultOut, VerdictOut

T = TypeVar("T")
Ad = str | Mapping[str, Any]
"""A text, or what `POST /v1/score` takes: `text`, `posting` or `job`, with `id`, `format` and `language`."""
PATIENCE = Patience()
SECONDS = 30.0


class RefusedError(LurewatchError):
    """The service answered with a problem. status: HTTP; problem: the whole document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or f"the service answered {status}."), problem.get("field"))
        self.status, self.problem = status, problem


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, and how its answer is read."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """What is sent."""
        return http.build_request(self.method, self.path, json=self.body, headers=self.headers)

    def result(self, answer: httpx.Response) -> T:
        """What is told. Raises RefusedError."""
        if answer.is_success:
            return self.read(answer)
        is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        raise RefusedError(answer.status_code, answer.json() if is_problem else {})


def score(ad: Ad, choices: Mapping[str, Any]) -> Call[VerdictOut]:
    """One ad."""
    return Call("POST", "/v1/score", lambda answer: VerdictOut.model_validate_json(answer.content), {**whole(ad), **choices})


def score_batch(ads: Sequence[Ad], choices: Mapping[str, Any]) -> Call[list[ResultOut]]:
    """Many ads."""
    body = {"adverts": [whole(ad) for ad in ads], **choices}
    return Call("POST", "/v1/score/batch", lambda answer: BatchOut.model_validate_json(answer.content).results, body)


def feedback(body: Mapping[str, Any], once: str | None) -> Call[dict[str, Any]]:
    """A moderator's verdict."""
    return Call("POST", "/v1/feedback", lambda answer: dict(answer.json()), body, {"Idempotency-Key": once or str(uuid4())})


def about_model() -> Call[dict[str, Any]]:
    """Which model answers."""
    return Call("GET", "/v1/model", lambda answer: dict(answer.json()))


def whole(ad: Ad) -> Mapping[str, Any]:
    """An ad as the API takes it."""
    return {"text": ad} if isinstance(ad, str) else ad


def settings(address: str, key: str | None, seconds: float) -> dict[str, Any]:
    """For httpx."""
    return {"base_url": address, "timeout": seconds, "headers": {"Authorization": f"Bearer {key}"} if key else {}}


class Client:
    """Close it, or use it in a `with`. Every method raises RefusedError, and httpx.TransportError where no answer came."""

    def __init__(self, address: str, key: str | None = None, patience: Patience = PATIENCE, seconds: float = SECONDS) -> None:
        self._http, self._patience = httpx.Client(**settings(address, key, seconds)), patience

    def score(self, ad: Ad, **choices: Any) -> VerdictOut:
        """The verdict on one ad. choices: tier, prior, thresholds, language, explain, offsets."""
        return self._run(score(ad, choices))

    def score_batch(self, ads: Sequence[Ad], **choices: Any) -> list[ResultOut]:
        """For each of up to 1,000 ads its verdict or its problem, in order."""
        return self._run(score_batch(ads, choices))

    def feedback(self, body: Mapping[str, Any], once: str | None = None) -> dict[str, Any]:
        """Keep a moderator's verdict. once: your Idempotency-Key; a new one where you have none."""
        return self._run(feedback(body, once))

    def model(self) -> dict[str, Any]:
        """Which model answers."""
        return self._run(about_model())

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _run(self, call: Call[T]) -> T:
        steps = exchange(self._patience)
        pause = next(steps)
        while True:
            try:
                if pause is None:
                    pause = steps.send(self._sent(call))
                else:
                    time.sleep(pause)
                    pause = next(steps)
            except StopIteration as end:
                return call.result(end.value)

    def _sent(self, call: Call[T]) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.send(call.request(self._http))
        except httpx.TransportError as e:
            return e


class AsyncClient:
    """The same, awaited."""

    def __init__(self, address: str, key: str | None = None, patience: Patience = PATIENCE, seconds: float = SECONDS) -> None:
        self._http, self._patience = httpx.AsyncClient(**settings(address, key, seconds)), patience

    async def score(self, ad: Ad, **choices: Any) -> VerdictOut:
        """The verdict on one ad. choices: tier, prior, thresholds, language, explain, offsets."""
        return await self._run(score(ad, choices))

    async def score_batch(self, ads: Sequence[Ad], **choices: Any) -> list[ResultOut]:
        """For each of up to 1,000 ads its verdict or its problem, in order."""
        return await self._run(score_batch(ads, choices))

    async def feedback(self, body: Mapping[str, Any], once: str | None = None) -> dict[str, Any]:
        """Keep a moderator's verdict. once: your Idempotency-Key; a new one where you have none."""
        return await self._run(feedback(body, once))

    async def model(self) -> dict[str, Any]:
        """Which model answers."""
        return await self._run(about_model())

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _run(self, call: Call[T]) -> T:
        steps = exchange(self._patience)
        pause = next(steps)
        while True:
            try:
                if pause is None:
                    pause = steps.send(await self._sent(call))
                else:
                    await asyncio.sleep(pause)
                    pause = next(steps)
            except StopIteration as end:
                return call.result(end.value)

    async def _sent(self, call: Call[T]) -> httpx.Response | httpx.TransportError:
        try:
            return await self._http.send(call.request(self._http))
        except httpx.TransportError as e:
            return e
