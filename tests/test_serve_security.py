"""Limits on requests, time and browsers, with a real Redis."""

import asyncio
import logging
import random
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from servers import Redis, free_port
from starlette.responses import StreamingResponse
from starlette.types import Scope

from model.errors import OptionError
from serve import problems
from serve.app import create_app
from serve.deadline import Deadline
from serve.gate import address_of
from serve.keys import KeyFile
from serve.quota import FORGET_FROM, Counts, Grant, Quota, grant
from serve.settings import Settings

AD = {"text": "Shop assistant, Leeds"}


def taken(quota: Quota, callers: str) -> list[bool]:
    """Which of these requests are let through, one caller a letter."""

    async def run() -> list[Grant]:
        return [await quota.take(caller) for caller in callers]

    return [grant.allowed for grant in asyncio.run(run())]


def test_each_caller_has_a_limit_of_its_own() -> None:
    assert taken(Quota("3/minute"), "aaabaab") == [True, True, True, True, False, False, True]


def test_the_limit_is_told_and_429_says_when_to_come_back() -> None:
    client = TestClient(create_app(Settings(rate="2/minute")))
    answers = [client.post("/v1/score", json=AD) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert {a.headers["ratelimit-policy"] for a in answers} == {'"default";q=2;w=60'}
    assert [re.sub(r"t=\d+", "t=", a.headers["ratelimit"]) for a in answers] == [f'"default";r={left};t=' for left in (1, 0, 0)]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit"].endswith(f"t={refused.headers['retry-after']}")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert client.get("/livez").status_code == 200
    assert "ratelimit" not in client.get("/livez").headers


def test_who_waits_is_let_in_again() -> None:
    async def run() -> None:
        quota = Quota("1/2 second")
        while (refused := await quota.take("board")).allowed:
            pass
        await asyncio.sleep(refused.reset + 2)
        assert (await quota.take("board")).allowed

    asyncio.run(run())


def test_keys_have_limits_of_their_own(tmp_path: Path) -> None:
    with KeyFile(tmp_path / "keys.json") as file:
        first = file.add("first", ["score"])
    with KeyFile(tmp_path / "keys.json") as file:
        second = file.add("second", ["feedback"])
    client = TestClient(create_app(Settings(state=tmp_path, keys=tmp_path / "keys.json", rate="2/minute")))
    asked = [client.post("/v1/score", json=AD, headers={"Authorization": f"Bearer {s}"}).status_code for s in (first, first, first, second)]
    assert asked == [200, 200, 429, 403]
    assert client.post("/v1/score", json=AD).status_code == 401


@pytest.mark.parametrize(("page", "found"), [(None, 404), (False, 404), (True, 200)])
def test_beside_keys_the_page_is_there_only_if_that_is_said(tmp_path: Path, page: bool | None, found: int) -> None:
    with KeyFile(tmp_path / "keys.json") as file:
        file.add("board", ["score"])
    client = TestClient(create_app(Settings(state=tmp_path, keys=tmp_path / "keys.json", rate="2/minute", page=page)))
    assert [client.get("/").status_code for _ in range(3)] == [found, found, 429]
    assert client.post("/v1/score", json=AD).status_code == 401


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (None, "local"),
        (("testclient", 5), "testclient"),
    ],
)
def test_addresses_are_counted_as_customers_get_them(client: tuple[str, int] | None, counted: str) -> None:
    scope: Scope = {"type": "http", "client": client}
    assert address_of(scope) == counted


def test_counts_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    counts = Counts(parse("3/second"))
    for number in range(3 * FORGET_FROM):
        clock[0] += 0.01
        counts.take(str(number))
    assert len(counts.windows) <= FORGET_FROM
    assert [counts.take("kept").allowed for _ in range(4)] == [True, True, True, False]


def test_a_process_counts_as_the_library_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, rate = [1000.0], parse("5/10 second")
    monkeypatch.setattr(time, "time", lambda: clock[0])
    ours, theirs, moves = Counts(rate), SlidingWindowCounterRateLimiter(MemoryStorage()), random.Random(7)  # noqa: S311
    for _ in range(2000):
        clock[0] += moves.choice([0.0, 0.1, 1.7, 4.0, 25.0])
        found = ours.take("board")
        assert found == grant(theirs.hit(rate, "board"), theirs.get_window_stats(rate, "board"))


@pytest.fixture
def redis(redis_server: Redis) -> Iterator[Redis]:
    redis_server.stop()
    redis_server.start()
    yield redis_server
    redis_server.stop()
    redis_server.start()


def test_processes_share_the_limit_through_redis(redis: Redis) -> None:
    async def run() -> list[bool]:
        one, two = Quota("3/minute", redis.url), Quota("3/minute", redis.url)
        return [(await quota.take("board")).allowed for quota in (one, two, one, two, one)]

    assert asyncio.run(run()) == [True, True, True, False, False]


def test_without_redis_each_process_counts_alone_and_says_so_once(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> list[bool]:
        quota = Quota("2/minute", redis.url)
        out = [(await quota.take("board")).allowed]
        redis.stop()
        start = time.monotonic()
        out += [(await quota.take("board")).allowed for _ in range(3)]
        assert time.monotonic() - start < 2
        redis.start()
        quota._ask_at = 0
        out.append((await quota.take("board")).allowed)
        return out

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(run()) == [True, True, True, False, True]
    told = [record.message for record in caplog.records if "rate limits" in record.message]
    assert len(told) == 2
    assert "counts alone" in told[0]
    assert "answers again" in told[1]


def test_a_service_whose_redis_is_not_there_goes_on() -> None:
    client = TestClient(create_app(Settings(rate="2/minute", redis_url=f"redis://127.0.0.1:{free_port()}")))
    assert [client.post("/v1/score", json=AD).status_code for _ in range(3)] == [200, 200, 429]


def slow_app(seconds: float) -> httpx.AsyncClient:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(Deadline, seconds=seconds)

    @app.get("/hang")
    async def hang() -> None:
        await asyncio.sleep(60)

    @app.post("/take")
    async def take(request: Request) -> int:
        return len(await request.body())

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            for _ in range(4):
                yield "part "
                await asyncio.sleep(seconds / 2)

        return StreamingResponse(parts())

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lurewatch")


def test_no_request_takes_longer_than_its_time_but_an_answer_may() -> None:
    async def dribble() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(60)

    async def run() -> list[httpx.Response]:
        async with slow_app(0.2) as client:
            calls = (
                client.get("/hang"),
                client.post("/take", content=dribble()),
                client.post("/take", content=b"abc"),
                client.get("/stream"),
            )
            return [await call for call in calls]

    start = time.monotonic()
    hung, dribbled, quick, streamed = asyncio.run(run())
    assert time.monotonic() - start < 5
    assert [hung.status_code, dribbled.status_code, quick.status_code] == [503, 408, 200]
    assert int(hung.headers["retry-after"]) >= 1
    assert hung.headers["content-type"] == dribbled.headers["content-type"] == "application/problem+json"
    assert dribbled.headers["connection"] == "close"
    assert quick.json() == 3
    assert streamed.text == "part " * 4


def test_each_request_has_its_own_time() -> None:
    async def run() -> tuple[tuple[float, ...], httpx.Response]:
        async with slow_app(0.3) as client:

            async def hung(after: float) -> float:
                await asyncio.sleep(after)
                start = time.monotonic()
                assert (await client.get("/hang")).status_code == 503
                return time.monotonic() - start

            quick = await client.post("/take", content=b"abc")
            return await asyncio.gather(hung(0), hung(0.1), hung(0.2)), quick

    times, quick = asyncio.run(run())
    assert quick.status_code == 200
    assert all(0.28 < seconds < 2 for seconds in times)


def test_a_request_that_others_stop_is_no_late_one() -> None:
    async def run() -> None:
        async with slow_app(5) as client:
            asking = asyncio.ensure_future(client.get("/hang"))
            await asyncio.sleep(0.1)
            asking.cancel()
            await asking

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_every_answer_tells_browsers_to_do_nothing_more() -> None:
    client = TestClient(create_app(Settings()))
    for answer in (client.post("/v1/score", json=AD), client.get("/nowhere"), client.get("/livez"), client.post("/v1/score", content=b"{")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "strict-transport-security" not in answer.headers
    assert "cdn.jsdelivr.net" in client.get("/docs").headers["content-security-policy"]
    page = client.get("/")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers.get_list("x-content-type-options") == ["nosniff"]
    over_tls = TestClient(create_app(Settings()), base_url="https://lurewatch")
    assert over_tls.get("/livez").headers["strict-transport-security"] == "max-age=63072000"


def test_other_origins_are_let_in_by_name_only() -> None:
    ours = {"Origin": "https://board.example"}
    preflight = {**ours, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    closed = TestClient(create_app(Settings()))
    assert "access-control-allow-origin" not in closed.post("/v1/score", json=AD, headers=ours).headers
    assert closed.options("/v1/score", headers=preflight).status_code == 405
    opened = TestClient(create_app(Settings(origins=("https://board.example",))))
    answer = opened.post("/v1/score", json=AD, headers=ours)
    assert answer.headers["access-control-allow-origin"] == "https://board.example"
    assert "RateLimit" in answer.headers["access-control-expose-headers"]
    assert opened.options("/v1/score", headers=preflight).status_code == 200
    assert "access-control-allow-origin" not in opened.post("/v1/score", json=AD, headers={"Origin": "https://other.example"}).headers


@pytest.mark.parametrize(
    ("variable", "given", "words"),
    [
        ("RATE", "many", "6000/minute"),
        ("REDIS_URL", "http://x", "redis://"),
        ("TIME_LIMIT", "0", "whole number"),
        ("OPEN", "yes", "0, 1"),
        ("ORIGINS", "*", "https://board.example"),
        ("ORIGINS", "https://a.example,b.example", "b.example"),
        ("ORIGINS", "https://a.example/page", "a.example/page"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("FEEDBACK_DAYS", "-1", "whole number"),
        ("TIER", "best", "fast"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(variable: str, given: str, words: str) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        Settings.from_environment({"LUREWATCH_" + variable: given})
    assert caught.value.field == "LUREWATCH_" + variable


def test_passwords_in_settings_are_not_shown() -> None:
    given = {"LUREWATCH_DATABASE_URL": "postgresql://u:secret@h/d", "LUREWATCH_REDIS_URL": "redis://:secret@h"}
    assert "secret" not in repr(Settings.from_environment(given))
    with pytest.raises(OptionError) as caught:
        Settings.from_environment({"LUREWATCH_DATABASE_URL": "mysql://u:secret@h/d"})
    assert "secret" not in caught.value.message
