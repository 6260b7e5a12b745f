"""Feedback over HTTP, with both databases, real ones: kept once, kept safely, only with consent, and not for ever."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from servers import Postgres, free_port
from test_serve_store import HOSTILE, entry

from serve.app import create_app
from serve.database import url_of
from serve.desk import DAY, MOST_WAITING
from serve.feedback_schemas import EXAMPLES
from serve.keys import KeyFile
from serve.settings import Settings
from serve.store import Store

ROOT = Path(__file__).parent.parent
GIVEN = {"id": "ad-1", "label": "lure"}


@pytest.fixture
def client(database: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(database), raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize("body", EXAMPLES)
def test_the_documented_examples_are_kept_read_and_deleted(client: TestClient, body: dict[str, Any]) -> None:
    written = client.post("/v1/feedback", json=body)
    assert written.status_code == 201, written.text
    told = written.json()
    assert {name: told[name] for name in body} == body
    assert told["consent"] == ("text" in body)
    where = written.headers["location"]
    assert where == f"/v1/feedback/{told['feedback_id']}"
    assert client.get(where).json() == told
    assert client.delete(where).status_code == 204
    gone = client.get(where)
    assert gone.status_code == client.delete(where).status_code == 404
    assert gone.headers["content-type"] == "application/problem+json"


def test_hostile_ads_come_back_as_they_were(client: TestClient) -> None:
    body = {**GIVEN, "id": 7, "consent": True, "posting": {"title": HOSTILE, "description": "x" * 100_000}}
    told = client.get(client.post("/v1/feedback", json=body).headers["location"]).json()
    assert told["id"] == "7"
    assert {k: v for k, v in told["posting"].items() if v is not None} == body["posting"]


def test_idempotency_over_http(client: TestClient) -> None:
    headers = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    first, again = (client.post("/v1/feedback", json=GIVEN, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = client.post("/v1/feedback", json={**GIVEN, "label": "honest"}, headers=headers)
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert client.delete(first.headers["location"]).status_code == 204
    assert client.post("/v1/feedback", json=GIVEN, headers=headers).json()["feedback_id"] != first.json()["feedback_id"]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(state=tmp_path_factory.mktemp("untouched"))


@cache
def untouched_client(settings: Settings) -> TestClient:
    return TestClient(create_app(settings))


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "required"),
        ({"id": "a", "label": "scam"}, 422, "'lure' or 'honest'"),
        ({"id": "", "label": "lure"}, 422, "at least 1"),
        ({"id": "a\0", "label": "lure"}, 422, "pattern"),
        ({"id": -1, "label": "lure"}, 422, "id"),
        ({**GIVEN, "lure_type": "nonsense"}, 422, "compound"),
        ({"id": "a", "label": "honest", "lure_type": "task"}, 422, "label lure only"),
        ({**GIVEN, "consent": "yes", "text": "a"}, 422, "boolean"),
        ({**GIVEN, "text": "an ad"}, 422, "without consent"),
        ({**GIVEN, "consent": False, "posting": {"title": "an ad"}}, 422, "without consent"),
        ({**GIVEN, "consent": True, "text": "a", "posting": {"title": "b"}}, 422, "text and posting"),
        ({**GIVEN, "consent": True, "text": " "}, 422, "empty"),
        ({**GIVEN, "consent": True, "text": "a" * 200_001}, 413, "200,000"),
        ({**GIVEN, "comment": "free text"}, 422, "not permitted"),
        ({**GIVEN, "reviewer": "a" * 201}, 422, "at most 200"),
        ({**GIVEN, "language": "en\n"}, 422, "pattern"),
    ],
)
def test_what_cannot_be_kept_is_told_and_not_kept(untouched: Settings, body: dict[str, Any], status: int, words: str) -> None:
    answer = untouched_client(untouched).post("/v1/feedback", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert list(Store(url_of(untouched)).entries()) == []


def test_keys_of_callers_and_ids_have_a_shape(client: TestClient) -> None:
    for key in ("", "a" * 129, "with space"):
        assert client.post("/v1/feedback", json=GIVEN, headers={"Idempotency-Key": key}).status_code == 422
    for feedback_id in ("x", "A" * 32, "%00" * 32):
        assert client.get(f"/v1/feedback/{feedback_id}").status_code == 422


def test_nothing_of_an_ad_is_stored_or_logged_without_consent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = "unmistakable words of an ad"
    with caplog.at_level(logging.DEBUG), TestClient(create_app(Settings(state=tmp_path)), raise_server_exceptions=False) as client:
        client.post("/v1/score", json={"text": words})
        for body in ({**GIVEN, "text": words}, {**GIVEN, "consent": False, "text": words}, {**GIVEN, "consent": True, "texts": words}):
            assert words not in client.post("/v1/feedback", json=body).text
        client.post("/v1/feedback", json=GIVEN)
    assert b"unmistakable" not in (tmp_path / "feedback.db").read_bytes()
    assert words not in caplog.text


def test_an_ad_does_not_stand_in_errors_of_the_database(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = "unmistakable words of an ad"
    with caplog.at_level(logging.DEBUG), TestClient(create_app(Settings(state=tmp_path)), raise_server_exceptions=False) as client:
        assert client.post("/v1/feedback", json=GIVEN).status_code == 201
        with closing(sqlite3.connect(tmp_path / "feedback.db")) as connection:
            connection.execute("ALTER TABLE feedback DROP COLUMN advert")
        answer = client.post("/v1/feedback", json={**GIVEN, "consent": True, "text": words})
    assert answer.status_code in (500, 503)
    assert words not in answer.text + caplog.text


def test_a_key_sees_its_own_and_admin_sees_all(database: Settings) -> None:
    path = database.state / "keys.json"
    headers = {}
    for name, scope in (("one", "feedback"), ("two", "feedback"), ("boss", "admin")):
        with KeyFile(path) as file:
            headers[name] = {"Authorization": f"Bearer {file.add(name, [scope])}", "Idempotency-Key": "same"}
    with TestClient(create_app(replace(database, keys=path))) as client:
        where = client.post("/v1/feedback", json=GIVEN, headers=headers["one"]).headers["location"]
        assert client.post("/v1/feedback", json={**GIVEN, "id": "ad-2"}, headers=headers["two"]).status_code == 201
        assert [client.get(where, headers=headers[name]).status_code for name in ("one", "two", "boss")] == [200, 404, 200]
        assert client.delete(where, headers=headers["two"]).status_code == 404
        assert client.delete(where, headers=headers["boss"]).status_code == 204
        assert client.get(where, headers=headers["one"]).status_code == 404


def test_what_is_too_old_is_purged_at_the_start(database: Settings) -> None:
    now = int(time.time())
    with closing(Store(url_of(database))) as store:
        store.add(entry(1, written_at=now - 31 * DAY))
        store.add(entry(2, written_at=now - 29 * DAY))
        with TestClient(create_app(replace(database, feedback_days=30))):
            for _ in range(100):
                if len(list(store.entries())) == 1:
                    break
                time.sleep(0.05)
        assert [e.feedback_id for e in store.entries()] == [entry(2).feedback_id]


def test_a_service_without_feedback_writes_no_file(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(state=tmp_path / "state"))) as client:
        client.post("/v1/score", json={"text": "a job"})
    assert not (tmp_path / "state").exists()


def down(settings: Settings) -> list[Any]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        return [client.post("/v1/feedback", json=GIVEN), client.post("/v1/score", json={"text": "a job"}), client.get("/readyz")]


def test_scoring_goes_on_where_the_database_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "feedback.db").write_bytes(b"no database" * 1000)
    for settings in (
        Settings(state=tmp_path / "file"),
        Settings(state=tmp_path / "broken"),
        Settings(database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/none"),
    ):
        refused, scored, ready = down(settings)
        assert (refused.status_code, scored.status_code, ready.status_code) == (503, 200, 200)
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) >= 1


def test_what_was_acknowledged_outlives_a_crash_of_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    postgres.sql("DROP TABLE IF EXISTS feedback, alembic_version")
    settings = Settings(state=tmp_path, database_url=postgres.url)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        before = [client.post("/v1/feedback", json={**GIVEN, "id": n}, headers={"Idempotency-Key": f"k{n}"}) for n in range(20)]
        postgres.stop()
        try:
            during = client.post("/v1/feedback", json={**GIVEN, "id": 20}, headers={"Idempotency-Key": "k20"})
            scored = client.post("/v1/score", json={"text": "a job"})
        finally:
            postgres.start()
        after = client.post("/v1/feedback", json={**GIVEN, "id": 20}, headers={"Idempotency-Key": "k20"})
        kept = {client.get(a.headers["location"]).json()["id"] for a in before}
    assert [a.status_code for a in before] == [201] * 20
    assert (during.status_code, scored.status_code, after.status_code) == (503, 200, 201)
    assert kept == {str(n) for n in range(20)}
    with closing(Store(url_of(settings))) as store:
        assert sorted(int(e.ad_id) for e in store.entries()) == list(range(21))


def test_a_slow_database_holds_neither_scoring_nor_more_than_so_many_callers(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, time_limit=2)
    Store(url_of(settings)).add(entry(1))
    bodies: list[tuple[str, dict[str, Any]]] = [("/v1/feedback", GIVEN)] * (MOST_WAITING + 3) + [("/v1/score", {"text": "a job"})]

    async def run() -> list[tuple[int, float]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(settings)), base_url="http://lurewatch") as client:

            async def ask(path: str, body: dict[str, Any]) -> tuple[int, float]:
                start = time.monotonic()
                return (await client.post(path, json=body)).status_code, time.monotonic() - start

            return list(await asyncio.gather(*(ask(path, body) for path, body in bodies)))

    with closing(sqlite3.connect(tmp_path / "feedback.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = asyncio.run(run())
    assert answers[-1][0] == 200
    assert answers[-1][1] < 1.5
    assert {status for status, _ in answers[:-1]} == {503}
    assert sum(seconds < 1.5 for _, seconds in answers[:-1]) == 3
