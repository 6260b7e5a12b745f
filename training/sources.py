"""Reads sources (those of `sources.yaml`, and a caller's own) into typed rows. Rows that cannot be used are named with row and column."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from model.advert import MAX_CHARACTERS, Advert
from model.errors import LurewatchError
from training.files import Fault, Record, SourceError, hub_records, records_of, told
from training.rows import Row

ENVIRONMENT = "LUREWATCH_DATA"
KINDS = ("annotated", "honest", "stress", "feedback")
LABELS = {"0": 0, "0.0": 0, "false": 0, "f": 0, "honest": 0, "1": 1, "1.0": 1, "true": 1, "t": 1, "lure": 1}
"""How a label may be written, in any case."""
SPLITS = {"train": "train", "training": "train", "validation": "train", "valid": "train", "dev": "train", "test": "test"}
"""How a caller's own split may be written; rows for validation are learnt from, because folds validate."""
MOST_REFUSED = 0.1
"""Share of a caller's rows that may be left out."""
LONGEST_KEPT = 80
"""Characters of a cell that the audit looks at."""


@dataclass(frozen=True)
class Source:
    """One entry of `sources.yaml` or of `[[sources]]` in a configuration; see docs/retraining.md for the keys."""

    name: str
    kind: str
    label: Mapping[str, Any]
    language: Mapping[str, str]
    licence: str = ""
    weight: float = 1.0
    path: str | None = None
    hub: str | None = None
    columns: Mapping[str, str] | None = None
    join: tuple[str, ...] = ()
    id: str = "id"
    group: str | None = None
    employer: str | None = None
    board: str | None = None
    split: str | None = None

    @cached_property
    def texts(self) -> frozenset[str]:
        """The columns that are read as the advert."""
        return frozenset((*self.join, *(self.columns or {}).values()))

    @cached_property
    def named(self) -> frozenset[str]:
        """All columns that the entry names."""
        columns = (self.group, self.employer, self.board, self.split, self.label.get("column"), self.language.get("column"))
        return self.texts | {column for column in columns if column}


@dataclass(frozen=True)
class Read:
    """What was read: rows, rows left out, and a fingerprint (sha256 over ids, labels and texts in order).

    columns: of an annotated source, what every row has in the columns that are not read as text, cut short; for the audit.
    """

    source: Source
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    fingerprint: str
    columns: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def refused(self) -> dict[str, int]:
        """Rows left out, by reason."""
        return dict(Counter(fault.reason.split(";")[0] for fault in self.faults))


def listed(path: Path | None = None) -> list[Source]:
    """The sources of a list file. Raises SourceError naming the entry that is malformed."""
    text = (path or Path(str(files("training") / "sources.yaml"))).read_text(encoding="utf-8")
    return [source_of(entry) for entry in yaml.safe_load(text)["sources"]]


def source_of(entry: Mapping[str, Any]) -> Source:
    """One entry. Raises SourceError naming the key that is missing, unknown or wrong."""
    name = entry.get("name", entry)
    unknown = sorted(set(entry) - {f.name for f in fields(Source)})
    if unknown:
        raise SourceError(f"source {name!r} has an unknown key {unknown[0]!r}; docs/retraining.md lists the keys.", str(name))
    try:
        source = Source(**{**entry, "join": tuple(entry.get("join", ()))})
    except TypeError as e:
        raise SourceError(f"source {name!r}: {e}; docs/retraining.md lists the keys.", str(name)) from e
    if source.kind not in KINDS:
        raise SourceError(f"source {name!r} has kind {source.kind!r}; known are {', '.join(KINDS)}.", str(name))
    return source


def data_folder() -> Path | None:
    """The folder of `LUREWATCH_DATA`, if it is set and there."""
    folder = Path(os.environ.get(ENVIRONMENT, "data"))
    return folder if folder.is_dir() else None


def read(source: Source, folder: Path) -> Read:
    """All rows of one source. Raises SourceError where the file or a column is missing, or an id stands twice."""
    rows: list[Row] = []
    faults: list[Fault] = []
    columns: dict[str, list[str]] = {}
    ids: dict[str, int] = {}
    seen: dict[str, None] = {}
    digest = hashlib.sha256()
    for number, record in enumerate(records(source, folder)):
        seen.update(dict.fromkeys(record))
        check_id(source, record, number, ids)
        try:
            row = row_of(source, record, number)
        except LurewatchError as e:
            faults.append(Fault(number + 1, column_of(source, e), e.message))
            continue
        rows.append(row)
        digest.update(repr((row.id, row.label, row.advert.parts)).encode("utf-8", "backslashreplace"))
        if source.kind == "annotated":
            keep(columns, record, source, len(rows))
    check_columns(source, seen)
    return Read(source, tuple(rows), tuple(faults), digest.hexdigest(), columns)


def keep(columns: dict[str, list[str]], record: Record, source: Source, rows: int) -> None:
    """Note what the row has beside its text and its label."""
    for name in record.keys() | columns.keys():
        if name not in source.texts and name != source.label.get("column"):
            cells = columns.setdefault(name, [""] * (rows - 1))
            value = record.get(name)
            cells.append("" if value is None else str(value)[:LONGEST_KEPT])


def check_id(source: Source, record: Record, number: int, ids: dict[str, int]) -> None:
    """Every id once. Raises SourceError."""
    value = record.get(source.id)
    if value in (None, ""):
        return
    first = ids.setdefault(str(value), number)
    if first != number:
        raise SourceError(
            f"source {source.name!r}: id {told(value)} stands in rows {first + 1} and {number + 1}, column {source.id!r}. Give every "
            "row its own; if rows were copied to balance the classes, train on the file as it was before.",
            source.name,
        )


def check_columns(source: Source, seen: Mapping[str, None]) -> None:
    """The source has rows and all columns that its entry names. Raises SourceError."""
    if not seen:
        raise SourceError(f"source {source.name!r} has no rows.", source.name)
    missing = sorted(source.named - set(seen))
    if missing:
        raise SourceError(f"source {source.name!r} has no column {missing[0]!r}; it has {', '.join(seen)}.", source.name)


def check_share(read: Read) -> None:
    """Few rows are left out; otherwise a column is probably not what the entry says. Raises SourceError with the first ones."""
    rows = len(read.rows) + len(read.faults)
    if len(read.faults) > MOST_REFUSED * rows:
        first = "; ".join(f"row {f.row}, column {f.column}: {f.reason}" for f in read.faults[:3])
        raise SourceError(
            f"source {read.source.name!r}: {len(read.faults):,} of {rows:,} rows cannot be used. {first}. Are the columns the right ones?",
            read.source.name,
        )


def records(source: Source, folder: Path) -> Iterator[Record]:
    """Raw records, from the file where it is there, else from the hub. Raises SourceError."""
    path = folder / source.path if source.path else None
    if path and path.is_file():
        return records_of(path)
    if source.hub:
        return hub_records(source.hub)
    raise SourceError(f"source {source.name!r}: no file {path}. Set {ENVIRONMENT} to the folder that holds it.", source.name)


def row_of(source: Source, record: Record, number: int) -> Row:
    """One record as a row. Raises LurewatchError whose `field` is the column, or our field for it."""
    label = source.label["value"] if "value" in source.label else label_of(record, source.label.get("column", ""))
    own = record.get(source.id)
    name = f"{source.name}:{number if own in (None, '') else own}"
    return Row(
        id=name,
        advert=advert_of(source, record),
        label=label,
        group=group_of(source, record, name),
        source=source.name,
        board=str(record.get(source.board or "") or source.name),
        employer=str(record.get(source.employer or "") or ""),
        language=str(source.language.get("value") or record.get(source.language.get("column", "")) or "und"),
        split=split_of(record, source.split) if source.split else "",
    )


def label_of(record: Record, column: str) -> int:
    """0 or 1. Raises SourceError."""
    label = LABELS.get(str(record.get(column)).strip().lower())
    if label is None:
        raise SourceError(f"label is neither 0 nor 1; found {told(record.get(column))}", column)
    return label


def split_of(record: Record, column: str) -> str:
    """`train` or `test`. Raises SourceError."""
    split = SPLITS.get(str(record.get(column)).strip().lower())
    if split is None:
        raise SourceError(f"split is none of {', '.join(SPLITS)}; found {told(record.get(column))}", column)
    return split


def column_of(source: Source, error: LurewatchError) -> str:
    """The file's name of what an error speaks of."""
    named = (source.columns or {}).get(error.field or "", error.field or "")
    return ", ".join(source.join) if named == "text" and source.join else named


def group_of(source: Source, record: Record, name: str) -> str:
    """Near-duplicates share a group."""
    return f"{source.name}:{record[source.group]}" if source.group and record.get(source.group) else name


def advert_of(source: Source, record: Record) -> Advert:
    """The advert of a record: its fields, or their joined text, cut at the limit as a caller would have to. Raises LurewatchError."""
    for column in source.texts:
        if len(str(record.get(column) or "")) > MAX_CHARACTERS:
            size = len(str(record[column]))
            raise SourceError(f"a cell is longer than {MAX_CHARACTERS:,} characters; found {size:,}: a page, not an ad", column)
    if source.join:
        texts = [str(record[c]) for c in source.join if record.get(c)]
        return Advert.from_text("\n".join(texts)[:MAX_CHARACTERS])
    columns = source.columns or {}
    return Advert.from_posting({ours: str(record[theirs]) for ours, theirs in columns.items() if record.get(theirs)})
