"""`lurewatch train`."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import joblib

from model.errors import LurewatchError
from training import sources
from training.config import Config
from training.folder import RESULT, building, finished, result_of
from training.options import FEEDBACK, OWN, add_columns, feedback_entry, own_entry, shown
from training.progress import Progress, Watch
from training.report import report
from training.run import Result
from training.run import train as train_run
from training.stamp import Stamp

FINE, SOME_REFUSED = 0, 3
EXAMPLES = """examples:
  lurewatch train --data ads.csv --text description --label fraudulent --out runs/mine
  lurewatch train --config my.toml --data-dir data --out runs/today
  lurewatch train --data ads.csv --feedback feedback.jsonl --out runs/fed
An interrupted run goes on with the same command. docs/retraining.md explains what is refused and why."""


def train(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch train`."""
    parser.description = (
        "Learn a model from your labelled ads, public sources and the written corpus: audit, split, search, fit, calibrate, report."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("--config", type=Path, help="a configuration (default: training/config.toml); [[sources]] in it name data")
    parser.add_argument("--data", metavar="DATA", help="your labelled ads: CSV, JSON lines, Parquet, or the id of a data set on the hub")
    add_columns(parser)
    parser.add_argument("--feedback", type=Path, metavar="FILE", help="moderators' verdicts, from lurewatch feedback export")
    parser.add_argument(
        "--data-dir",
        type=Path,
        help=f"folder of the public files that training/sources.yaml names (default: ${sources.ENVIRONMENT}; without it they are left out)",
    )
    parser.add_argument("--out", type=Path, help="folder of the run (default: runs/<time>)")
    parser.add_argument("--jobs", type=int, default=2, help="processes for the search (default %(default)s)")
    parser.add_argument("--no-report", action="store_true", help="leave the measuring out; such a run cannot be promoted")
    parser.add_argument(
        "--whole-report",
        action="store_true",
        help="measure languages and lure types never seen, EMSCAD's protocol and speed too; minutes more",
    )
    parser.add_argument(
        "--encoder",
        metavar="BASE",
        help="then learn the full tier: fine-tune this encoder (a hub id such as intfloat/multilingual-e5-small, or a folder). "
        "With the --out of a run whose fast tier is done, or of one that was stopped, it goes on from there",
    )
    parser.add_argument("--passes", type=int, default=8, help="passes of the encoder over the data (default %(default)s)")
    parser.add_argument("--leave-out", default="", metavar="LANGUAGES", help="fine-tune once more without these, to measure")
    parser.set_defaults(run=run_train)


def run_train(args: argparse.Namespace) -> int:
    """Train, then measure; an interrupted run goes on, a finished one is left as it is."""
    if not sys.stderr.isatty():
        datasets.disable_progress_bars()
    out = args.out or Path("runs") / time.strftime("%Y%m%d-%H%M%S")
    folder = args.data_dir or sources.data_folder()
    if folder and not folder.is_dir():
        raise LurewatchError(f"no folder {folder}; set --data-dir or ${sources.ENVIRONMENT} to the folder of the source files.")
    config, progress = with_own(Config.load(args.config), args), Watch()
    stamp = Stamp.of(config, folder, "none" if args.no_report else "whole" if args.whole_report else "usual")
    if finished(out, stamp):
        progress(f"{out} is finished: same configuration, data and code")
    else:
        with building(out, stamp, progress) as part:
            fast_tier(config, folder, part, args, progress)
    if args.encoder:
        train_encoder(result_of(out), config, out, args, progress)
    progress(f"done: {out}. Put it in place with: lurewatch promote {out}")
    return told_refused(out)


def with_own(config: Config, args: argparse.Namespace) -> Config:
    """The configuration with the sources that came by options. Raises LurewatchError."""
    entries = [own_entry(args.data, args)] if args.data else []
    if args.feedback:
        if not args.feedback.is_file():
            raise LurewatchError(f"no file {args.feedback}; write it with lurewatch feedback export.")
        entries.append(feedback_entry(args.feedback))
    twice = [entry["name"] for entry in config.sources if entry["name"] in {e["name"] for e in entries}]
    if twice:
        raise LurewatchError(
            f"--data and --feedback are the sources {OWN!r} and {FEEDBACK!r}; the configuration has {twice[0]!r} too. Rename it."
        )
    return replace(config, sources=(*config.sources, *entries))


def fast_tier(config: Config, data_folder: Path | None, out: Path, args: argparse.Namespace, progress: Progress) -> None:
    """Learn, then leave all that tells of the run beside the artefact."""
    result = train_run(config, data_folder, out, args.jobs, progress, args.encoder)
    intake = result.material.intake
    write_json(out / "config.json", {**config.as_dict(), "bars": config.bars})
    write_json(out / "fingerprints.json", intake.fingerprints)
    if intake.agreement:
        write_json(out / "feedback.json", intake.agreement)
    if not args.no_report:
        report(result, config, out, progress, args.whole_report)
    refused = [{"source": name, **fault.as_dict()} for name, faults in intake.faults.items() for fault in faults]
    write_lines(out / "refused.jsonl", refused)
    write_lines(out / "contradictions.jsonl", [contradiction.as_dict() for contradiction in intake.contradictions])
    for name, faults in intake.faults.items():
        for line in shown(name, list(faults)):
            progress(line)
    joblib.dump(result, out / RESULT)


def told_refused(out: Path) -> int:
    """The exit code: 3 where rows were left out."""
    return SOME_REFUSED if (out / "refused.jsonl").is_file() else FINE


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Readable, sorted."""
    path.write_text(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def write_lines(path: Path, told: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines; no file where there is none."""
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in told]
    if lines:
        path.write_text("".join(lines), encoding="utf-8")


def train_encoder(result: Result, config: Config, out: Path, args: argparse.Namespace, progress: Progress) -> None:
    """Learn and measure the full tier."""
    try:
        from training.full_run import FullPlan, run_full  # noqa: PLC0415 - torch is needed by nothing else
    except ModuleNotFoundError as e:
        raise LurewatchError(f"--encoder needs the package {e.name!r}; CONTRIBUTING.md says how to install it.") from e
    languages = [name for name in args.leave_out.split(",") if name]
    run_full(result, config, FullPlan(args.encoder, args.passes, languages, not args.no_report), out, progress)
