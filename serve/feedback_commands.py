"""`lurewatch feedback`: export what moderators said, delete what is too old."""

import argparse
from dataclasses import replace
from pathlib import Path

from model.errors import OptionError
from serve.database import url_of
from serve.desk import Desk
from serve.feedback_export import write
from serve.settings import Settings
from serve.store import Store

FINE = 0
EXAMPLES = """examples:
  lurewatch feedback export feedback.jsonl
  lurewatch feedback purge --days 90
settings: LUREWATCH_DATABASE_URL, LUREWATCH_STATE, LUREWATCH_FEEDBACK_DAYS"""


def feedback(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch feedback`."""
    parser.description = "What moderators said of ads: export it to learn from it, delete what is too old."
    parser.epilog = EXAMPLES
    actions = parser.add_subparsers(required=True, metavar="action")
    export = actions.add_parser("export", help="write all as JSON lines, a source for training (docs/operations.md)")
    export.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    export.set_defaults(run=run_export)
    purge = actions.add_parser("purge", help="delete what is older than LUREWATCH_FEEDBACK_DAYS; the service does so daily")
    purge.add_argument("--days", type=int, help="another number of days")
    purge.set_defaults(run=run_purge)


def run_export(args: argparse.Namespace) -> int:
    """Write the file and say how many lines it has."""
    store = Store(url_of(Settings.from_environment()))
    try:
        with args.out.open("w", encoding="utf-8") as out:
            written, with_advert = write(store.entries(), out)
    except OSError as e:
        raise OptionError(f"cannot write {args.out}: {e.strerror}.", "out") from e
    print(f"{args.out}: {written} lines, {with_advert} of them with the ad, which training needs.")
    return FINE


def run_purge(args: argparse.Namespace) -> int:
    """Delete and say how many."""
    settings = Settings.from_environment()
    days = settings.feedback_days if args.days is None else args.days
    if days < 1:
        raise OptionError(f"--days must be at least 1, found {days}.", "days")
    desk = Desk(replace(settings, feedback_days=days))
    print(f"{desk.purge(desk.store)} deleted that were older than {days} days.")
    return FINE
