"""`make bench-api`: our requests a second beside an empty endpoint's, our batches beside the library; one machine, one run, in turns."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import EMPTY, OURS, ROOT, SERVER_CORE, Load, answer, folder, processor_seconds, served, texts, write, wrk

from training.speed import LENGTH

BATCH = 100
LIBRARY = """
import json, sys, time
from model.advert import Advert
from model.classifier import ScamAdClassifier
ads = [Advert.from_text(json.loads(line)["text"]) for line in open(sys.argv[1], encoding="utf-8")]
classifier, seconds = ScamAdClassifier.load(), float(sys.argv[2])
list(classifier.judge_many(ads)); start, busy, judged = time.perf_counter(), time.process_time(), 0
while time.perf_counter() - start < seconds:
    judged += len(list(classifier.judge_many(ads[:100]))); ads = ads[100:] + ads[:100]
print(judged / (time.perf_counter() - start), judged / (time.process_time() - busy))
"""


@dataclass(frozen=True)
class Rate:
    """Ads a second by the clock, and for each second that the processor gave."""

    clock: float
    processor: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often all are measured in turn (default %(default)s)")
    args = parser.parse_args()
    with folder() as work:
        compare(work, args.seconds, args.rounds)


def compare(work: Path, seconds: float, rounds: int) -> None:
    ads = [{"text": text} for text in texts()]
    one = Load("/v1/score", write(ads, work / "one"), seconds)
    many = Load("/v1/score/batch", write([{"adverts": ads[i : i + BATCH]} for i in range(0, len(ads), BATCH)], work / "many"), seconds, 2)
    ours, empty, batch, library = [], [], [], []
    with served(OURS, work) as (pid, address), served(EMPTY, work) as (other_pid, other):
        assert answer(address, ads[0])["spans"] is not None
        for load in (one, many):
            wrk(address, load)
        for _ in range(rounds):
            ours.append(rate(pid, address, one))
            empty.append(rate(other_pid, other, one))
            batch.append(rate(pid, address, many, BATCH))
            library.append(alone(one.bodies, seconds))
    print(f"one ad of {LENGTH:,} characters, spans: {beside(ours, 'empty endpoint', empty)}, asked 40 %")
    print(f"batches of {BATCH}: {beside(batch, 'library', library)}, asked 70 %")


def rate(pid: int, address: str, load: Load, ads: int = 1) -> Rate:
    """Ads a second. Raises SystemExit where a request failed."""
    before = processor_seconds(pid)
    run = wrk(address, load)
    if run["errors"]:
        raise SystemExit(f"{run['errors']} requests failed: {run}")
    return Rate(ads * run["requests"] / run["seconds"], ads * run["requests"] / (processor_seconds(pid) - before))


def alone(ads: Path, seconds: float) -> Rate:
    """The library's own ads a second, on the server's core."""
    words = ["taskset", "-c", SERVER_CORE, sys.executable, "-c", LIBRARY, str(ads), str(seconds)]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    return Rate(float(told[0]), float(told[1]))


def beside(ours: Sequence[Rate], name: str, others: Sequence[Rate]) -> str:
    """Both medians, and the median of the rounds' ratios with the least and the most, by the clock and by the processor's time."""
    clock = sorted(a.clock / b.clock for a, b in zip(ours, others, strict=True))
    busy = sorted(a.processor / b.processor for a, b in zip(ours, others, strict=True))
    rates = f"{median(a.clock for a in ours):,.0f}/s, {name} {median(b.clock for b in others):,.0f}/s"
    spread = f"{median(clock):.0%} ({clock[0]:.0%} to {clock[-1]:.0%})"
    return f"{rates}: {spread}; by the processor's time {median(busy):.0%} ({busy[0]:.0%} to {busy[-1]:.0%})"


if __name__ == "__main__":
    main()
