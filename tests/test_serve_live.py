"""The service as it is run, under load: answers are not mixed up, and none is lost when models, workers or replicas go."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml
from servers import ROOT, Service, free_port, nginx, service

from model.advert import Advert
from model.artefact import FILES, SHIPPED, read_manifest, write_manifest
from model.classifier import ScamAdClassifier

SCENES = (
    "Typist wanted in Thailand, free flight",
    "Barista in Leeds, 20 hours",
    "Pay 50 USD for the uniform first",
    "Data entry from home",
)
IN_FLIGHT = 64


def ad(number: int) -> str:
    """The text of one of many ads; its first words say which."""
    return f"Job number {number} at {number % 97} Harbour Road. {SCENES[number % 4]}, {1000 + number} USD a month. Telegram @person{number}"


def promoted(folder: Path, version: str) -> None:
    """The shipped model under another version, put in place file by file."""
    folder.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copyfile(SHIPPED / name, folder / name)
    manifest = {key: value for key, value in read_manifest(SHIPPED)[0].items() if key not in ("files", "format")}
    write_manifest(folder, {**manifest, "version": version})


@contextmanager
def load(address: str, callers: int) -> Iterator[list[tuple[int, str]]]:
    """What some callers get one after the other: status and model's version, or what else came; 0 and the error's name for none."""
    told, ended = list[tuple[int, str]](), threading.Event()

    def call() -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not ended.is_set():
                try:
                    answer = client.post("/v1/score", json={"text": ad(len(told)), "explain": "none"})
                    told.append((answer.status_code, answer.json()["model"]["version"] if answer.is_success else answer.text))
                except httpx.TransportError as e:
                    told.append((0, type(e).__name__))

    with ThreadPoolExecutor(callers) as pool:
        calls = [pool.submit(call) for _ in range(callers)]
        try:
            yield told
        finally:
            ended.set()
    for one in calls:
        one.result()


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def more(told: list[tuple[int, str]], answers: int) -> None:
    """Wait for more answers."""
    so_far = len(told)
    until(lambda: len(told) >= so_far + answers)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("two")
    promoted(home / "model", "1.0.0")
    with service(home, 2, ARTEFACT=str(home / "model"), LOG="json") as running:
        yield running


def test_every_answer_is_its_own_and_the_workers_count_together(two_workers: Service, classifier: ScamAdClassifier) -> None:
    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=IN_FLIGHT)
        async with httpx.AsyncClient(base_url=two_workers.address, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(client.post("/v1/score", json={"id": i, "text": ad(i)}) for i in range(1000)))

    answers = asyncio.run(ask_all())
    expected = classifier.judge_many([Advert.from_text(ad(i)) for i in range(1000)])
    for number, (answer, verdict) in enumerate(zip(answers, expected, strict=True)):
        got = answer.json()
        assert (answer.status_code, got["id"]) == (200, number)
        assert got["log_odds"] == pytest.approx(verdict.log_odds, abs=1e-9)
        assert [span["text"] for span in got["spans"]] == [span.text for span in verdict.spans]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 1000
    counts = httpx.get(f"{two_workers.address}/metrics").text
    assert 'lurewatch_requests_total{route="/v1/score",status="200"} 1000.0' in counts
    lines = [json.loads(line) for line in two_workers.log().splitlines()]
    told = [line["told"] for line in lines if line["logger"] == "lurewatch.requests" and line["told"]["route"] == "/v1/score"]
    assert {line["request_id"] for line in told} == {answer.headers["x-request-id"] for answer in answers}
    assert any(line["message"] == "settings" and line["told"]["log"] == "json" for line in lines)
    assert "Harbour" not in two_workers.log()


def test_a_promoted_model_is_taken_under_load_and_a_broken_one_is_not(two_workers: Service) -> None:
    with load(two_workers.address, 4) as told:
        more(told, 20)
        promoted(two_workers.home / "model", "2.0.0")
        two_workers.process.send_signal(signal.SIGHUP)
        until(lambda: two_workers.log().count("answers in place of") == 2)
        changed = len(told)
        more(told, 20)
        (two_workers.home / "model" / "weights.npz").write_bytes(b"half a file")
        two_workers.process.send_signal(signal.SIGHUP)
        until(lambda: two_workers.log().count("is not taken") == 2)
        more(told, 20)
    assert {status for status, _ in told} == {200}
    assert [version for _, version in told[changed:]].count("1.0.0") <= 4  # were asked before
    assert {version for _, version in told} == {"1.0.0", "2.0.0"}
    assert "weights.npz" in two_workers.log()
    promoted(two_workers.home / "model", "2.0.0")


def test_a_killed_worker_costs_only_what_it_had_in_hand_and_is_started_again(two_workers: Service) -> None:
    def workers() -> list[int]:
        words = ["ps", "-ww", "--ppid", str(two_workers.process.pid), "-o", "pid=,args="]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return [int(line.split()[0]) for line in told.splitlines() if "spawn_main" in line]

    before = workers()
    with load(two_workers.address, 8) as told:
        more(told, 20)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(workers()) - set(before)) == 1)
        more(told, 100)
    lost = [name for status, name in told if status != 200]
    assert len(lost) <= 8
    assert set(lost) <= {"ReadError", "RemoteProtocolError"}


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_taken_is_finished_before_the_service_ends(workers: int, tmp_path: Path) -> None:
    """Each batch has begun its answer when the end is asked for; the last line of each must come."""
    body = "".join(json.dumps({"id": i, "text": ad(i) * 4}) + "\n" for i in range(1000)).encode()
    headers = {"content-type": "application/x-ndjson"}
    begun = threading.Barrier(7)

    with service(tmp_path, workers) as running:

        def call() -> list[int]:
            with httpx.stream("POST", f"{running.address}/v1/score/batch", content=body, headers=headers, timeout=60) as answer:
                lines = answer.iter_lines()
                first = json.loads(next(lines))
                begun.wait(30)
                return [first["id"], *(json.loads(line)["id"] for line in lines)]

        with ThreadPoolExecutor(6) as pool:
            calls = [pool.submit(call) for _ in range(6)]
            begun.wait(30)
            assert running.stop() in (0, -signal.SIGTERM)
            for one in calls:
                assert one.result() == list(range(1000))


def test_behind_nginx_a_replica_may_stop_and_come_back_without_a_caller_knowing_or_die(tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
    replicas = [Service(home, free_port()) for home in homes]
    try:
        for replica in replicas:
            replica.start()
        with nginx(replicas) as address:
            assert httpx.get(f"{address}/metrics").status_code == 404
            with load(address, 8) as told:
                more(told, 50)
                assert replicas[0].stop() in (0, -signal.SIGTERM)
                more(told, 50)
                replicas[0].start()
                more(told, 50)
                assert [one for one in told if one[0] != 200] == []
                replicas[1].stop(signal.SIGKILL)
                more(told, 50)
            lost = [one for one in told if one[0] != 200]
            assert set(lost) <= {(0, "RemoteProtocolError")}  # answers of which the caller already had the beginning
            assert len(lost) <= 8
            assert httpx.post(f"{address}/v1/feedback", json={"id": 1, "label": "lure"}).status_code == 201
    finally:
        for replica in replicas:
            if replica.process.poll() is None:
                replica.stop()


def test_the_compose_file_holds_together() -> None:
    told = yaml.safe_load((ROOT / "docs" / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    services = told["services"]
    assert set(services) == {"api-1", "api-2", "nginx", "postgres", "redis"}
    assert all("healthcheck" in one for one in services.values())
    assert {name for one in services.values() for name in one.get("depends_on", ())} <= set(services)
    named = {volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", ()) if not volume.startswith(".")}
    assert named == set(told["volumes"])
    assert [name for name, one in services.items() if "ports" in one] == ["nginx"]
    config = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert all(f"server {name}:8000" in config for name in ("api-1", "api-2"))
