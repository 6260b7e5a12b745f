"""Verdicts on lines of JSON: one line in, one answer out, in order; a bad line is answered with its error and nothing else is lost."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from model.advert import Advert
from model.classifier import BATCH, Options, ScamAdClassifier
from model.errors import AdvertError, AdvertTooLargeError

LARGEST_LINE = 4_000_000
"""Bytes of one line; 200,000 characters need at most 2.4 MB even when all are escaped."""


def judged_lines(classifier: ScamAdClassifier, lines: Iterable[bytes], options: Options) -> Iterator[dict[str, Any]]:
    """One answer a line: a verdict, or `{"id", "error"}`. Blank lines are skipped."""
    source = (line for line in lines if line.strip())
    while chunk := list(islice(source, BATCH * 4)):
        parsed = [parsed_line(line) for line in chunk]
        adverts = [advert for _, advert in parsed if isinstance(advert, Advert)]
        verdicts = classifier.judge_many(adverts, options)
        for name, advert in parsed:
            if isinstance(advert, Advert):
                yield next(verdicts).as_dict(name)
            else:
                yield {"id": name, "error": advert.as_dict()}


def parsed_line(line: bytes) -> tuple[Any, Advert | AdvertError]:
    """The caller's id and the advert, or what is wrong with it."""
    name = None
    try:
        record = decoded(line)
        name = record.get("id") if isinstance(record, Mapping) else None
        return name, Advert.from_record(record)
    except AdvertError as e:
        return name, e


def decoded(line: bytes) -> object:
    """The value that the line holds. Raises AdvertError where it is too long, not UTF-8 or not JSON."""
    if len(line) > LARGEST_LINE:
        raise AdvertTooLargeError(f"the line has more than {LARGEST_LINE:,} bytes; send the ad alone.")
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as e:
        raise AdvertError(f"byte {e.start} of the line is not UTF-8; write the file as UTF-8.") from e
    except (ValueError, RecursionError) as e:
        raise AdvertError(f'the line is not JSON ({str(e)[:80]}); write one object a line, {{"id", "text"}} or {{"id", "posting"}}.') from e
