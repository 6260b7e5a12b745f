"""Many ads in one request: order and ids kept, each with its verdict or its own problem, gzip in and out, lines as they are ready."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from postings import JOBS, ashby, greenhouse, jobposting, lever, posting

from serve.app import create_app
from serve.batch import CHUNK
from serve.schemas import BATCH_EXAMPLES, MOST_ADVERTS
from serve.settings import Settings
from serve.verdicts import BatchOut

LURE = "Typist wanted in Poipet, free flight, passport stays with us. Telegram @hr_example"
LIMIT = 100_000


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def small() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(largest_body=LIMIT)), raise_server_exceptions=False) as made:
        yield made


def results(client: TestClient, body: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    answer = client.post("/v1/score/batch", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    out: list[dict[str, Any]] = answer.json()["results"]
    return out


@pytest.mark.parametrize("body", BATCH_EXAMPLES)
def test_the_documented_examples_are_judged(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/v1/score/batch", json=body)
    assert BatchOut.model_validate(answer.json()).refused == 0
    assert answer.headers["cache-control"] == "no-store"


def test_a_batch_gives_what_single_requests_give_in_order(client: TestClient) -> None:
    adverts: list[dict[str, Any]] = [{"id": i, **posting(job, i)} for i, job in enumerate(JOBS)]
    adverts += [{"id": f"{make.__name__}-{i}", "job": make(job, i)} for make in (greenhouse, lever) for i, job in enumerate(JOBS)]
    told = results(client, {"adverts": adverts, "prior": 0.02})
    assert len(told) > CHUNK
    for advert, result in zip(adverts, told, strict=True):
        assert result == {"id": advert["id"], "verdict": client.post("/v1/score", json={**advert, "prior": 0.02}).json()}


def test_one_bad_ad_fails_no_other(client: TestClient) -> None:
    bad: list[Any] = [5, {"id": "a"}, {"id": "b", "text": ""}, {"id": "c", "text": 1}, {"id": "d", "job": {"x": 1}}, None, {"id": 2**70}]
    bad += [
        {"id": "e", "posting": {"titel": "x"}},
        {"id": "f", "job": {"title": "x", "content": "y" * 200_001}},
        {"text": "x", "format": "z"},
    ]
    told = results(client, {"adverts": [item for advert in bad for item in (advert, {"id": "fine", "text": LURE})]})
    assert [result["id"] for result in told[1::2]] == ["fine"] * len(bad)
    assert all("verdict" in result for result in told[1::2])
    problems = [(r["id"], r["problem"]["status"], r["problem"]["field"]) for r in told[::2]]
    assert problems == [
        (None, 422, "/adverts/0"),
        ("a", 422, "/adverts/2"),
        ("b", 422, "/adverts/4/text"),
        ("c", 422, "/adverts/6/text"),
        ("d", 422, "/adverts/8/job"),
        (None, 422, "/adverts/10"),
        (None, 422, "/adverts/12/id"),
        ("e", 422, "/adverts/14/posting/titel"),
        ("f", 413, "/adverts/16/job/content"),
        (None, 422, "/adverts/18/format"),
    ]
    assert client.post("/v1/score/batch", json={"adverts": bad}).json()["refused"] == len(bad)


@pytest.mark.parametrize("name", ["greenhouse", "ashby", "lever", "jobposting"])
def test_a_boards_whole_answer_is_one_feed(client: TestClient, name: str) -> None:
    make = {"greenhouse": greenhouse, "ashby": ashby, "lever": lever, "jobposting": jobposting}[name]
    jobs = [make(job, 0 if name == "jobposting" else i) for i, job in enumerate(JOBS)]
    feed: Any = {"lever": jobs, "jobposting": {"@graph": jobs}}.get(name, {"jobs": jobs, "meta": {"total": len(jobs)}})
    told = results(client, {"feed": feed})
    prefix = {"lever": "", "jobposting": "@graph"}.get(name, "jobs")
    assert [r["id"] for r in told] == [job["id"] if "id" in job else job["identifier"] for job in jobs]
    for i, (result, job) in enumerate(zip(told, jobs, strict=True)):
        alone = client.post("/v1/score", json={"job": job}).json()
        assert [s["field"] for s in result["verdict"]["spans"]] == [f"{prefix}[{i}].{s['field']}" for s in alone["spans"]]
        assert result["verdict"]["log_odds"] == pytest.approx(alone["log_odds"], abs=1e-9)


def test_jobs_of_a_feed_have_their_own_problems(client: TestClient) -> None:
    told = results(client, {"feed": {"jobs": [greenhouse(JOBS[0], 0), {"id": 7, "title": "no content"}]}})
    assert "verdict" in told[0]
    assert (told[1]["id"], told[1]["problem"]["field"]) == (7, "/feed/jobs/1")
    assert [tried["format"] for tried in told[1]["problem"]["tried"]] == ["jobposting", "greenhouse", "lever", "ashby"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, ""),
        ({"adverts": [], "feed": []}, 422, ""),
        ({"feed": []}, 422, "/feed"),
        ({"feed": {"@graph": []}}, 422, "/feed"),
        ({"adverts": {}}, 422, "/adverts"),
        ({"adverts": [{"text": "a"}], "prior": 2}, 422, "/prior"),
        ({"adverts": [{"text": "a"}], "tier": "full"}, 503, "/tier"),
        ({"adverts": [{"text": "a"}], "thresholds": {"caution": 0.9, "warning": 0.8}}, 422, "/thresholds"),
        ({"adverts": [{}] * (MOST_ADVERTS + 1)}, 413, ""),
        ({"feed": [{}] * (MOST_ADVERTS + 1)}, 413, ""),
    ],
)
def test_a_batch_that_cannot_be_taken_is_one_problem(client: TestClient, body: dict[str, Any], status: int, field: str) -> None:
    answer = client.post("/v1/score/batch", json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "content", "media", "status"),
    [
        ("/v1/score/batch?id=1", b'{"adverts": []}', "application/json", 422),
        ("/v1/score/batch", b'"AAA"', "application/ld+json", 422),
        ("/v1/score/batch", b"a job", "text/plain", 415),
        ("/v1/score", b'{"text": "a"}', "application/x-ndjson", 415),
    ],
)
def test_what_belongs_to_the_other_route_is_refused(client: TestClient, path: str, content: bytes, media: str, status: int) -> None:
    assert client.post(path, content=content, headers={"content-type": media}).status_code == status


def test_an_empty_batch_is_fine_and_a_thousand_ads_are(client: TestClient) -> None:
    assert client.post("/v1/score/batch", json={"adverts": []}).json() == {"results": [], "refused": 0}
    told = results(client, {"adverts": [{"id": i, "text": f"Shop assistant {i}"} for i in range(MOST_ADVERTS)], "explain": "none"})
    assert [result["id"] for result in told] == list(range(MOST_ADVERTS))


def test_language_is_told_for_one_ad_or_for_all(client: TestClient) -> None:
    adverts = [{"text": LURE}, {"text": LURE, "language": "th"}, {"text": LURE}]
    assert [r["verdict"]["language"] for r in results(client, {"adverts": adverts})] == ["en", "th", "en"]
    assert [r["verdict"]["language"] for r in results(client, {"adverts": adverts, "language": "vi"})] == ["vi", "th", "vi"]


def test_lines_in_are_lines_out(client: TestClient) -> None:
    lines = [b'{"id": 1, "text": "Shop assistant"}', b"", b"{", b'{"id": 3, "job": {}}', b'{"id": 4}', b"[]", b'{"text": "\xff"}'] * 20
    answer = client.post(
        "/v1/score/batch?explain=none&prior=0.05", content=b"\r\n".join(lines), headers={"content-type": "application/x-ndjson"}
    )
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in answer.text.splitlines()][:6]
    assert told[0]["verdict"]["prior"] == 0.05 and "spans" not in told[0]["verdict"]
    assert [(t["id"], t["problem"]["status"], t["problem"]["field"]) for t in told[1:]] == [
        (None, 400, ""),
        (3, 422, "/job"),
        (4, 422, ""),
        (None, 422, ""),
        (None, 400, ""),
    ]
    assert len(answer.text.splitlines()) == 120


def test_lines_are_sent_as_they_are_ready() -> None:
    """The first lines are out before the last ads are judged: another request is answered in between."""
    sent: list[bytes] = []

    async def run() -> None:
        app = create_app(Settings())
        body = json.dumps({"adverts": [{"id": i, "text": LURE} for i in range(4 * CHUNK)]}).encode()
        headers = [(b"content-type", b"application/json"), (b"accept", b"application/x-ndjson")]
        scope = {"type": "http", "method": "POST", "path": "/v1/score/batch", "query_string": b"", "headers": headers}
        asked: asyncio.Queue[Any] = asyncio.Queue()
        asked.put_nowait({"type": "http.request", "body": body, "more_body": False})

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        await app(scope, asked.get, send)

    asyncio.run(run())
    pieces = [piece for piece in sent if piece]
    assert len(pieces) == 4
    assert [json.loads(line)["id"] for line in b"".join(pieces).splitlines()] == list(range(4 * CHUNK))


def test_other_requests_get_their_turn_during_a_batch() -> None:
    async def run() -> list[str]:
        done: list[str] = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(Settings())), base_url="http://lurewatch") as client:

            async def ask(name: str, path: str, body: dict[str, Any]) -> None:
                assert (await client.post(path, json=body)).status_code == 200
                done.append(name)

            await asyncio.gather(
                ask("batch", "/v1/score/batch", {"adverts": [{"text": LURE}] * 500}), ask("one", "/v1/score", {"text": LURE})
            )
        return done

    assert asyncio.run(run()) == ["one", "batch"]


def test_gzip_goes_in_and_out(client: TestClient) -> None:
    body = {"adverts": [{"id": i, "text": LURE} for i in range(50)]}
    packed = gzip.compress(json.dumps(body).encode())
    headers = {"content-type": "application/json", "content-encoding": "gzip", "accept-encoding": "gzip"}
    for accept in ("application/json", "application/x-ndjson"):
        answer = client.post("/v1/score/batch", content=packed, headers={**headers, "accept": accept})
        assert answer.headers["content-encoding"] == "gzip"
        plain = client.post("/v1/score/batch", json=body, headers={"accept": accept, "accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert answer.text == plain.text
    one = client.post("/v1/score", content=gzip.compress(b'{"text": "a job"}'), headers=headers)
    assert one.json()["level"] == "none"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(b" " * LIMIT * 40), 413),
        (gzip.compress(b" " * (LIMIT + 1)), 413),
        (gzip.compress(b"{}" + b" " * (LIMIT - 2)), 422),
        (gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * LIMIT, 413),
        (gzip.compress(b'{"text": "a"}' + b" " * 5000)[:-9], 400),
        (gzip.compress(b'{"text": "a"}') + b"more", 400),
        (gzip.compress(b'{"text": "a"}')[:-4] + b"\0\0\0\0", 400),
        (zlib.compress(b'{"text": "a"}'), 400),
        (b'{"text": "a"}', 400),
        (b"", 400),
    ],
    ids="bomb just-over just-under endless-empty-blocks cut-off something-follows wrong-length zlib plain empty".split(),
)
def test_gzip_bombs_and_broken_streams_are_refused(small: TestClient, body: bytes, status: int) -> None:
    for content in (body, iter([body[i : i + 700] for i in range(0, len(body), 700)])):
        answer = small.post("/v1/score", content=content, headers={"content-type": "application/json", "content-encoding": "gzip"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_other_codings_are_not_read(client: TestClient) -> None:
    answer = client.post("/v1/score", content=b"x", headers={"content-type": "application/json", "content-encoding": "br"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip")


def test_a_full_queue_is_a_problem_of_single_ads() -> None:
    async def run() -> tuple[httpx.Response, list[httpx.Response]]:
        app = create_app(Settings(tier="full", threads=1, queue=1))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lurewatch") as client:
            adverts = [{"id": i, "text": f"{LURE} {i}"} for i in range(3)]
            asked = [client.post("/v1/score/batch", json={"adverts": adverts}) for _ in range(4)]
            first, *others = await asyncio.gather(*asked)
        return first, others

    first, others = asyncio.run(run())
    told = [result for answer in (first, *others) for result in answer.json()["results"]]
    refused = [result for result in told if "problem" in result]
    assert refused and len(refused) < len(told)
    assert {result["problem"]["status"] for result in refused} == {503}
    assert {result["verdict"]["model"]["tier"] for result in told if "verdict" in result} == {"full"}
