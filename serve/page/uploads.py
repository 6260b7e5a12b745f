"""A file or a pasted text as the ads that it holds: plain text, CSV, JSON (JobPosting too) and HTML."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from serve.page.markup import text_of_html
from serve.page.mistakes import ReaderError

COLUMNS = ("text", "ad", "advert", "posting", "description", "message", "content", "body")
"""Names of a column that holds ads, the first found counts."""
FIELDS = ("title", "hiringOrganization", "company", "jobLocation", "location", "baseSalary", "salary", *COLUMNS)
"""Keys of a JSON object whose texts make an ad."""
PARTED = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
SEPARATORS = ",;\t|"
MOST_CONTROLS = 0.02
DEEPEST = 40


def decoded(body: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark. Raises ReaderError where it is no text or another encoding."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in body[:4096] or body[:4] in (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8") or body[:3] == b"\xff\xd8\xff":
        raise ReaderError("binary")
    else:
        encoding = "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as e:
        raise ReaderError("encoding") from e
    if sum(c < " " and c not in "\n\r\t\f" for c in text[:4096]) > MOST_CONTROLS * min(len(text), 4096):
        raise ReaderError("binary")
    return text


def ads_of_file(name: str, body: bytes, many: bool = False) -> list[str]:
    """Ads of a file, by the end of its name; an empty string stands for a row without an ad. Raises ReaderError.

    many: whether a plain text may hold more than one.
    """
    text, ending = decoded(body), name.rpartition(".")[2].lower()
    if ending in ("csv", "tsv"):
        return ads_of_table(text)
    if ending == "json":
        return ads_of_json(text)
    if ending in ("jsonl", "ndjson"):
        return [ad for line in text.splitlines() if line.strip() for ad in ads_of_json(line)]
    if ending in ("html", "htm", "xhtml"):
        return [text_of_html(text)]
    return ads_of_paste(text) if many else [text]


def ads_of_paste(text: str) -> list[str]:
    """Ads of a pasted text: a table with a head that we know, else parted by lines of `---`, else by empty lines."""
    head = text.lstrip().partition("\n")[0]
    if column_of(head) is not None and any(sign in head for sign in SEPARATORS):
        return ads_of_table(text.lstrip())
    parts = PARTED.split(text) if PARTED.search(text) else re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    return [part.strip() for part in parts if part.strip()]


def ads_of_table(text: str) -> list[str]:
    """One ad a row, empty where the row has none. Raises ReaderError where no column holds ads."""
    head = text.lstrip("\n\r").partition("\n")[0]
    at = column_of(head)
    if at is None:
        raise ReaderError("column")
    rows = csv.reader(io.StringIO(text.lstrip("\n\r"), newline=""), delimiter=separator_of(head))
    return [row[at].strip() if len(row) > at else "" for row in list(readable(rows))[1:]]


def readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows without those that are blank; a row that cannot be read is one without an ad."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = [""]
        if row:
            yield row


def separator_of(head: str) -> str:
    """The sign that parts the columns: the one that the head has most of."""
    return max(SEPARATORS, key=head.count)


def column_of(head: str) -> int | None:
    """Which column holds the ads, by its name in the head."""
    names = [name.strip().strip('"').strip().lower() for name in head.strip().split(separator_of(head))]
    return next((names.index(known) for known in COLUMNS if known in names), None)


def ads_of_json(text: str) -> list[str]:
    """Ads of a JSON document: a string, an object, or a list of them. Raises ReaderError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise ReaderError("json") from e
    ads = [ad_of(entry) for entry in (data if isinstance(data, list) else [data])]
    if not any(ads):
        raise ReaderError("json")
    return ads


def ad_of(entry: Any) -> str:
    """The texts of one entry, a line each; empty where it holds none."""
    if isinstance(entry, str):
        return text_of_html(entry) if "</" in entry else entry.strip()
    if not isinstance(entry, Mapping):
        return ""
    inner = entry.get("posting")
    fields = inner if isinstance(inner, Mapping) else entry
    return "\n".join(line for key in FIELDS for line in leaves(fields.get(key)))


def leaves(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of a value, in order; names of types, keys and numbers alone are no text."""
    if isinstance(value, str) and value.strip():
        yield text_of_html(value) if "<" in value else value.strip()
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for key, inner in value.items():
            if not str(key).startswith("@"):
                yield from leaves(inner, depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for inner in value:
            yield from leaves(inner, depth + 1)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
