"""What the caller may choose of an answer: how much is explained, what offsets count, a statement of reasons; ids, media types, queries."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serve.app import create_app
from serve.request_ids import LONGEST
from serve.settings import Settings
from serve.verdicts import VerdictOut
from serve.wire import move, wide_places

LURE = "🚀🚀 Urgent 😀! Typist in Thailand, fr\u0435e flight 𝗮𝗻𝗱 room, no exper\u200bience. Telegram @hr_example 💰"
HONEST = "Shop assistant, 20 hours a week, over-the-counter sales. Apply in the shop."


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as made:
        yield made


def judged(client: TestClient, **body: object) -> dict[str, Any]:
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200, answer.text
    VerdictOut.model_validate(answer.json())
    out: dict[str, Any] = answer.json()
    return out


def test_spans_are_what_is_explained_unless_asked_otherwise(client: TestClient) -> None:
    usual, spans, none, full = (judged(client, text=LURE, **more) for more in ({}, *({"explain": e} for e in ("spans", "none", "full"))))
    assert usual == spans
    assert set(usual) - set(none) == {"lures", "spans", "other", "counterfactual", "normalised"}
    assert {key: usual[key] for key in none} == none
    assert {**usual, "statement": full["statement"]} == full


def test_utf16_offsets_are_those_of_javascript(client: TestClient) -> None:
    points, units = (judged(client, text=LURE, offsets=offsets) for offsets in ("codepoint", "utf16"))
    wide = LURE.encode("utf-16-le")
    assert points["spans"] and points["normalised"]
    for kind in ("spans", "normalised"):
        for one, other in zip(points[kind], units[kind], strict=True):
            assert wide[2 * other["start"] : 2 * other["end"]].decode("utf-16-le") == LURE[one["start"] : one["end"]]
    assert any(one["start"] != other["start"] for one, other in zip(points["spans"], units["spans"], strict=True))
    posting = {"title": "Typist 😀", "description": LURE}
    for span in judged(client, posting=posting, offsets="utf16")["spans"]:
        own = posting[span["field"]].encode("utf-16-le")
        assert own[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") == span["text"]


@given(st.text(), st.data())
def test_every_place_is_moved_by_the_wide_characters_before_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = {"field": "text", "start": start, "end": end}
    move(place, {"text": wide_places(text)})
    assert place["start"] == len(text[:start].encode("utf-16-le")) // 2
    assert place["end"] == len(text[:end].encode("utf-16-le")) // 2


def test_the_statement_gives_facts_phrases_and_automation_and_decides_nothing(client: TestClient) -> None:
    verdict = judged(client, text=LURE, explain="full", offsets="utf16")
    statement = verdict["statement"]
    assert verdict["level"] != "none"
    assert statement["decides_nothing"].startswith("This decides nothing")
    assert (statement["automated_detection"], statement["automated_decision"]) == (True, None)
    kept = [span for span in verdict["spans"] if span["contribution"] > 0]
    assert [(p["start"], p["end"], p["text"]) for p in statement["phrases"]] == [(s["start"], s["end"], s["text"]) for s in kept]
    facts = statement["facts"]
    assert all(f'"{p["text"]}"' in facts for p in statement["phrases"])
    assert verdict["model"]["sha256"] in facts and f"level is {verdict['level']}" in facts and "employer" in facts
    assert "is a scam" not in json.dumps(statement)
    assert any("Art. 17(3)(f)" in left for left in statement["left_to_you"])


def test_there_is_nothing_to_state_where_the_level_is_none(client: TestClient) -> None:
    verdict = judged(client, text=HONEST, explain="full")
    assert (verdict["level"], verdict["statement"]) == ("none", None)


def test_plain_text_and_documents_take_their_choices_from_the_query(client: TestClient) -> None:
    query = "?id=ad-9&prior=0.05&caution=0.3&warning=0.9&language=th&explain=full&offsets=utf16&tier=fast"
    answer = client.post(f"/v1/score{query}", content=LURE.encode(), headers={"content-type": "text/plain"})
    body = {"id": "ad-9", "prior": 0.05, "thresholds": {"caution": 0.3, "warning": 0.9}, "language": "th", "explain": "full"}
    assert answer.json() == judged(client, text=LURE, offsets="utf16", tier="fast", **body)


def test_what_a_body_says_goes_before_the_query(client: TestClient) -> None:
    told = client.post("/v1/score?prior=0.3&explain=none", json={"text": LURE, "prior": 0.02}).json()
    assert told["prior"] == 0.02 and "spans" not in told


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("prior=2", "prior"),
        ("prior=much", "prior"),
        ("teir=full", "teir"),
        ("explain=all", "explain"),
        ("caution=0.9&warning=0.1", "thresholds"),
    ],
)
def test_bad_queries_are_told_by_parameter(client: TestClient, query: str, parameter: str) -> None:
    answer = client.post(f"/v1/score?{query}", content=b"a job", headers={"content-type": "text/plain"})
    problem = answer.json()
    assert (answer.status_code, problem["parameter"], problem["field"]) == (422, parameter, None)


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("application/vnd.board+json", 200),
        (None, 200),
        ("application/x-www-form-urlencoded", 415),
        ("application/pdf", 415),
        ("x" * 500, 415),
    ],
)
def test_media_types(client: TestClient, media: str | None, status: int) -> None:
    headers = {} if media is None else {"content-type": media}
    answer = client.post("/v1/score", content=b'{"text": "a job"}', headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert "application/json" in answer.json()["detail"]


def test_text_that_is_not_utf8_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/score", content=b"caf\xe9", headers={"content-type": "text/plain"})
    assert answer.status_code == 422 and "byte 3" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "taken"),
    [("board-7.a_B", True), ("x" * LONGEST, True), ("x" * (LONGEST + 1), False), ("a b", False), ("é", False), ("", False)],
)
def test_request_ids_are_taken_over_where_they_are_well_formed(client: TestClient, sent: str, taken: bool) -> None:
    headers = [(b"x-request-id", sent.encode()), (b"content-type", b"application/json")]
    for content, status in ((b'{"text": "a job"}', 200), (b"{", 400)):
        answer = client.post("/v1/score", content=content, headers=headers)
        named = answer.headers["x-request-id"]
        assert answer.status_code == status
        assert (named == sent) is taken
        assert status == 200 or answer.json()["request_id"] == named


def test_each_request_without_an_id_gets_its_own(client: TestClient) -> None:
    ids = {client.get("/livez").headers["x-request-id"] for _ in range(10)}
    assert len(ids) == 10
