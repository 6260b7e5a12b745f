"""Counts, log lines, the summary of settings, and models that are put in place of others, over the app itself."""

import asyncio
import gc
import json
import logging
import logging.config
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi.testclient import TestClient

from model.artefact import FILES, SHIPPED, read_manifest, write_manifest
from model.classifier import ScamAdClassifier
from model.lures import LURES
from serve import logs
from serve.app import create_app
from serve.drift import BINS, REFERENCE, bin_of, edges_of, stability_index
from serve.duty import Duty
from serve.keys import KeyFile
from serve.measures import FEWEST, Measures
from serve.reloading import Reloading
from serve.scoring import Scoring
from serve.settings import Settings
from serve.tally import Seen, Tally

NAMED = "Zephyrina Quokkaby of Sihanoukville"
LURE = f"Typist wanted in Thailand, free flight, we keep your passport, Telegram only. {NAMED}"
HONEST = "Shop assistant for our store in the centre of the town, twenty hours a week"


def promoted(folder: Path, version: str, **members: object) -> Path:
    """The shipped model under another version, hence digest."""
    folder.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copyfile(SHIPPED / name, folder / name)
    manifest = {key: value for key, value in read_manifest(SHIPPED)[0].items() if key not in ("files", "format")}
    write_manifest(folder, {**manifest, "version": version, **members})
    return folder


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def test_everything_is_counted_and_nothing_of_an_ad_is_told(client: TestClient) -> None:
    client.post("/v1/score", json={"text": LURE})
    client.post("/v1/score", content=orjson.dumps({"text": LURE}), headers={"content-type": "application/json", "content-encoding": "br"})
    client.post(
        "/v1/score/batch",
        json={
            "adverts": [
                {"text": LURE},
                {"text": ""},
                {"text": HONEST},
            ]
        },
    )
    client.post("/", data={"text": LURE, "lang": "en"})
    client.get(f"/{NAMED}")
    client.get(f"/learn/{LURES[0]}")
    told = client.get("/metrics").text
    for line in (
        'lurewatch_requests_total{route="/v1/score",status="200"} 1.0',
        'lurewatch_requests_total{route="/v1/score",status="415"} 1.0',
        'lurewatch_requests_total{route="/v1/score/batch",status="200"} 1.0',
        'lurewatch_requests_total{route="/learn/{lure}",status="200"} 1.0',
        'lurewatch_requests_total{route="(none)",status="404"} 1.0',
        'lurewatch_request_seconds_count{route="/v1/score"} 2.0',
        'lurewatch_verdicts_total{level="none",tier="fast"} 1.0',
        'lurewatch_verdicts_total{level="warning",tier="fast"} 3.0',
        'lurewatch_languages_total{language="en"} 4.0',
        'lurewatch_score_log_odds_count{tier="fast"} 4.0',
        'lurewatch_refusals_total{kind="unsupported_encoding"} 1.0',
        'lurewatch_refusals_total{kind="invalid_advert"} 1.0',
        "lurewatch_full_tier_waiting 0.0",
    ):
        assert line in told.splitlines()
    assert "Zephyrina" not in told
    assert "lurewatch_drift" not in told


def test_counts_need_a_scope_where_there_are_keys(tmp_path: Path) -> None:
    with KeyFile(tmp_path / "keys.json") as file:
        board = file.add("board", ["score"])
    with KeyFile(tmp_path / "keys.json") as file:
        prometheus = file.add("prometheus", ["metrics"])
    with TestClient(create_app(Settings(keys=tmp_path / "keys.json"))) as client:
        for secret, path, status in (
            (board, "/metrics", 403),
            (prometheus, "/metrics", 200),
            (prometheus, "/v1/model", 403),
            ("lurewatch_x", "/metrics", 401),
        ):
            assert client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == status
        told = client.get("/metrics", headers={"Authorization": f"Bearer {prometheus}"}).text
    assert 'lurewatch_refusals_total{kind="unauthorized"} 1.0' in told
    assert 'lurewatch_requests_total{route="/metrics",status="403"} 1.0' in told


@pytest.mark.parametrize(
    ("counts", "least", "most"),
    [
        pytest.param([100] * 10, 0.0, 1e-9, id="as the reference"),
        pytest.param([110, 90] * 5, 0.0, 0.02, id="noise"),
        pytest.param([40, 50, 60, 70, 80, 100, 120, 140, 160, 180], 0.15, 0.4, id="moved"),
        pytest.param([0] * 9 + [1000], 2.0, 10.0, id="all in one bin"),
    ],
)
def test_the_stability_index(counts: list[int], least: float, most: float) -> None:
    assert least <= stability_index(counts) <= most


def test_bins() -> None:
    edges = [float(edge) for edge in range(1, BINS)]
    assert [bin_of(score, edges) for score in (-9, 0.9, 1, 8.9, 9, 99)] == ["1", "1", "2", "9", "10", "10"]
    assert edges_of({}) == ()


def test_drift_is_told_of_the_model_that_answers(tmp_path: Path) -> None:
    settings = Settings(artefact=promoted(tmp_path / "a", "9.0.0", **{REFERENCE: [float(edge) for edge in range(-5, 4)]}))
    measures = Measures()
    duty = Duty(Scoring.of(settings, measures.waiting))
    Reloading(duty, measures)
    digest = duty.scoring.classifier.artefact.digest
    few = [Seen(digest, "fast", "fast", "en", "none", -5.5 + number % 10) for number in range(FEWEST - 1)]
    measures.request("/v1/score/batch", 200, 0.1, Tally(few))
    assert b"lurewatch_drift{" not in measures.text()
    measures.request("/v1/score", 200, 0.1, Tally([Seen(digest, "fast", "fast", "xx", "none", 3.5)]))
    told = measures.text().decode()
    drift = next(line for line in told.splitlines() if line.startswith("lurewatch_drift{"))
    assert digest in drift
    assert float(drift.split()[-1]) < 0.001
    assert 'lurewatch_languages_total{language="other"} 1.0' in told
    measures.request("/v1/score", 200, 0.1, Tally([Seen(digest, "full", "auto", "en", "none", 3.5)] * 5000))
    assert drift in measures.text().decode()
    measures.request("/v1/score", 200, 0.1, Tally([Seen(digest, "fast", "fast", "en", "none", 3.5)] * 5000))
    drift = next(line for line in measures.text().decode().splitlines() if line.startswith("lurewatch_drift{"))
    assert float(drift.split()[-1]) > 1


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Takes back what `logs.config` changes for the whole process."""
    loggers = [logging.getLogger(name) for name in ("", "uvicorn", "lurewatch", "lurewatch.requests")]
    before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate


@pytest.mark.parametrize("form", logs.FORMS)
@pytest.mark.usefixtures("logging_as_before")
def test_a_line_a_request_and_nothing_of_an_ad(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logs.config(form))
    app = create_app(Settings(log=form))

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError(NAMED)

    with TestClient(app, raise_server_exceptions=False) as client:
        digest = client.post("/v1/score", json={"text": LURE}, headers={"X-Request-Id": "board-1"}).json()["model"]["sha256"]
        client.post("/v1/score/batch", json={"adverts": [{"text": LURE}, {"text": ""}, {"text": LURE}]})
        client.get(f"/{NAMED}?key={NAMED}", headers={"Authorization": f"Bearer {NAMED}"})
        assert client.get("/broken").status_code == 500
    try:
        raise ValueError(NAMED)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    told = capfd.readouterr().err
    assert "Zephyrina" not in told
    assert "ValueError" in told
    assert "test_serve_operations.py" in told
    assert told.count("board-1") == (0 if form == logs.OFF else 1)
    if form == logs.JSON:
        lines = [json.loads(line) for line in told.splitlines()]
        asked = [line["told"] for line in lines if line["logger"] == "lurewatch.requests"]
        assert [(line["route"], line["status"]) for line in asked] == [
            ("/v1/score", 200),
            ("/v1/score/batch", 200),
            ("(none)", 404),
            ("/broken", 500),
        ]
        assert asked[0] == {**asked[0], "request_id": "board-1", "level": "warning", "model": digest[:12]}
        assert asked[1] == {**asked[1], "levels": {"warning": 2}, "refused": {"invalid_advert": 1}}
        assert set(asked[0]) == {"request_id", "route", "status", "ms", "level", "model"}


@pytest.mark.usefixtures("logging_as_before")
def test_requests_that_are_answered_together_have_a_line_each(capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logs.config(logs.JSON))
    names = [f"board-{i}" for i in range(6)]

    async def run() -> None:
        transport = httpx.ASGITransport(create_app(Settings()))
        async with httpx.AsyncClient(transport=transport, base_url="http://lurewatch") as client:
            await asyncio.gather(*(client.post("/v1/score", json={"text": LURE}, headers={"X-Request-Id": name}) for name in names))

    asyncio.run(run())
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert sorted(line["told"]["request_id"] for line in lines if line["logger"] == "lurewatch.requests") == names
    assert all(line["time"].endswith("Z") and line["told"]["level"] == "warning" for line in lines if "told" in line)


def test_the_summary_of_settings_holds_no_secret(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "LUREWATCH_STATE": str(tmp_path),
            "LUREWATCH_DATABASE_URL": "postgresql://me:hunter2@db/feedback",
            "LUREWATCH_REDIS_URL": "redis://:hunter2@cache",
            "LUREWATCH_LOG": "json",
        }
    )
    told = settings.summary()
    assert "hunter2" not in json.dumps(told)
    assert (told["database_url"], told["redis_url"], told["log"], told["rate"]) == ("given", "given", "json", "6000/minute")
    assert "keys" not in told


def test_a_promoted_model_answers_one_that_cannot_be_loaded_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = promoted(tmp_path / "a", "1.0.0")
    app = create_app(Settings(artefact=folder))
    with TestClient(app) as client:

        def versions() -> set[str]:
            return {client.get("/v1/model").json()["version"], client.post("/v1/score", json={"text": LURE}).json()["model"]["version"]}

        assert versions() == {"1.0.0"}
        promoted(folder, "2.0.0")
        assert versions() == {"1.0.0"}
        assert asyncio.run(app.state.reloading.reload())
        assert versions() == {"2.0.0"}
        (folder / "weights.npz").write_bytes(b"half a file")
        assert not asyncio.run(app.state.reloading.reload())
        assert versions() == {"2.0.0"}
        assert "weights.npz" in caplog.text
        promoted(folder, "3.0.0", thresholds={})
        assert not asyncio.run(app.state.reloading.reload())
        assert versions() == {"2.0.0"}
        digest = client.get("/v1/model").json()["tiers"]["fast"]
        told = client.get("/metrics").text
    assert 'lurewatch_reloads_total{outcome="taken"} 1.0' in told
    assert 'lurewatch_reloads_total{outcome="refused"} 2.0' in told
    assert f'lurewatch_model{{sha256="{digest}",version="2.0.0"}} 1.0' in told


def test_models_that_were_replaced_are_let_go() -> None:
    app = create_app(Settings())
    before = sum(isinstance(one, ScamAdClassifier) for one in gc.get_objects())
    with TestClient(app) as client:
        for _ in range(3):
            client.post("/", data={"text": LURE, "lang": "en"})
            assert asyncio.run(app.state.reloading.reload())
    gc.collect()
    assert sum(isinstance(one, ScamAdClassifier) for one in gc.get_objects()) <= before


def test_a_model_without_a_tier_that_is_up_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    if not (SHIPPED / "encoder").is_dir():
        pytest.skip("the full tier is not shipped")
    pytest.importorskip("onnxruntime")
    settings, measures = Settings(artefact=tmp_path / "a", tier="auto"), Measures()
    shutil.copytree(SHIPPED, settings.artefact)
    duty = Duty(Scoring.of(settings, measures.waiting))
    assert duty.scoring.tiers == ("fast", "full", "auto")
    shutil.rmtree(settings.artefact / "encoder")
    assert not asyncio.run(Reloading(duty, measures).reload())
    assert "tier full would be lost" in caplog.text
    assert duty.scoring.tiers == ("fast", "full", "auto")
