"""Never lost, never twice: runs that are killed, run out of disk, or lose a worker end with the bytes of an undisturbed one.

`make faults` runs them at full size; here they are small.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model.cli import main

pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra batch)")

ROOT = Path(__file__).parent.parent
FULL = bool(os.environ.get("LUREWATCH_FAULTS"))
ADS, KILLS = (20_000, 20) if FULL else (700, 3)
SHARD = 250 if FULL else 50
PATIENCE = 600


def corpus() -> list[str]:
    lines = (ROOT / "seeds" / "corpus" / "en.jsonl").read_text(encoding="utf-8").splitlines()[:80]
    return [str(record["text"]) for record in map(json.loads, lines) if "text" in record]


@pytest.fixture(scope="module")
def ads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, texts = tmp_path_factory.mktemp("ads"), corpus()
    rows = [json.dumps({"id": i, "text": f"{texts[i % len(texts)]}\nref {i}"}) if i % 97 else "no ad" for i in range(ADS)]
    (folder / "a.jsonl").write_text("\n".join(rows[: ADS // 2]) + "\n", encoding="utf-8")
    (folder / "b.jsonl").write_text("\n".join(rows[ADS // 2 :]) + "\n", encoding="utf-8")
    return folder


def words(ads: Path, out: Path, *more: str) -> list[str]:
    return ["batch", str(ads), str(out), "--shard-rows", str(SHARD), "--workers", "2", *more]


@pytest.fixture(scope="module")
def undisturbed(ads: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    out, start = tmp_path_factory.mktemp("undisturbed") / "out", time.perf_counter()
    assert main(words(ads, out, "--cluster")) == 3
    return tree(out), time.perf_counter() - start


def tree(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def started(ads: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "model.cli", *words(ads, out, "--cluster", *more)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, start_new_session=True)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def in_session(leader: int) -> list[int]:
    """Processes that a run started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def records(out: Path) -> int:
    return len(list((out / "unfinished" / "records").glob("0*")))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes cannot be listed here: no /proc")
def test_killed_at_random_moments_a_run_ends_with_the_same_bytes(
    ads: Path, undisturbed: tuple[dict[str, bytes], float], tmp_path: Path
) -> None:
    wanted, seconds = undisturbed
    out, moments = tmp_path / "out", random.Random(11)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        run = started(ads, out)
        time.sleep(moments.uniform(0.1, max(1.0, seconds * 4 / KILLS)))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        until(lambda leader=run.pid: not in_session(leader))  # type: ignore[misc]  # the workers end with the run
    assert main(words(ads, out, "--cluster")) == 3
    assert tree(out) == wanted
    summary = json.loads(wanted["manifest.json"])["summary"]
    assert summary["rows"] == ADS == summary["judged"] + summary["refused"]
    assert summary["refused"] == len(range(0, ADS, 97)) == len(wanted["errors.jsonl"].splitlines())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes cannot be listed here: no /proc")
def test_a_worker_that_is_killed_ends_the_run_and_nothing_is_lost(
    ads: Path, undisturbed: tuple[dict[str, bytes], float], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = started(ads, out)
    until(lambda: records(out) > 0 or run.poll() is not None)
    servers = [pid for pid in descendants(run.pid) if b"forkserver" in cmdline(pid)]
    os.kill(next(worker for server in servers for worker in descendants(server)), signal.SIGKILL)
    _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert b"give the same command again" in told
    assert main(words(ads, out, "--cluster")) == 3
    assert tree(out) == undisturbed[0]


def cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def small_disk(tmp_path: Path, undisturbed: tuple[dict[str, bytes], float]) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    size = sum(map(len, undisturbed[0].values())) // 2
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: not root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_room(
    ads: Path, undisturbed: tuple[dict[str, bytes], float], small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = small_disk / "out"
    assert main(words(ads, out, "--cluster")) == 2
    assert "The disk is full: make room and give the same command again" in capsys.readouterr().err
    assert records(out) > 0
    subprocess.run(["mount", "-o", "remount,size=256m", str(small_disk)], check=True)
    assert main(words(ads, out, "--cluster")) == 3
    assert tree(out) == undisturbed[0]


def test_a_second_run_in_the_same_folder_is_kept_out(ads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    run = started(ads, out)
    until(lambda: records(out) > 0 or run.poll() is not None)
    assert main(words(ads, out, "--cluster")) == 2
    assert "another run is at work" in capsys.readouterr().err
    run.communicate(timeout=PATIENCE)
    assert run.returncode == 3


def test_on_ray_a_killed_worker_costs_nothing_but_time(ads: Path, undisturbed: tuple[dict[str, bytes], float], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="ray is not installed (extra ray)")
    out = tmp_path / "out"
    run = started(ads, out, "--engine", "ray")
    until(lambda: records(out) > 0 or run.poll() is not None)
    actors = [pid for pid in descendants(run.pid) if cmdline(pid).startswith(b"ray::MapWorker")]
    assert actors, run.communicate()[1]
    os.kill(actors[0], signal.SIGKILL)
    _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, told
    assert tree(out) == undisturbed[0]


def descendants(pid: int) -> list[int]:
    """Processes that a process started, and that those started."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    own = [int(child) for path in children for child in path.read_text().split()]
    return own + [deeper for child in own for deeper in descendants(child)]
