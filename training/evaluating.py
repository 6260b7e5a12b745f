"""`lurewatch evaluate`: figures of an artefact on a caller's labelled file."""

import argparse
import json
import sys

from model.artefact import SHIPPED
from model.classifier import FAST, FULL
from training.judging import Model, labelled, unseen
from training.options import add_columns, model_folder, own_source, shown
from training.report import rounded
from training.scorecard import scorecard
from training.sources import Read

FINE, SOME_REFUSED = 0, 3


def evaluate(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch evaluate`."""
    parser.description = (
        "Measure a model on labelled ads that it has not seen: figures with 95 % intervals, by language and by board, as JSON. The levels "
        "are the model's own; no threshold is chosen on the file."
    )
    parser.epilog = "example: lurewatch evaluate runs/today/artefact ads.csv --text description --label fraudulent"
    parser.add_argument(
        "artefact", type=model_folder, nargs="?", default=SHIPPED, metavar="ARTEFACT", help="the model's folder (default: the shipped one)"
    )
    parser.add_argument("data", nargs="?", metavar="DATA", help="CSV, JSON lines, Parquet, or a hub id (default: the written corpus)")
    add_columns(parser)
    add_measuring(parser)
    parser.set_defaults(run=run_evaluate)


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """What `evaluate` and `compare` share."""
    parser.add_argument("--tier", choices=(FAST, FULL), default=FAST, help="the tier to measure (default %(default)s)")
    parser.add_argument("--leave-out-seen", action="store_true", help="leave out rows that a model has learnt from, rather than refuse")
    parser.add_argument("--seed", type=int, default=0, help="of the intervals (default %(default)s)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Print the figures as JSON."""
    found = Model.load(args.artefact, args.tier)
    read = labelled(own_source(args.data, args) if args.data else None)
    rows, seen = unseen(read.rows, [args.artefact], args.leave_out_seen)
    told = {
        "model": {**found.classifier.artefact.identity, "tier": args.tier},
        "data": {"sha256": read.fingerprint, "refused": read.refused, "seen": seen},
        **scorecard(found.judge(rows), args.seed),
    }
    print(json.dumps(rounded(told), indent=1, ensure_ascii=False))
    return tell(read)


def tell(read: Read) -> int:
    """Name the rows left out; the exit code."""
    for line in shown(read.source.name, read.faults):
        print(line, file=sys.stderr)
    return SOME_REFUSED if read.faults else FINE
