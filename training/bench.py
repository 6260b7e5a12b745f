"""How fast stocks are judged, beside the usual recipe, in one run on one machine: `make bench`.

Each figure is of a command of its own, start included, held to so many cores; what was measured earlier and is not measured again stays.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training import synthetic
from training.bench_growth import datasketch_cost, lengths, phrases
from training.bench_report import publish
from training.bench_usual import learn

LENGTH = 2000
WATCH = 0.2
"""Seconds between two looks at the memory."""
SLOW = 400
"""Most ads that the full tier is measured on."""


def main() -> None:
    """Measure what is asked for and put it into the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ads", default="10000", help="sizes of stock, with commas between (default %(default)s)")
    parser.add_argument("--report", type=Path, default=Path("reports"), help="folder of bench.json and its plots (default %(default)s)")
    parser.add_argument("--work", type=Path, default=Path("runs/bench"), help="folder for stocks and verdicts (default %(default)s)")
    parser.add_argument("--only", default="runs,growth", help="runs, growth or both (default %(default)s)")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    path = args.report / "bench.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"runs": {}}
    told["machine"] = machine()
    if "runs" in args.only:
        for ads in map(int, args.ads.split(",")):
            told["runs"] |= runs(ads, args.work)
            publish(told, args.report)
    if "growth" in args.only:
        told["growth"] = {
            "load_before": os.getloadavg()[0],
            "lengths": lengths(),
            "phrases": phrases(),
            "datasketch_us_per_ad": datasketch_cost(),
        }
        publish(told, args.report)


def machine() -> dict[str, Any]:
    """Where it was measured."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {"processor": name, "cores": os.cpu_count(), "python": platform.python_version()}


def runs(ads: int, work: Path) -> dict[str, Any]:
    """Every way of judging a stock of this size, by name."""
    stock, few, usual = work / f"{ads}.parquet", work / f"{min(ads, SLOW)}.parquet", work / "usual.joblib"
    for path, count in ((stock, ads), (few, min(ads, SLOW))):
        if not path.is_file():
            synthetic.write(path, count, LENGTH)
    if not usual.is_file():
        learn(usual)
    out: dict[str, Any] = {}
    for cores in (1, 2):
        workers = ["--workers", str(cores)]
        out[f"fast, {cores} cores, {ads} ads"] = timed(lurewatch(stock, work, *workers), cores, ads)
        recipe = [sys.executable, "-m", "training.bench_usual", str(usual), str(stock), str(work / "usual.parquet"), str(cores)]
        out[f"usual recipe, {cores} cores, {ads} ads"] = timed(recipe, cores, ads)
        for tier in ("auto", "full"):
            out[f"{tier}, {cores} cores, {min(ads, SLOW)} ads"] = timed(
                lurewatch(few, work, *workers, "--tier", tier, "--shard-rows", "50"), cores, min(ads, SLOW)
            )
    out[f"fast with groups, 2 cores, {ads} ads"] = timed(lurewatch(stock, work, "--workers", "2", "--cluster"), 2, ads)
    if has_ray():
        out[f"fast through Ray, 2 cores, {ads} ads"] = timed(lurewatch(stock, work, "--workers", "2", "--engine", "ray"), 2, ads)
    return out


def lurewatch(stock: Path, work: Path, *more: str) -> list[str]:
    """`lurewatch batch` into a folder that is emptied first."""
    out = work / "verdicts"
    shutil.rmtree(out, ignore_errors=True)
    return [sys.executable, "-m", "model.cli", "batch", str(stock), str(out), *more]


def has_ray() -> bool:
    """Whether Ray is installed."""
    return subprocess.run([sys.executable, "-c", "import ray"], capture_output=True, check=False).returncode == 0


def timed(command: Sequence[str], cores: int, ads: int) -> Mapping[str, float]:
    """Seconds, ads a second and the most memory of a command that may use so many cores, and how busy the machine was before it."""
    load, free, most = os.getloadavg()[0], os.sched_getaffinity(0), 0.0
    os.sched_setaffinity(0, sorted(free)[:cores])
    start = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE) as run:
        os.sched_setaffinity(0, free)
        while run.poll() is None:
            most = max(most, memory(run.pid))
            time.sleep(WATCH)
        seconds = time.perf_counter() - start
        told = run.stderr.read().decode() if run.stderr else ""
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {run.returncode}: {told}")
    print(f"{ads / seconds:10,.0f} ads/s  {most:6,.0f} MB  load {load:.1f}  {' '.join(command[1:])}", file=sys.stderr, flush=True)
    figures = {"seconds": round(seconds, 2), "ads_per_s": round(ads / seconds, 1), "memory_mb": round(most), "load_before": round(load, 2)}
    return {"ads": ads, **figures}


def memory(pid: int) -> float:
    """Megabytes of a process and all that it started, pages that some share counted once (proportional set size)."""
    total = 0
    for one in [pid, *descendants(pid)]:
        try:
            rolled = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8")
            total += next((int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:")), 0)
        except OSError:
            continue
    return total / 1024


def descendants(pid: int) -> list[int]:
    """Processes that a process started, and that those started."""
    out: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in path.read_text(encoding="utf-8").split()]
        except OSError:
            continue
        out += [*children, *(deeper for child in children for deeper in descendants(child))]
    return out


if __name__ == "__main__":
    main()
