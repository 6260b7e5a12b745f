"""Servers on one core, wrk (Debian's package) on the other, ads of 2,000 characters."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training import corpus, sources
from training.data import QUIET
from training.speed import long_texts

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ADS = 1000
SERVER_CORE, CALLER_CORE = "0", str(min(1, (os.cpu_count() or 1) - 1))
OURS = ["-m", "model.cli", "serve"]
EMPTY = ["-m", "uvicorn", "empty:app", "--app-dir", str(HERE), "--no-access-log", "--log-level", "warning"]


@dataclass(frozen=True)
class Load:
    """bodies: file with one JSON body a line. pause_ms: mean pause of each connection before it asks again."""

    path: str
    bodies: Path
    seconds: float
    connections: int = 16
    pause_ms: float = 0.0


def texts() -> list[str]:
    """Ads of 2,000 characters: English ones of boards where LUREWATCH_DATA is set, else the written corpus, which holds far more lures."""
    folder = os.environ.get(sources.ENVIRONMENT)
    boards = [source for source in sources.listed() if source.name == QUIET]
    rows = [row for source in boards for row in sources.read(source, Path(folder)).rows] if folder else []
    print(f"ads: {QUIET if rows else 'the written corpus'}", flush=True)
    return long_texts(rows or corpus.read())[:ADS]


def write(bodies: Sequence[Mapping[str, Any]], path: Path) -> Path:
    path.write_text("".join(json.dumps(body, ensure_ascii=False) + "\n" for body in bodies), encoding="utf-8")
    return path


@contextmanager
def served(words: Sequence[str], state: Path) -> Iterator[tuple[int, str]]:
    """Process id and address of a server that counts callers but limits none."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = str(s.getsockname()[1])
    environment = {**os.environ, "LUREWATCH_STATE": str(state), "LUREWATCH_RATE": "1000000000/minute", "PYTHONPATH": str(ROOT)}
    with (state / "log").open("wb") as log:
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, sys.executable, *words, "--port", port], env=environment, stderr=log, stdout=log, cwd=ROOT
        )
    try:
        wait_for(int(port), process)
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def wrk(address: str, load: Load) -> dict[str, float]:
    """Requests, errors and latency of one run."""
    environment = {**os.environ, "BODIES": str(load.bodies), "PATH_TO": load.path, "PAUSE_MS": str(load.pause_ms)}
    words = ["taskset", "-c", CALLER_CORE, "wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds:g}s", "--timeout", "30s"]
    done = subprocess.run([*words, "-s", str(HERE / "post.lua"), address], env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def memory_mb(pid: int) -> float:
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(told.split("VmRSS:")[1].split()[0]) / 1024


def processor_seconds(pid: int) -> float:
    """Time that a process has spent on the processor; unlike what a clock tells, others on the machine hardly change it."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def answer(address: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One answer, to see that what is measured is what is meant."""
    asked = urllib.request.Request(address + "/v1/score", json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as got:  # noqa: S310
        return dict(json.load(got))


@contextmanager
def folder() -> Iterator[Path]:
    for program in ("wrk", "taskset"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed (apt-get install wrk util-linux)")
    with tempfile.TemporaryDirectory(prefix="lurewatch-load-") as name:
        yield Path(name)
