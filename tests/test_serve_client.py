"""The Python client against the real service, and against a server that is busy, slow to come up, or breaks off."""

import asyncio
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from servers import ROOT

from serve import typescript
from serve.client import AsyncClient, Client, RefusedError
from serve.retrying import Patience

AD = "Typist wanted in Thailand, free flight, write on Telegram"
QUICK = Patience(tries=4, first=0.01, longest=2)
Reply = tuple[int, dict[str, str], object] | None
"""Status, header fields and body; None to break the connection off."""


@contextmanager
def replying(replies: Sequence[Reply]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Address of a server that gives these replies in turn, the last for ever; the header fields that it was sent."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            reply = replies[min(len(asked), len(replies) - 1)]
            asked.append({name.lower(): value for name, value in self.headers.items()} | {"at": str(time.monotonic())})
            if reply is None:
                self.close_connection = True
                return
            status, headers, body = reply
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class has it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def waiting(address: str, patience: Patience = QUICK) -> dict[str, object]:
    """Feedback sent by the client that waits."""
    with Client(address, "lurewatch_k", patience) as client:
        return client.feedback({"id": 1, "label": "lure"})


def awaited(address: str, patience: Patience = QUICK) -> dict[str, object]:
    """The same by the one that is awaited."""

    async def run() -> dict[str, object]:
        async with AsyncClient(address, "lurewatch_k", patience) as client:
            return await client.feedback({"id": 1, "label": "lure"})

    return asyncio.run(run())


BOTH = pytest.mark.parametrize("send", [waiting, awaited])
Send = Callable[..., dict[str, object]]
FINE: Reply = (201, {}, {"kept": True})


def test_the_client_that_waits(address: str) -> None:
    with Client(address) as client:
        verdict = client.score({"id": 7, "text": AD}, prior=0.02, explain="full")
        assert (verdict.id, verdict.prior, verdict.model.tier) == (7, 0.02, "fast")
        assert verdict.spans
        assert all(AD[span.start : span.end] == span.text for span in verdict.spans)
        results = client.score_batch([AD, "", {"posting": {"title": "Barista"}}], explain="none")
        assert [result.verdict is not None for result in results] == [True, False, True]
        assert results[1].problem
        assert client.model()["sha256"] == verdict.model.sha256
        kept = client.feedback({"id": "ad-1", "label": "lure"}, once="once")
        assert client.feedback({"id": "ad-1", "label": "lure"}, once="once") == kept
        with pytest.raises(RefusedError) as caught:
            client.score({"text": 3})
    assert (caught.value.status, caught.value.field) == (422, "/text")
    assert caught.value.problem["request_id"]


def test_the_client_that_is_awaited(address: str) -> None:
    async def run() -> None:
        async with AsyncClient(address) as client:
            verdicts = await asyncio.gather(*(client.score({"id": i, "text": AD}) for i in range(20)))
            assert [verdict.id for verdict in verdicts] == list(range(20))
            assert [result.id for result in await client.score_batch([{"id": "a", "text": AD}])] == ["a"]
            assert (await client.model())["name"] == "lurewatch"
            with pytest.raises(RefusedError):
                await client.score("")

    asyncio.run(run())


@BOTH
@pytest.mark.parametrize(
    "replies",
    [
        pytest.param([(503, {}, {}), (429, {}, {}), FINE], id="busy"),
        pytest.param([None, (502, {}, {}), FINE], id="broken off"),
    ],
)
def test_it_is_sent_again_and_kept_once(send: Send, replies: Sequence[Reply]) -> None:
    with replying(replies) as (address, asked):
        assert send(address) == {"kept": True}
    assert len(asked) == 3
    assert len({one["idempotency-key"] for one in asked}) == 1
    assert {one["authorization"] for one in asked} == {"Bearer lurewatch_k"}


@BOTH
@pytest.mark.parametrize("asks", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)], ids=["seconds", "date"])
def test_retry_after_is_honoured(send: Send, asks: Callable[[], str]) -> None:
    with replying([(429, {"Retry-After": asks()}, {}), FINE]) as (address, asked):
        assert send(address, Patience(tries=2, first=0.01, longest=4)) == {"kept": True}
    assert float(asked[1]["at"]) - float(asked[0]["at"]) >= 0.9


@BOTH
@pytest.mark.parametrize(
    ("reply", "sent"),
    [
        pytest.param((503, {}, {}), 4, id="busy for ever"),
        pytest.param((429, {"Retry-After": "3600"}, {}), 1, id="longer than patience"),
        pytest.param((422, {"Retry-After": "0"}, {}), 1, id="a mistake of ours"),
    ],
)
def test_it_gives_up(send: Send, reply: Reply, sent: int) -> None:
    with replying([reply]) as (address, asked):
        with pytest.raises(RefusedError) as caught:
            send(address)
        assert reply
        assert caught.value.status == reply[0]
    assert len(asked) == sent


@BOTH
def test_a_server_that_is_not_there_is_told(send: Send) -> None:
    with pytest.raises(httpx.TransportError):
        send("http://127.0.0.1:9", Patience(tries=2, first=0.01))


def test_pauses_differ_and_grow() -> None:
    patience = Patience(tries=9, first=1, longest=8)
    pauses = [[patience.pause(tried, httpx.Response(503)) or 0 for _ in range(200)] for tried in range(1, 9)]
    assert [max(each) <= most for each, most in zip(pauses, (1, 2, 4, 8, 8, 8, 8, 8), strict=True)] == [True] * 8
    assert all(len(set(each)) == 200 for each in pauses)
    assert patience.pause(9, httpx.Response(503)) is None


def test_typescript_types_are_those_of_the_openapi_document() -> None:
    assert (ROOT / typescript.TARGET).read_text(encoding="utf-8") == typescript.text(), "run `make types`"


def test_typescript_types_are_whole() -> None:
    text = typescript.text()
    declared = set(re.findall(r"^export type (\w+) = ", text, re.MULTILINE))
    code = re.sub(r'/\*\*.*?\*/|"[^"]*"', "", text)
    assert {"VerdictOut", "ScoreRequest", "BatchOut", "Problem", "FeedbackIn"} <= declared
    assert set(re.findall(r"\b[A-Z]\w+", code.partition("\n")[2])) <= declared | {"Array", "Record"}
    assert '  level: "none" | "caution" | "warning";' in text


def test_typescript_types_compile(tmp_path: Path) -> None:
    if not shutil.which("tsc"):
        pytest.skip("tsc is not installed")
    path = tmp_path / "lurewatch.d.ts"
    path.write_text(typescript.text(), encoding="utf-8")
    subprocess.run(["tsc", "--noEmit", "--strict", str(path)], check=True)
