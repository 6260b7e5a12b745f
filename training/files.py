"""Raw records of a file or of a data set on the Hugging Face hub. What cannot be read is named with its row."""

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets import load_dataset
from datasets.exceptions import DatasetGenerationError, DatasetNotFoundError

from model.errors import LurewatchError

Record = Mapping[str, Any]
LARGEST_CELL = 64 * 1024 * 1024
LONGEST_TOLD = 24
SUFFIXES = (".parquet", ".csv", ".jsonl", ".json")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class SourceError(LurewatchError):
    """A source cannot be read as it is described."""

    kind = "invalid_source"


@dataclass(frozen=True)
class Fault:
    """Why a row is left out. row: counted from 1, the head of a CSV file not counted. column: empty where the whole row is meant."""

    row: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """As a line of `refused.jsonl`."""
        return {"row": self.row, "column": self.column, "reason": self.reason}


def told(value: object) -> str:
    """A cell as an error may show it: whole where it is short, else its length, since a long one may be an ad."""
    text = str(value)
    return repr(value) if len(text) <= LONGEST_TOLD else f"a text of {len(text):,} characters"


def records_of(path: Path) -> Iterator[Record]:
    """The records of a file, by its suffix. Raises SourceError naming the row or line that cannot be read."""
    if path.suffix not in SUFFIXES or not path.is_file():
        raise SourceError(
            f"cannot read {path}; give a file ending in {', '.join(SUFFIXES)}, or the id of a data set on the hub.", path.name
        )
    if not path.stat().st_size:
        raise SourceError(f"{path} is empty; give a file with rows.", path.name)
    if path.suffix == ".csv":
        yield from csv_records(path)
    elif path.suffix == ".jsonl":
        yield from json_records(path)
    else:
        yield from data_set("parquet" if path.suffix == ".parquet" else "json", path.name, data_files=str(path))


def hub_records(name: str) -> Iterator[Record]:
    """The records of the split `train` of a data set on the hub. Raises SourceError where it cannot be had."""
    yield from data_set(name, name)


def data_set(builder: str, shown: str, **options: str) -> Iterator[Record]:
    """Through `datasets`, in a cache that is thrown away where a file is read."""
    with tempfile.TemporaryDirectory() as cache:
        try:
            yield from load_dataset(builder, split="train", **options, **({"cache_dir": cache} if options else {}))
        except (DatasetGenerationError, DatasetNotFoundError, OSError, ValueError) as e:
            raise SourceError(f"{shown} cannot be read: {str(e.__cause__ or e).splitlines()[0][:200]}.", shown) from e


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a text file. Raises SourceError with the line and the byte that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1 and line.startswith(UTF16):
                raise SourceError(f"{path.name} is UTF-16; save it as UTF-8.", path.name)
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as e:
                raise SourceError(
                    f"{path.name}, line {number}: byte {e.start + 1} (0x{line[e.start]:02x}) is not UTF-8, other lines are; the file "
                    "mixes encodings or has another one. Save all of it as UTF-8.",
                    path.name,
                ) from e


def csv_records(path: Path) -> Iterator[Record]:
    """Every row as text by column. Raises SourceError where a row has more or fewer cells than the head."""
    limit = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(lines_of(path), strict=True)
        head = next(reader, [])
        twice = sorted({name for name in head if head.count(name) > 1})
        if twice:
            raise SourceError(f"{path.name} has two columns {twice[0]!r}; give each its own name.", path.name)
        for number, cells in enumerate(reader, 1):
            if cells and len(cells) != len(head):
                raise SourceError(
                    f"{path.name}, row {number} (ends on line {reader.line_num}): {len(cells)} cells, the head has {len(head)}; "
                    "is a quotation mark or a comma unescaped?",
                    path.name,
                )
            if cells:
                yield dict(zip(head, cells, strict=True))
    except csv.Error as e:
        raise SourceError(f"{path.name}, line {reader.line_num}: {e}; is a quotation mark left open?", path.name) from e
    finally:
        csv.field_size_limit(limit)


def json_records(path: Path) -> Iterator[Record]:
    """Every line an object; columns that a line lacks are None. Raises SourceError."""
    columns: dict[str, None] = {}
    for number, line in enumerate(lines_of(path), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as e:
            raise SourceError(f"{path.name}, line {number}: no JSON ({e}).", path.name) from e
        if not isinstance(record, dict):
            raise SourceError(f"{path.name}, line {number}: expected an object, found {type(record).__name__}.", path.name)
        columns.update(dict.fromkeys(record))
        yield {**dict.fromkeys(columns), **record}
