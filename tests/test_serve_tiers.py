"""Tiers over HTTP: each caller gets its own answer, a full queue says so, a broken encoder leaves the fast tier up."""

import asyncio
import shutil
from pathlib import Path

import httpx
import pytest

from model.advert import Advert
from model.artefact import SHIPPED
from model.classifier import FULL, Options, ScamAdClassifier
from model.full import FOLDER
from serve.app import create_app
from serve.settings import Settings

ADS = [f"Wanted: {n} typists in Poipet, {n}00 dollars a day, free flight, passport stays with us. Telegram @hr_{n}" for n in range(40)]


def client_of(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_app(settings)), base_url="http://lurewatch")


def asked(settings: Settings, bodies: list[dict[str, object]]) -> list[httpx.Response]:
    """Answers to requests sent all at once."""

    async def run() -> list[httpx.Response]:
        async with client_of(settings) as client:
            return list(await asyncio.gather(*(client.post("/v1/score", json=body) for body in bodies)))

    return asyncio.run(run())


def test_concurrent_callers_of_all_tiers_get_their_own_answers() -> None:
    tiers = ("fast", "full", "auto")
    bodies: list[dict[str, object]] = [{"id": i, "text": text, "tier": tiers[i % 3]} for i, text in enumerate(ADS)]
    answers = asked(Settings(tier="auto", threads=2, queue=64), bodies)
    whole = ScamAdClassifier.load(tier=FULL)
    for body, answer in zip(bodies, answers, strict=True):
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == body["id"]
        text, tier = str(body["text"]), str(body["tier"])
        from_library = next(whole.judge_many([Advert.from_text(text)], Options(tier=tier)))
        assert answer.json()["log_odds"] == pytest.approx(from_library.log_odds, abs=1e-9)
        assert [s["text"] for s in answer.json()["spans"]] == [s.text for s in from_library.spans]


def test_a_full_queue_answers_503_with_retry_after_and_loses_nothing_else() -> None:
    answers = asked(Settings(tier="full", threads=1, queue=2), [{"id": i, "text": t, "tier": "full"} for i, t in enumerate(ADS[:12])])
    refused = [a for a in answers if a.status_code == 503]
    assert [a.status_code for a in answers if a.status_code != 503] == [200] * 3
    assert len(refused) == 9
    for answer in refused:
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) >= 1
        assert "tier fast" in answer.json()["detail"]


def test_the_fast_tier_alone_refuses_the_full_one_and_readyz_tells() -> None:
    async def run() -> tuple[httpx.Response, httpx.Response]:
        async with client_of(Settings()) as client:
            return await client.post("/v1/score", json={"text": "a job", "tier": "full"}), await client.get("/readyz")

    refused, ready = asyncio.run(run())
    assert refused.status_code == 503 and refused.json()["field"] == "/tier"
    assert ready.json()["tiers"] == ["fast"] and "LUREWATCH_TIER" in ready.json()["refused"]["full"]


def test_a_broken_encoder_leaves_the_fast_tier_up(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "artefact"))
    (folder / FOLDER / "encoder.onnx").write_bytes(b"nothing")

    async def run() -> list[httpx.Response]:
        async with client_of(Settings(artefact=folder, tier="auto")) as client:
            posts = [await client.post("/v1/score", json={"text": "a job", "tier": tier}) for tier in ("fast", "full")]
            return [*posts, await client.get("/readyz")]

    fast, full, ready = asyncio.run(run())
    assert (fast.status_code, full.status_code) == (200, 503)
    assert "encoder.onnx" in full.json()["detail"]
    assert ready.json()["tiers"] == ["fast"] and "encoder.onnx" in ready.json()["refused"]["full"]
