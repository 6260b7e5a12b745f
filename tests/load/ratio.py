"""`make bench-api`: our requests a second beside an empty endpoint's, our batches beside the library; one machine, one run, in turns."""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

from bench import EMPTY, LENGTH, OURS, ROOT, SERVER_CORE, Load, answer, folder, served, texts, write, wrk

BATCH = 100
LIBRARY = """
import json, sys, time
from model.advert import Advert
from model.classifier import ScamAdClassifier
ads = [Advert.from_text(json.loads(line)["text"]) for line in open(sys.argv[1], encoding="utf-8")]
classifier, seconds = ScamAdClassifier.load(), float(sys.argv[2])
list(classifier.judge_many(ads)); start = time.perf_counter(); judged = 0
while time.perf_counter() - start < seconds:
    judged += len(list(classifier.judge_many(ads[:100]))); ads = ads[100:] + ads[:100]
print(judged / (time.perf_counter() - start))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often all are measured in turn (default %(default)s)")
    args = parser.parse_args()
    with folder() as work:
        compare(work, args.seconds, args.rounds)


def compare(work: Path, seconds: float, rounds: int) -> None:
    ads = [{"text": text} for text in texts()]
    one = write(ads, work / "one")
    many = write([{"adverts": ads[i : i + BATCH]} for i in range(0, len(ads), BATCH)], work / "many")
    ours, empty, batch, library = [], [], [], []
    with served(OURS, work) as (_, address), served(EMPTY, work) as (_, other):
        assert answer(address, ads[0])["spans"] is not None
        for load in (Load("/v1/score", one, 3), Load("/v1/score/batch", many, 3, 2)):
            wrk(address, load)
        for _ in range(rounds):
            ours.append(rate(wrk(address, Load("/v1/score", one, seconds))))
            empty.append(rate(wrk(other, Load("/v1/score", one, seconds))))
            batch.append(BATCH * rate(wrk(address, Load("/v1/score/batch", many, seconds, 2))))
            library.append(alone(one, seconds))
    beside = f"empty endpoint {median(empty):,.0f}/s: {ratio(ours, empty)}, asked 40 %"
    print(f"one ad of {LENGTH:,} characters, spans: {median(ours):,.0f}/s; {beside}")
    beside = f"the library {median(library):,.0f}/s: {ratio(batch, library)}, asked 70 %"
    print(f"batches of {BATCH}: {median(batch):,.0f} ads/s; {beside}")


def rate(run: dict[str, float]) -> float:
    """Requests a second. Raises SystemExit where one failed."""
    if run["errors"]:
        raise SystemExit(f"{run['errors']} requests failed: {run}")
    return run["requests"] / run["seconds"]


def alone(ads: Path, seconds: float) -> float:
    """The library's own ads a second, on the server's core."""
    words = ["taskset", "-c", SERVER_CORE, sys.executable, "-c", LIBRARY, str(ads), str(seconds)]
    return float(subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout)


def ratio(some: list[float], others: list[float]) -> str:
    """Median of the rounds' ratios, with the least and the most."""
    each = [a / b for a, b in zip(some, others, strict=True)]
    return f"{median(each):.0%} (rounds {min(each):.0%} to {max(each):.0%})"


if __name__ == "__main__":
    main()
