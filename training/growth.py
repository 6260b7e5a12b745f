"""What `lurewatch train` costs by rows: made-up files of the written ads' words, and EMSCAD with the corpus; into `reports/growth.json`.

Each run is a command of its own, start included, on two cores; what was measured earlier and is not measured again stays.
"""

import argparse
import csv
import json
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training import corpus, sources
from training.baselines import text_of
from training.bench import machine, timed

CHANGED = 0.05
"""Share of the words of a text that are exchanged for others each time it is repeated."""
SMALL = "folds = 2\n[search]\nC = [0.3]\n"
"""A search that is the same for every size; the shipped one tries two settings in five folds."""
WHOLE = "emscad and corpus, with report"
TEXTS = "title,company_profile,description,requirements,benefits"


def main() -> None:
    """Measure what is asked for and put it into the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="5000,50000,500000", help="sizes, with commas between (default %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("reports"), help="folder of growth.json (default %(default)s)")
    parser.add_argument("--work", type=Path, default=Path("runs/growth"), help="folder for rows and runs (default %(default)s)")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    path = args.out / "growth.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"runs": {}}
    folder = sources.data_folder()
    sizes = [int(size) for size in args.rows.split(",") if size]
    for name, rows, command in [*(made(size, args.work) for size in sizes), *(public(folder, args.work) if folder else ())]:
        told["runs"][name] = {"rows": rows, **timed(command, 2, rows)}
        told["machine"] = machine()
        args.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


Run = tuple[str, int, Sequence[str]]
"""Name, rows and command."""


def made(size: int, work: Path) -> Run:
    """A run on made-up rows."""
    path, config = work / f"{size}.csv", work / "small.toml"
    if not path.is_file():
        write(path, size)
    config.write_text(SMALL, encoding="utf-8")
    return f"{size:,} made-up rows", size, train(work / f"run-{size}", "--data", str(path), "--config", str(config), "--no-report")


def public(folder: Path, work: Path) -> Iterator[Run]:
    """The run on EMSCAD's rows beside the written corpus, at the shipped search."""
    source = next(source for source in sources.listed() if source.name == "emscad")
    path = folder / str(source.path)
    if path.is_file():
        rows = sum(1 for _ in sources.records(source, folder)) + len(corpus.read())
        columns = ["--data", str(path), "--text", TEXTS, "--label", "label", "--group", "group", "--lang", "en"]
        yield WHOLE, rows, train(work / "run-emscad", *columns)


def train(out: Path, *words: str) -> list[str]:
    """`lurewatch train` without public data, into a folder that is emptied first."""
    for folder in (out, out.with_name(f"{out.name}.partial")):
        shutil.rmtree(folder, ignore_errors=True)
    return ["env", "-u", sources.ENVIRONMENT, sys.executable, "-m", "model.cli", "train", "--out", str(out), *words]


def write(path: Path, size: int) -> None:
    """Rows as CSV: the written ads again and again, each time with other words in places."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "label"])
        writer.writerows((i, text, label) for i, (text, label) in enumerate(repeated(size)))


def repeated(size: int, seed: int = 0) -> Iterator[tuple[str, int]]:
    """Texts and labels."""
    rng = random.Random(seed)  # noqa: S311 - texts, not secrets
    rows = [(text_of(row).split(" "), row.label) for row in corpus.read()]
    words = [word for text, _ in rows for word in text]
    for _ in range(size):
        text, label = rng.choice(rows)
        yield " ".join(rng.choice(words) if rng.random() < CHANGED else word for word in text), label


if __name__ == "__main__":
    main()
