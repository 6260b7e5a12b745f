"""`lurewatch train`, `lurewatch evaluate` and `lurewatch promote`."""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from model.artefact import SHIPPED, Artefact
from model.classifier import ScamAdClassifier
from model.errors import LurewatchError
from model.full import FOLDER, FullTier
from training import corpus, sources
from training.config import Config
from training.evaluate import measured
from training.report import publish, report
from training.rows import Row, adverts
from training.run import Result
from training.run import train as train_run

FINE = 0
RESULT = "result.joblib"
"""What a run keeps for the full tier to go on from; only ever read from one's own run folder."""
ROOT = SHIPPED.parent.parent
"""The checkout, where there is one."""


def train(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch train`."""
    parser.description = (
        "Learn a model from the sources in training/sources.yaml and the written corpus: search, fit, calibrate, export, report."
    )
    parser.epilog = "example: lurewatch train --data-dir data --out runs/today"
    parser.add_argument("--config", type=Path, help="a configuration (default: training/config.toml)")
    parser.add_argument(
        "--data-dir",
        type=Path,
        help=f"folder of the source files (default: ${sources.ENVIRONMENT}; without it the written corpus alone is learnt from)",
    )
    parser.add_argument("--out", type=Path, help="folder of the run (default: runs/<time>)")
    parser.add_argument("--jobs", type=int, default=2, help="processes for the search (default %(default)s)")
    parser.add_argument("--no-report", action="store_true", help="leave the measuring out")
    parser.add_argument(
        "--encoder",
        metavar="BASE",
        help="then learn the full tier: fine-tune this encoder (a hub id such as intfloat/multilingual-e5-small, or a folder). "
        "With the --out of a run whose fast tier is done, or of one that was stopped, it goes on from there",
    )
    parser.add_argument("--passes", type=int, default=8, help="passes of the encoder over the data (default %(default)s)")
    parser.add_argument("--leave-out", default="", metavar="LANGUAGES", help="also fine-tune once without each of these, to measure; hours")
    parser.set_defaults(run=run_train)


def run_train(args: argparse.Namespace) -> int:
    """Train, then measure."""
    out = args.out or Path("runs") / time.strftime("%Y%m%d-%H%M%S")
    folder = args.data_dir or sources.data_folder()
    if folder and not folder.is_dir():
        raise LurewatchError(f"no folder {folder}; set --data-dir or ${sources.ENVIRONMENT} to the folder of the source files.")
    config = Config.load(args.config)
    if args.encoder and kept(out):
        result = joblib.load(kept(out))
    else:
        result = train_run(config, folder, out, args.jobs, say)
        if not args.no_report:
            report(result, config, out, say)
        joblib.dump(result, out / RESULT)
    if args.encoder:
        train_encoder(result, config, out, args)
    say(f"done: {out}. Put it in place with: lurewatch promote {out}")
    return FINE


def kept(out: Path) -> Path | None:
    """The finished fast tier of a run, if it has one."""
    return out / RESULT if (out / RESULT).is_file() else None


def train_encoder(result: Result, config: Config, out: Path, args: argparse.Namespace) -> None:
    """Learn and measure the full tier."""
    try:
        from training.full_run import FullPlan, run_full  # noqa: PLC0415 - torch is needed by nothing else
    except ModuleNotFoundError as e:
        raise LurewatchError(f"--encoder needs the package {e.name!r}; CONTRIBUTING.md says how to install it.") from e
    languages = [name for name in args.leave_out.split(",") if name]
    run_full(result, config, FullPlan(args.encoder, args.passes, languages, not args.no_report), out, say)


def say(line: str) -> None:
    """Progress, on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def evaluate(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch evaluate`."""
    parser.description = "Measure a model on labelled ads: the written corpus, or a file with a text and a label column."
    parser.epilog = "example: lurewatch evaluate --data ads.csv --text description --label fraudulent"
    parser.add_argument(
        "--data", type=Path, help="Parquet, CSV or JSON lines (default: the written corpus, which the shipped model has learnt from)"
    )
    parser.add_argument("--text", default="text", help="column of the text (default %(default)s)")
    parser.add_argument("--label", default="label", help="column of the label, 1 = scam (default %(default)s)")
    parser.add_argument("--artefact", type=Path, default=SHIPPED, help="the model's folder (default: the shipped one)")
    parser.set_defaults(run=run_evaluate)


def run_evaluate(args: argparse.Namespace) -> int:
    """Print the figures as JSON."""
    classifier = ScamAdClassifier.load(args.artefact)
    rows, refused = labelled(args.data, args.text, args.label) if args.data else (corpus.read(), {})
    figures = measured(rows, np.array(classifier.log_odds(adverts(rows))), classifier.artefact.thresholds, 0)
    print(json.dumps({"model": classifier.artefact.identity, "refused": refused, **figures}, indent=1, ensure_ascii=False))
    return FINE


def labelled(path: Path, text: str, label: str) -> tuple[list[Row], dict[str, Any]]:
    """Rows of a caller's file. Raises SourceError naming what is missing."""
    if path.suffix not in sources.READERS or not path.is_file():
        raise LurewatchError(f"cannot read {path}; give a file ending in {', '.join(sources.READERS)}.")
    source = sources.Source(path.stem, "annotated", "", {"column": label}, {"value": "und"}, 1.0, path=path.name, join=(text,))
    read = sources.read(source, path.parent)
    return list(read.rows), dict(read.refused)


def promote(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch promote`."""
    parser.description = "Check a run's artefact and put it in place of the shipped model."
    parser.epilog = "example: lurewatch promote runs/today"
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--without-full", action="store_true", help="also where the run has no full tier and the shipped model has one")
    parser.set_defaults(run=run_promote)


def run_promote(args: argparse.Namespace) -> int:
    """Load the artefact (which checks it), then copy its files."""
    version = put_in_place(args.folder, without_full=args.without_full)
    print(f"{args.folder} is now the shipped model, version {version}")
    if (args.folder / "metrics.json").is_file() and (ROOT / "README.md").is_file():
        publish(args.folder / "metrics.json", ROOT)
        print(f"its figures are in {ROOT / 'reports' / 'metrics.json'} and in the README")
    return FINE


def put_in_place(run: Path, target: Path = SHIPPED, without_full: bool = False) -> str:
    """Copy a checked artefact over another; returns its version. Raises LurewatchError where that would lose the full tier unasked."""
    made = Artefact.load(run / "artefact")
    if (run / "artefact" / FOLDER).is_dir():
        FullTier.load(run / "artefact", made)
    elif (target / FOLDER).is_dir() and not without_full:
        raise LurewatchError(f"{run} has no full tier, the shipped model has one; train with --encoder, or promote with --without-full.")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(run / "artefact", target)
    return str(made.manifest["version"])
