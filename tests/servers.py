"""The service as it is run, real PostgreSQL, Redis and nginx: on loopback, in folders of their own, skipped by name where not installed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg
import pytest
import redis
import uvicorn
from fastapi import FastAPI

ROOT = Path(__file__).parent.parent
Server = TypeVar("Server", "Postgres", "Redis")
UNPRIVILEGED = "postgres"
"""PostgreSQL refuses to run as root; Debian's package brings this user."""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="lurewatch-test-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(made, UNPRIVILEGED)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Postgres:
    """One cluster. `stop` is as hard as a power cut: what was not committed is gone."""

    def __init__(self, bin_folder: Path, home: Path) -> None:
        self._bin, self._data, self._port = bin_folder, home / "data", free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "--no-sync")

    def _run(self, program: str, *words: str) -> None:
        user = UNPRIVILEGED if os.geteuid() == 0 else None
        subprocess.run([str(self._bin / program), *words], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._data}"
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self._data / "log"), "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate")

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


class Redis:
    """One server that keeps nothing."""

    def __init__(self, home: Path) -> None:
        self._home, self._port = home, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._home), "--daemonize", "no"]
        self._process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url)
        for _ in range(100):
            try:
                client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def postgres() -> Iterator[Postgres]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    on_path = shutil.which("pg_ctl")
    if not found and not on_path:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with folder() as home:
        yield from started(Postgres(found[-1].parent if found else Path(str(on_path)).parent, home))


@contextmanager
def redis_server() -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("Redis is not installed (apt-get install redis-server)")
    with folder() as home:
        yield from started(Redis(home))


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Address of an app that answers from a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


class Service:
    """`lurewatch serve` with the state folder `home`, in which its log is, too."""

    def __init__(self, home: Path, port: int, **environment: str) -> None:
        self.home, self.port, self.address = home, port, f"http://127.0.0.1:{port}"
        self._environment = {**os.environ, "LUREWATCH_STATE": str(home), "LUREWATCH_RATE": "1000000/minute", "PYTHONPATH": str(ROOT)}
        self._environment.update({f"LUREWATCH_{name}": value for name, value in environment.items()})

    def start(self, workers: int = 1) -> None:
        words = [sys.executable, "-m", "model.cli", "serve", "--port", str(self.port), "--workers", str(workers)]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(words, env=self._environment, stdin=subprocess.DEVNULL, stderr=log, cwd=ROOT)
        wait_for(self.address)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def log(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8")


def wait_for(address: str) -> None:
    """Until the service says that it is ready."""
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def service(home: Path, workers: int = 1, **environment: str) -> Iterator[Service]:
    running = Service(home, free_port(), **environment)
    running.start(workers)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


@contextmanager
def nginx(replicas: Sequence[Service]) -> Iterator[str]:
    """Address of an nginx with our own configuration in front of two replicas."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed (apt-get install nginx)")
    port, text = free_port(), (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for number, replica in enumerate(replicas, 1):
        text = text.replace(f"api-{number}:8000", f"127.0.0.1:{replica.port}")
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"  {part}_temp_path {part};\n" for part in parts)
    text = re.sub(r"listen 8080;", f"listen 127.0.0.1:{port};", text.replace("http {\n", "http {\n" + own))
    with folder() as home:
        (home / "nginx.conf").write_text(text, encoding="utf-8")
        told = "daemon off; pid nginx.pid; error_log stderr;" + ("user root;" if os.geteuid() == 0 else "")
        process = subprocess.Popen([program, "-p", str(home), "-c", "nginx.conf", "-g", told], stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)
