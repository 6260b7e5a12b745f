"""Options of the commands that read a caller's labelled file, and the source that they describe."""

import argparse
from pathlib import Path
from typing import Any

from model.artefact import SHIPPED
from model.errors import LurewatchError
from training.files import SUFFIXES, Fault
from training.sources import Source, source_of

OWN, FEEDBACK = "own", "feedback"
"""Names of the sources that come by options."""
MOST_SHOWN = 10


def add_columns(parser: argparse.ArgumentParser) -> None:
    """The columns of the caller's file."""
    parser.add_argument(
        "--text", default="text", metavar="COLUMN[,COLUMN]", help="column of the text, or several to join (default %(default)s)"
    )
    parser.add_argument("--label", default="label", metavar="COLUMN", help="column of the label, 1 or true = lure (default %(default)s)")
    parser.add_argument("--id", default="id", metavar="COLUMN", help="column of the row's id, if there is one (default %(default)s)")
    parser.add_argument("--group", metavar="COLUMN", help="column of a group that must stay together; near-duplicates are found anyway")
    parser.add_argument("--employer", metavar="COLUMN", help="column of the employer, whose ads stay together")
    parser.add_argument("--board", metavar="COLUMN", help="column of the board or source that an ad is from")
    parser.add_argument("--split", metavar="COLUMN", help="column that says train or test, if you have split already")
    parser.add_argument("--language", metavar="COLUMN", help="column of the language")
    parser.add_argument("--lang", default="und", metavar="CODE", help="language of all rows, where no column tells (default: not told)")


def model_folder(given: str) -> Path:
    """The folder of an artefact; the word `shipped` is that of the shipped one."""
    return SHIPPED if given == "shipped" else Path(given)


def own_entry(data: str, args: argparse.Namespace) -> dict[str, Any]:
    """The caller's file or hub data set as an entry of a configuration. Raises LurewatchError where it is neither."""
    path = Path(data)
    on_hub = not path.exists() and path.suffix not in SUFFIXES
    if on_hub and not 0 < data.count("/") < 2:
        raise LurewatchError(f"no file {data}, and no id of a data set on the hub (owner/name); files end in {', '.join(SUFFIXES)}.")
    if not on_hub and not path.is_file():
        raise LurewatchError(f"no file {data}.")
    told = {name: getattr(args, name) for name in ("group", "employer", "board", "split") if getattr(args, name)}
    return {
        "name": OWN,
        "kind": "annotated",
        "licence": "the caller's",
        "label": {"column": args.label},
        "language": {"column": args.language} if args.language else {"value": args.lang},
        "join": [column for column in args.text.split(",") if column],
        "id": args.id,
        **({"hub": data} if on_hub else {"path": str(path.resolve())}),
        **told,
    }


def own_source(data: str, args: argparse.Namespace) -> Source:
    """The same as a source."""
    return source_of(own_entry(data, args))


def feedback_entry(path: Path) -> dict[str, Any]:
    """A file of `lurewatch feedback export` as an entry of a configuration."""
    return {
        "name": FEEDBACK,
        "kind": "feedback",
        "licence": "kept with consent",
        "label": {"column": "label"},
        "language": {"column": "language"},
        "path": str(path.resolve()),
    }


def shown(name: str, faults: tuple[Fault, ...] | list[Fault]) -> list[str]:
    """The first rows left out, in words, never with their text."""
    lines = [f"{name}: row {f.row}, column {f.column or '-'}: {f.reason}" for f in faults[:MOST_SHOWN]]
    more = len(faults) - MOST_SHOWN
    return lines + ([f"{name}: {more:,} more rows left out"] if more > 0 else [])
