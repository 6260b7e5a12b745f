"""The command `lurewatch`. Packages bring their commands through the entry points `lurewatch.commands`, so nothing here points back."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from model.errors import LurewatchError
from model.version import __version__

FINE, OUR_FAULT, WRONG_USE = 0, 1, 2
SUMMARY = {
    "score": "judge ads and show the phrases that carry the verdict",
    "lures": "list the lures that are looked for",
    "serve": "serve the model over HTTP",
    "keys": "make, list, rotate and revoke API keys",
    "feedback": "export or purge what moderators said",
    "batch": "judge a whole stock of ads, on this machine or on a cluster",
    "train": "learn a model from your data and the seeds",
    "evaluate": "measure a model on labelled ads",
    "compare": "show what one model does otherwise than another, and why",
    "promote": "put a trained model in place of the shipped one",
}
EXTRA = {
    **dict.fromkeys(("serve", "keys", "feedback"), "serve"),
    "batch": "batch",
    **dict.fromkeys(("train", "evaluate", "compare", "promote"), "training"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 fine, 2 wrong use, 3 some inputs refused, 1 our fault."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = parser_for(arguments)
    args = parser.parse_args(arguments)
    if not hasattr(args, "run"):
        parser.print_help()
        return WRONG_USE
    try:
        code = args.run(args)
        sys.stdout.flush()
        return int(code)
    except LurewatchError as e:
        print(f"lurewatch: {e.message}", file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        print("lurewatch: stopped", file=sys.stderr)
        return OUR_FAULT


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """All commands by name; only the one that is asked for is loaded."""
    parser = argparse.ArgumentParser(
        prog="lurewatch", description="Warns when a job ad carries the lures of a scam. A low score is not a clearance."
    )
    parser.add_argument("--version", action="version", version=f"lurewatch {__version__}")
    commands = parser.add_subparsers(metavar="command")
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    for point in sorted(entry_points(group="lurewatch.commands"), key=lambda p: list(SUMMARY).index(p.name) if p.name in SUMMARY else 99):
        sub = commands.add_parser(point.name, help=SUMMARY.get(point.name), formatter_class=argparse.RawDescriptionHelpFormatter)
        if point.name == wanted:
            load(point.name, point.load, sub)
    return parser


def load(name: str, loader: object, parser: argparse.ArgumentParser) -> None:
    """Let the command's package fill its parser; where packages are missing, running it says which extra brings them."""
    try:
        loader()(parser)  # type: ignore[operator]  # an entry point's load, then the function it names
    except ModuleNotFoundError as e:
        missing, extra = e.name, EXTRA.get(name, name)
        parser.set_defaults(run=lambda _: refuse(name, missing, extra))


def refuse(name: str, missing: str | None, extra: str) -> int:
    """Say what to install."""
    raise LurewatchError(f"`lurewatch {name}` needs the package {missing!r}; install it with: pip install 'lurewatch[{extra}]'.")


if __name__ == "__main__":
    sys.exit(main())
