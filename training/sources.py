"""Reads the sources of `sources.yaml` through Hugging Face `datasets` into rows. Bad rows are counted and named."""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from datasets import load_dataset

from model.advert import MAX_CHARACTERS, Advert
from model.errors import LurewatchError
from training.rows import Row

READERS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "json", ".json": "json"}
ENVIRONMENT = "LUREWATCH_DATA"


class SourceError(LurewatchError):
    """A source cannot be read as it is described."""

    kind = "invalid_source"


@dataclass(frozen=True)
class Source:
    """One entry of `sources.yaml`."""

    name: str
    kind: str
    licence: str
    label: Mapping[str, Any]
    language: Mapping[str, str]
    weight: float
    path: str | None = None
    hub: str | None = None
    columns: Mapping[str, str] | None = None
    join: tuple[str, ...] = ()
    group: str | None = None
    employer: str | None = None
    board: str | None = None


@dataclass(frozen=True)
class Read:
    """What was read: rows, refused rows by reason, and a fingerprint (sha256 over ids, labels and texts in order)."""

    source: Source
    rows: tuple[Row, ...]
    refused: Mapping[str, int]
    fingerprint: str


def listed(path: Path | None = None) -> list[Source]:
    """The sources of a list file. Raises SourceError naming the entry that is malformed."""
    text = (path or Path(str(files("training") / "sources.yaml"))).read_text(encoding="utf-8")
    out = []
    for entry in yaml.safe_load(text)["sources"]:
        try:
            out.append(Source(**{**entry, "join": tuple(entry.get("join", ()))}))
        except TypeError as e:
            raise SourceError(f"source {entry.get('name', entry)!r}: {e}. See training/sources.yaml for the keys.") from e
    return out


def data_folder() -> Path | None:
    """The folder of `LUREWATCH_DATA`, if it is set and there."""
    folder = Path(os.environ.get(ENVIRONMENT, "data"))
    return folder if folder.is_dir() else None


def read(source: Source, folder: Path) -> Read:
    """All rows of one source. Raises SourceError where the file or a column is missing."""
    refused: Counter[str] = Counter()
    rows = []
    digest = hashlib.sha256()
    for number, record in enumerate(records(source, folder)):
        try:
            row = row_of(source, record, number)
        except LurewatchError as e:
            refused[e.message.split(";")[0]] += 1
            continue
        rows.append(row)
        digest.update(repr((row.id, row.label, row.advert.parts)).encode("utf-8", "backslashreplace"))
    return Read(source, tuple(rows), dict(refused), digest.hexdigest())


def records(source: Source, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Raw records, from the file where it is there, else from the hub."""
    path = folder / source.path if source.path else None
    with tempfile.TemporaryDirectory() as cache:
        if path and path.is_file():
            table = load_dataset(READERS[path.suffix], data_files=str(path), split="train", cache_dir=cache)
        elif source.hub:
            table = load_dataset(source.hub, split="train")
        else:
            raise SourceError(f"source {source.name!r}: no file {path}. Set {ENVIRONMENT} to the folder that holds it.", source.name)
        wanted = {*source.join, *(source.columns or {}).values(), *(c for c in (source.group, source.employer, source.board) if c)}
        missing = sorted(wanted - set(table.column_names))
        if missing:
            raise SourceError(f"source {source.name!r} has no column {missing[0]!r}; it has {', '.join(table.column_names)}.", source.name)
        yield from table


def row_of(source: Source, record: Mapping[str, Any], number: int) -> Row:
    """One record as a row. Raises AdvertError or SourceError."""
    label = source.label.get("value", record.get(source.label.get("column", "")))
    if label not in (0, 1):
        raise SourceError("label is neither 0 nor 1", source.name)
    name = f"{source.name}:{record.get('id', number)}"
    return Row(
        id=name,
        advert=advert_of(source, record),
        label=int(label),
        group=group_of(source, record, name),
        source=source.name,
        board=str(record.get(source.board or "") or source.name),
        employer=str(record.get(source.employer or "") or ""),
        language=str(source.language.get("value") or record.get(source.language.get("column", "")) or "und"),
    )


def group_of(source: Source, record: Mapping[str, Any], name: str) -> str:
    """Near-duplicates share a group."""
    return f"{source.name}:{record[source.group]}" if source.group and record.get(source.group) else name


def advert_of(source: Source, record: Mapping[str, Any]) -> Advert:
    """The advert of a record: its fields, or their joined text. Longer texts are cut at the limit, as a caller would have to."""
    if source.join:
        texts = [str(record[c]) for c in source.join if record.get(c)]
        return Advert.from_text("\n".join(texts)[:MAX_CHARACTERS])
    columns = source.columns or {}
    return Advert.from_posting({ours: str(record[theirs]) for ours, theirs in columns.items() if record.get(theirs)})
