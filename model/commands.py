"""`lurewatch score` and `lurewatch lures`."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from model.advert import MAX_CHARACTERS, Advert
from model.artefact import SHIPPED
from model.calibration import DEFAULT_PRIOR
from model.classifier import FAST, TIERS, Options, ScamAdClassifier
from model.errors import AdvertError, LurewatchError
from model.jsonlines import LARGEST_LINE, judged_lines
from model.rendering import lures_as_text, verdict_as_text

FINE, SOME_REFUSED = 0, 3
EXAMPLES = """examples:
  lurewatch score "Typist wanted in Thailand, no experience, free flight, write on Telegram"
  lurewatch score ad.txt --json
  lurewatch score --jsonl ads.jsonl --out verdicts.jsonl --prior 0.02"""


def score(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch score`."""
    parser.description = "Judge job ads: a readable verdict with the phrases that carry it, or JSON (docs/design.md, section Verdict)."
    parser.epilog = EXAMPLES
    parser.add_argument("advert", nargs="?", help="the ad's text, a file that holds it, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--jsonl", metavar="IN", help='a file of lines {"id", "text"} or {"id", "posting": {...}}; - for standard input')
    parser.add_argument(
        "--out", metavar="OUT", help="where the verdicts of --jsonl go, one a line in the same order (default: standard output)"
    )
    parser.add_argument(
        "--tier",
        choices=TIERS,
        default=FAST,
        help="fast: phrases and cues (default); full: with the multilingual encoder; auto: the encoder where the fast tier is in doubt",
    )
    parser.add_argument("--prior", type=float, default=DEFAULT_PRIOR, help="share of scams you expect among your ads (default %(default)s)")
    parser.add_argument("--artefact", type=Path, metavar="FOLDER", help="another artefact than the shipped one")
    parser.set_defaults(run=run_score)


def run_score(args: argparse.Namespace) -> int:
    """Judge one ad or many lines."""
    if bool(args.jsonl) == (args.advert is not None):
        raise LurewatchError("give either one ad (text, file or -) or --jsonl FILE; see lurewatch score --help.")
    classifier = ScamAdClassifier.load(args.artefact or SHIPPED, args.tier)
    options = Options(prior=args.prior, tier=args.tier)
    if args.jsonl:
        return score_lines(classifier, options, args.jsonl, args.out)
    verdict = classifier.judge(Advert.from_text(advert_text(args.advert)), options)
    print(json.dumps(verdict.as_dict(), ensure_ascii=False) if args.json else verdict_as_text(verdict, color=sys.stdout.isatty()))
    return FINE


def advert_text(given: str) -> str:
    """The ad's text: what was given, or what stands in the file of that name. Raises AdvertError where it is not UTF-8 or too long."""
    if given == "-":
        data = sys.stdin.buffer.read(LARGEST_LINE + 1)
    elif looks_like_file(given):
        with Path(given).open("rb") as f:
            data = f.read(LARGEST_LINE + 1)
    else:
        return given
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise AdvertError(
            f"{given}: byte {e.start} is not UTF-8; save the file as UTF-8. The limit is {MAX_CHARACTERS:,} characters.", "text"
        ) from e


def looks_like_file(given: str) -> bool:
    """Whether the argument names a file that is there."""
    try:
        return len(given) < 4096 and "\0" not in given and Path(given).is_file()
    except OSError:
        return False


def score_lines(classifier: ScamAdClassifier, options: Options, source: str, target: str | None) -> int:
    """Judge a file of lines into another; a bad line becomes an error on its line."""
    refused = done = 0
    with opened(source) as lines, written(target) as out:
        for answer in judged_lines(classifier, lines, options):
            done += 1
            refused += "error" in answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    print(f"{done:,} lines judged, {refused:,} refused", file=sys.stderr)
    return SOME_REFUSED if refused else FINE


@contextmanager
def opened(source: str) -> Iterator[Iterator[bytes]]:
    """The lines of a file or of standard input, as bytes. Raises LurewatchError where the file cannot be read."""
    if source == "-":
        yield bounded_lines(sys.stdin.buffer)
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; only opening may be refused
    except OSError as e:
        raise LurewatchError(f"cannot read {source}: {e.strerror}.") from e
    with file:
        yield bounded_lines(file)


@contextmanager
def written(target: str | None) -> Iterator[TextIO]:
    """A file to write to, or standard output. Raises LurewatchError where it cannot be written."""
    if target is None:
        yield sys.stdout
        return
    try:
        file = Path(target).open("w", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed below
    except OSError as e:
        raise LurewatchError(f"cannot write {target}: {e.strerror}.") from e
    with file:
        yield file


def bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of a binary file; of a line over the limit only its first bytes are kept, so that none fills the memory."""
    while line := file.readline(LARGEST_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n") and len(rest) > LARGEST_LINE:
            rest = file.readline(LARGEST_LINE + 1)
        yield line


def lures(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch lures`."""
    parser.description = "List the lures that are looked for: what they mean, why they matter, and how many phrases stand for each."
    parser.epilog = "example: lurewatch lures --language id"
    parser.add_argument("--language", default="en", help="language of the explanations (default %(default)s)")
    parser.set_defaults(run=run_lures)


def run_lures(args: argparse.Namespace) -> int:
    """Print the lures."""
    print(lures_as_text(ScamAdClassifier.load().artefact.knowledge, args.language))
    return FINE
