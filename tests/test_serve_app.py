"""The service over HTTP, with the real model."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from model.advert import MAX_CHARACTERS
from model.artefact import SHIPPED
from serve.app import create_app
from serve.schemas import EXAMPLES
from serve.settings import Settings
from serve.verdicts import VerdictOut


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize("body", EXAMPLES[:2])
def test_the_documented_examples_are_judged(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200
    verdict = VerdictOut.model_validate(answer.json())
    assert verdict.id == body["id"]
    assert answer.headers["cache-control"] == "no-store"
    fields = body.get("posting") or {"text": body["text"]}
    spans = verdict.spans or []
    assert all(fields[s.field][s.start : s.end] == s.text for s in spans)
    total = verdict.baseline + sum(s.contribution for s in spans) + sum(o.contribution for o in verdict.other or ())
    assert total == pytest.approx(verdict.log_odds, abs=1e-9)


@pytest.mark.parametrize(
    ("body", "status", "field", "words"),
    [
        ({}, 422, "", "none of them"),
        ({"text": ""}, 422, "/text", "empty"),
        ({"text": 5}, 422, "/text", "valid string"),
        ({"text": "a" * (MAX_CHARACTERS + 1)}, 413, "/text", "200,000"),
        ({"posting": {"titel": "a"}}, 422, "/posting/titel", "not permitted"),
        ({"posting": {"title": 1}}, 422, "/posting/title", "valid string"),
        ({"text": "a", "posting": {"title": "b"}}, 422, "", "text and posting"),
        ({"text": "a", "prior": 0}, 422, "/prior", "greater than 0"),
        ({"text": "a", "prior": "much"}, 422, "/prior", "valid number"),
        ({"text": "a", "thresholds": {"caution": 0.9, "warning": 0.1}}, 422, "/thresholds", "0 < caution"),
        ({"text": "a", "tier": "best"}, 422, "/tier", "fast"),
        ({"text": "a", "colour": "red"}, 422, "/colour", "not permitted"),
        ([1], 422, "", "object"),
        ({"id": True, "text": "a"}, 422, "/id", "valid string"),
        ({"id": 10**30, "text": "a"}, 422, "/id", "valid string"),
        ({"posting": {}}, 422, "/posting", "empty"),
        ({"posting": {"title": "a", "description": "b" * MAX_CHARACTERS}}, 413, "/posting/description", "200,000"),
        ({"job": {"title": "a"}}, 422, "/job", "Tried: jobposting (no @type JobPosting); greenhouse (no content); lever (no text"),
        ({"job": {"title": "a", "content": "b" * MAX_CHARACTERS}}, 413, "/job/content", "200,000"),
        ({"job": []}, 422, "/job", "found 0"),
        ({"job": [{"title": "a", "content": "b"}] * 2}, 422, "/job", "/v1/score/batch"),
        ({"text": "a", "explain": "all"}, 422, "/explain", "full"),
    ],
)
def test_bad_requests_are_problems_by_field(client: TestClient, body: object, status: int, field: str, words: str) -> None:
    answer = client.post("/v1/score", content=json.dumps(body), headers={"content-type": "application/json"})
    problem = answer.json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["field"] == field
    assert words in problem["detail"]
    assert problem["request_id"]


@pytest.mark.parametrize(
    ("content", "status"), [(b"{", 400), (b"\xff\xfe", 400), (b"", 400), (b"[" * 100_000, 400), (b'{"text": "\\ud800"}', 400)]
)
def test_what_is_not_json_is_told(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/v1/score", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_hostile_strings_are_judged(client: TestClient) -> None:
    for text in ("a\0b", "\u202ejob", "<b>" * 1000 + "x", "a" + "\u0301" * 10_000):
        assert client.post("/v1/score", json={"text": text}).status_code == 200


def test_too_long_a_body_is_refused_before_it_is_read() -> None:
    with TestClient(create_app(Settings(largest_body=1000))) as small:
        for body in (b"x" * 2000, iter([b"x" * 600, b"x" * 600])):
            answer = small.post("/v1/score", content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 413
            assert answer.headers["content-type"] == "application/problem+json"
        assert small.post("/v1/score", json={"text": "a job"}).status_code == 200


def test_the_short_way_answers_as_the_long_one(client: TestClient) -> None:
    under = TestClient(client.app, root_path="/lures")  # the framework's own way is taken there
    for body in (b'{"text": "a job"}', b'{"text": ""}', b"{", b'{"txt": "a job"}'):
        short, long = (one.post("/v1/score", content=body, headers={"X-Request-Id": "a"}) for one in (client, under))
        assert (short.status_code, short.json()) == (long.status_code, long.json())
        assert {**short.headers, "ratelimit": ""} == {**long.headers, "ratelimit": ""}
    refused = client.get("/v1/score")
    assert refused.status_code == 405 and refused.headers["content-type"] == "application/problem+json"


def test_health_model_and_lures(client: TestClient) -> None:
    assert client.get("/livez").text == "ok"
    assert client.get("/readyz").json() == {"ready": True, "tiers": ["fast"], "refused": {"full": "not asked for; set LUREWATCH_TIER"}}
    model = client.get("/v1/model")
    assert model.json()["files"] and model.json()["tiers"]["fast"] == model.json()["sha256"]
    assert model.json()["card"].startswith("---\nlicense: mit\n") and "\n# " in model.json()["card"]
    lures = client.get("/v1/lures", params={"language": "en"}).json()
    assert len(lures["lures"]) == 19
    assert all(fact["source"] in lures["sources"] for lure in lures["lures"] for fact in lure["facts"])
    assert "not a clearance" in lures["not_a_clearance"]


@pytest.mark.parametrize("path", ["/v1/model", "/v1/schema"])
def test_what_seldom_changes_is_sent_once(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_lures_are_told_in_the_asked_language(client: TestClient) -> None:
    told = {code: client.get("/v1/lures", params={"language": code}).json() for code in ("en", "th", "th-TH", "xx")}
    assert [answer["language"] for answer in told.values()] == ["en", "th", "th", "en"]
    assert told["th"]["lures"][0]["title"] != told["en"]["lures"][0]["title"]


def test_the_schema_describes_what_is_sent_and_answered(client: TestClient) -> None:
    schema = client.get("/v1/schema").json()
    assert {"ScoreRequest", "BatchRequest", "AdvertIn", "VerdictOut", "BatchOut", "Problem"} <= set(schema["$defs"])
    assert "#/components" not in json.dumps(schema)


def test_unknown_paths_and_methods_are_problems(client: TestClient) -> None:
    for answer, status in ((client.get("/nowhere"), 404), (client.get("/v1/score"), 405)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_openapi_document_tells_errors_as_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    responses = document["paths"]["/v1/score"]["post"]["responses"]
    assert {"200", "400", "413", "422"} <= set(responses)
    assert "application/problem+json" in responses["422"]["content"]
    schemas = document["components"]["schemas"]
    assert schemas["ScoreRequest"]["examples"] == EXAMPLES
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)
    for path in document["paths"].values():
        for operation in path.values():
            assert all(
                list(told["content"]) == ["application/problem+json"] for code, told in operation["responses"].items() if code >= "4"
            )
    names = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert all(name.partition('"')[0] in schemas for name in names)


def test_nothing_of_an_ad_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    words = "unmistakable words of an ad"
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/score", json={"text": words})
        client.post("/v1/score", json={"text": [words]})
    assert words not in caplog.text
    assert words not in client.post("/v1/score", json={"text": [words]}).text


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment({"LUREWATCH_PRIOR": "0.05", "LUREWATCH_LARGEST_BODY": "10"})
    assert settings == Settings(artefact=SHIPPED, prior=0.05, largest_body=10)
    with pytest.raises(Exception, match="no number"):
        Settings.from_environment({"LUREWATCH_PRIOR": "much"})
