"""`lurewatch batch`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from model.artefact import SHIPPED
from model.calibration import DEFAULT_PRIOR, checked_prior
from model.classifier import FAST, TIERS, Options
from model.errors import LurewatchError
from serve.backlog.columns import Columns
from serve.backlog.groups import MANY_PLACES
from serve.backlog.inputs import inputs_of
from serve.backlog.local import cores, run_local
from serve.backlog.manifest import Plan
from serve.backlog.run import Engine, pieces_left, run
from serve.backlog.shards import Work
from serve.backlog.store import Store
from serve.backlog.verdicts import FORMATS, PARQUET

FINE, SOME_REFUSED = 0, 3
LOCAL, RAY = "local", "ray"
SHARD_ROWS = 2048
EXAMPLES = """examples:
  lurewatch batch ads.parquet verdicts/
  lurewatch batch 'stock/*.csv.gz' night.jsonl.zst verdicts/ --column text=body --column id=ad_id
  lurewatch batch s3://board/ads s3://board/verdicts --engine ray --ray-address auto --workers 64
The same command goes on where a stopped one left off; docs/batch.md tells what is written and how to size a run."""


def batch(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch batch`."""
    parser.description = (
        "Judge a stock of ads: Parquet, CSV, JSON lines (.gz, .zst) or Arrow files, folders or globs of them. OUT becomes a folder of "
        "verdicts, with manifest.json and errors.jsonl. Exit code 3: some rows or files were refused."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or globs, here or in an object store (s3://, gs://)")
    parser.add_argument("out", metavar="OUT", help="folder for the verdicts")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="column that holds the id, the text or a field of the ad; repeat",
    )
    parser.add_argument("--format", choices=FORMATS, default=PARQUET, help="of the verdicts (default %(default)s)")
    parser.add_argument("--tier", choices=TIERS, default=FAST, help="as of `lurewatch score` (default %(default)s)")
    parser.add_argument("--prior", type=float, default=DEFAULT_PRIOR, help="share of scams you expect among your ads (default %(default)s)")
    parser.add_argument("--artefact", type=Path, metavar="FOLDER", default=SHIPPED, help="another artefact than the shipped one")
    parser.add_argument("--cluster", action="store_true", help="also find near-duplicates across the stock, and tell each ad's group")
    parser.add_argument("--shard-rows", type=int, default=SHARD_ROWS, help="rows of one file of verdicts (default %(default)s)")
    parser.add_argument("--workers", type=int, help="processes that judge (default: all cores of this machine, or of the cluster)")
    parser.add_argument("--engine", choices=(LOCAL, RAY), default=LOCAL, help="this machine, or a Ray cluster (default %(default)s)")
    parser.add_argument("--ray-address", metavar="ADDRESS", help="of a running cluster (default: one is started on this machine)")
    parser.set_defaults(run=run_batch)


def run_batch(args: argparse.Namespace) -> int:
    """Judge, and tell how it went."""
    summary = run(plan_of(args), engine_of(args))
    print(told(summary, args.out), file=sys.stderr)
    return SOME_REFUSED if summary["refused"] or summary["troubles"] else FINE


def plan_of(args: argparse.Namespace) -> Plan:
    """The run that is asked for. Raises LurewatchError."""
    for name in ("shard_rows", "workers"):
        if (value := getattr(args, name)) is not None and value < 1:
            raise LurewatchError(f"--{name.replace('_', '-')} must be at least 1, found {value}.")
    options = Options(prior=checked_prior(args.prior), tier=args.tier)
    store = Store.of(args.out)
    out = store.root if store.local else args.out
    work = Work(args.artefact, options, Columns.parsed(args.column), out, args.format, args.cluster)
    return Plan(work, inputs_of(args.inputs, store.root), args.shard_rows)


def engine_of(args: argparse.Namespace) -> Engine:
    """The engine that is asked for. Raises LurewatchError where Ray is not installed."""
    if args.engine == LOCAL:
        return lambda plan, done: run_local(plan.work, pieces_left(plan, done), args.workers or cores())
    try:
        from serve.backlog.distributed import run_on_ray  # noqa: PLC0415 - Ray is needed by nothing else
    except ModuleNotFoundError as e:
        raise LurewatchError(f"--engine ray needs the package {e.name!r}; install it with: pip install 'lurewatch[ray]'.") from e
    return lambda plan, done: run_on_ray(plan, done, args.workers, args.ray_address)


def told(summary: dict[str, Any], out: str) -> str:
    """What was done, in a few lines."""
    levels = ", ".join(f"{name} {count:,}" for name, count in summary["levels"].items())
    lines = [f"{summary['rows']:,} rows: {summary['judged']:,} judged ({levels}), {summary['refused']:,} refused. Verdicts: {out}"]
    if summary["refused"] or summary["troubles"]:
        lines.append(f"errors.jsonl there names the rows refused, and {summary['troubles']:,} files not read to their end.")
    if found := summary.get("duplicates"):
        lines.append(
            f"{found['groups']:,} groups of near-duplicates with {found['ads_in_groups']:,} ads, the largest of {found['largest']:,}; "
            f"{found['spread']:,} of them name {MANY_PLACES} places or more."
        )
    return "\n".join(lines)
