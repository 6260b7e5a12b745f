"""Rows of a file, one after the other and in bounded memory, whatever its size."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from model.commands import bounded_lines
from model.errors import AdvertError, AdvertTooLargeError, OptionError
from model.jsonlines import LARGEST_LINE
from serve.backlog.columns import ID, Columns, Record
from serve.backlog.inputs import Input, InputError

ROWS, BUFFER = 512, 1 << 20
"""Rows that are taken from a Parquet file at once; bytes of a column that are read ahead."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
END = "\0end of file\0"
"""A row of our own after the last one of a CSV file; where it is swallowed, the file ended inside a quoted cell."""
ARROW_FILE = b"ARROW1"


class Row(NamedTuple):
    """number: from 1 in its file; the line in JSON lines, the record below the header in CSV."""

    number: int
    record: Record


@dataclass(frozen=True)
class Opened:
    """A file being read. rows: in order. read: bytes of the file behind the row of that number."""

    rows: Iterator[Row]
    read: Callable[[int], int]


@contextmanager
def opened(source: Input, columns: Columns) -> Iterator[Opened]:
    """The rows of a file. Raises InputError, also while they are read, where it ends early, is damaged or its columns do not fit."""
    try:
        with source.open() as raw:
            yield opened_as(source, columns, raw)
    except OptionError as e:
        raise InputError(e.message) from e
    except (EOFError, zlib.error, pa.ArrowException) as e:
        raise InputError(f"it ends early or is damaged ({reason(e)}).") from e
    except OSError as e:
        if e.errno is None or isinstance(e, gzip.BadGzipFile):
            raise InputError(f"it ends early or is damaged ({reason(e)}).") from e
        raise


def opened_as(source: Input, columns: Columns, raw: BinaryIO) -> Opened:
    """The rows of an open file, by its kind. Raises as `opened`."""
    stream = unpacked(raw, source.packed)
    if source.kind == "parquet":
        file = pq.ParquetFile(stream, buffer_size=BUFFER)
        names = checked(file.schema_arrow, columns)
        batches: Iterable[pa.RecordBatch] = parquet_batches(file, sorted(set(names.values())))
        return Opened(batch_rows(batches, names), lambda done: source.size * done // max(1, file.metadata.num_rows))
    if source.kind == "arrow":
        schema, batches = arrow_batches(stream)
        return Opened(batch_rows(batches, checked(schema, columns)), lambda _: raw.tell())
    rows = json_rows(stream) if source.kind == "jsonl" else csv_rows(stream, columns, "\t" if source.kind == "tsv" else ",")
    return Opened(rows, lambda _: raw.tell())


def unpacked(raw: BinaryIO, packed: str | None) -> BinaryIO:
    """The bytes of a compressed file."""
    if packed == "gzip":
        return gzip.open(raw)  # type: ignore[return-value]  # a GzipFile reads like a binary file
    if packed == "zstd":
        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"), BUFFER)
    return raw


def reason(e: Exception) -> str:
    """The first line of what a library says."""
    return (str(e).splitlines() or [type(e).__name__])[0][:120]


def json_rows(stream: BinaryIO) -> Iterator[Row]:
    """Lines that are not blank. Raises InputError where the file is UTF-16."""
    for number, line in enumerate(bounded_lines(stream), 1):
        if number == 1 and line.startswith(WIDE):
            raise InputError("it is UTF-16; save it as UTF-8.")
        if line.strip():
            yield Row(number, line)


def csv_rows(stream: BinaryIO, columns: Columns, delimiter: str) -> Iterator[Row]:
    """Records below the header. Raises InputError where it is UTF-16, has no header or its columns do not fit."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    lines = iter(lambda: text.readline(LARGEST_LINE), "")
    csv.field_size_limit(LARGEST_LINE)
    records = csv.reader(chain(lines, ["\n", END]), delimiter=delimiter)
    header = next(records, [])
    if header and header[0].encode("utf-8", "surrogateescape").startswith(WIDE):
        raise InputError("it is UTF-16; save it as UTF-8.")
    place = {field: header.index(column) for field, column in columns.among(header).items()}
    number, before = 0, None
    for record in parsed(records):
        if before is not None:
            number += 1
            yield Row(number, csv_record(before, place, len(header)))
        if record == [END]:
            return
        before = record
    raise InputError("it ends inside a quoted cell.")


def parsed(records: Iterator[list[str]]) -> Iterator[list[str] | AdvertError]:
    """Records that are not blank; one that cannot be taken apart is answered with its error."""
    while True:
        try:
            record = next(records, None)
        except csv.Error as e:
            yield AdvertTooLargeError(f"the row cannot be taken apart ({e}); a quote may be left open.")
            continue
        if record is None:
            return
        if record:
            yield record


def csv_record(record: list[str] | AdvertError, place: dict[str, int], width: int) -> Record:
    """Cells by field; empty ones are not provided."""
    if isinstance(record, AdvertError):
        return record
    if len(record) != width:
        return AdvertError(f"the row has {len(record)} cells, the header {width}; quote cells that hold a delimiter or a line break.")
    cells = {field: record[k] or None for field, k in place.items()}
    for field, cell in cells.items():
        if cell and not cell.isascii() and any("\udc80" <= c <= "\udcff" for c in cell):
            return AdvertError(f"{field} is not UTF-8; write the file as UTF-8.", field)
    return cells


def checked(schema: pa.Schema, columns: Columns) -> dict[str, str]:
    """Column by field. Raises OptionError where one is missing, InputError where one is no text."""
    names = columns.among(schema.names)
    for field, column in names.items():
        kind = schema.field(column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (textual(kind) or (field == ID and pa.types.is_integer(kind))):
            raise InputError(f"column {column!r} holds {kind}, text is expected; map another one with --column or convert it.")
    return names


def textual(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind))


def parquet_batches(file: pq.ParquetFile, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Batches of one row group after the other: asked for all at once, Arrow keeps what it read of every one."""
    for group in range(file.num_row_groups):
        yield from file.iter_batches(ROWS, row_groups=[group], columns=columns, use_threads=False)


def arrow_batches(stream: BinaryIO) -> tuple[pa.Schema, Iterable[pa.RecordBatch]]:
    """The batches of an Arrow file, in the stream format (as `datasets` saves them) or the file format."""
    magic = stream.read(len(ARROW_FILE))
    stream.seek(0)
    if magic == ARROW_FILE:
        file = pa.ipc.open_file(stream)
        return file.schema, (file.get_batch(i) for i in range(file.num_record_batches))
    batches = pa.ipc.open_stream(stream)
    return batches.schema, batches


def batch_rows(batches: Iterable[pa.RecordBatch], names: dict[str, str]) -> Iterator[Row]:
    """Rows of Arrow batches, text as bytes, so that one cell that is not UTF-8 harms no other."""
    number = 0
    for batch in batches:
        cells = [values_of(batch.column(column)) for column in names.values()]
        for row in zip(*cells, strict=True):
            number += 1
            yield Row(number, dict(zip(names, row, strict=True)))


def values_of(column: pa.Array) -> list[object]:
    """The values of a column."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        return list(column.to_pylist())
    return list((column.dictionary_decode() if kind is not column.type else column).cast(pa.large_binary()).to_pylist())
