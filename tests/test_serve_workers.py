"""The command as it is run: several workers, keys, a worker that is killed, a key that is revoked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from servers import free_port

from serve.database import url_of
from serve.keys import KeyFile
from serve.settings import Settings
from serve.store import Store

ROOT = Path(__file__).parent.parent


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """Two workers that listen on all addresses, and a client with a key."""
    with KeyFile(tmp_path / "keys.json") as file:
        secret = file.add("board", ["score", "feedback"])
    environment = {**os.environ, "LUREWATCH_STATE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    port = free_port()
    words = [sys.executable, "-m", "model.cli", "serve", "--host", "0.0.0.0", "--port", str(port), "--workers", "2"]  # noqa: S104
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as client:
        wait_for(client)
        yield process, client
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (0, -signal.SIGTERM)


def wait_for(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            client.get("/readyz")
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Process ids of the workers; the command's other child only keeps count of shared memory."""
    told = subprocess.run(["ps", "-ww", "--ppid", str(process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in told.splitlines() if "spawn_main" in line]


def test_a_killed_worker_takes_nothing_with_it_and_a_revoked_key_is_refused(
    service: tuple[subprocess.Popen[bytes], httpx.Client], tmp_path: Path
) -> None:
    process, client = service

    def send(number: int) -> int:
        body = {"id": number, "label": "lure"}
        try:
            return client.post("/v1/feedback", json=body, headers={"Idempotency-Key": f"k{number}"}).status_code
        except httpx.TransportError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(send, number) for number in range(200)]
        while sum(one.done() for one in asked) < 50:
            time.sleep(0.01)
        os.kill(workers_of(process)[0], signal.SIGKILL)
        told = [one.result() for one in asked]
    assert set(told) <= {201, 0, 503}
    assert told.count(201) >= 50
    kept = {number for number, status in enumerate(told) if status == 201}
    with closing(Store(url_of(Settings(state=tmp_path)))) as store:
        assert kept <= {int(entry.ad_id) for entry in store.entries()}
    assert [send(number) for number in range(200)] == [201] * 200
    with closing(Store(url_of(Settings(state=tmp_path)))) as store:
        assert sorted(int(entry.ad_id) for entry in store.entries()) == list(range(200))
    with KeyFile(tmp_path / "keys.json") as file:
        file.revoke("board")
    time.sleep(1.5)
    assert {client.post("/v1/score", json={"text": "a job"}).status_code for _ in range(10)} == {401}
