"""Cuts a stock into pieces by position alone, so that a run that goes on makes the very shards that an undisturbed one would have made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from serve.backlog.columns import Columns, Record
from serve.backlog.inputs import Input, InputError
from serve.backlog.readers import Row, opened

PIECE_BYTES = 16_000_000
"""A piece ends where its rows reach this, however few they are, so that memory stays bounded."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not judged; without a row, a file that was not read, or no further than what was judged of it."""

    file: str
    row: int | None
    reason: str
    kind: str
    id: str | None = None


@dataclass(frozen=True)
class Piece:
    """Rows that become one shard. name: of the shard; ascends with the position. path: of the file. read: bytes of it behind the last row.

    trouble: why the file could be read no further.
    """

    name: str
    path: str
    rows: Sequence[Row]
    read: int = 0
    trouble: Refusal | None = None


def pieces(source: Input, place: int, columns: Columns, size: int) -> Iterator[Piece]:
    """The pieces of a file, of at most `size` rows each. place: of the file among all. Raises OSError where reading fails for now."""
    number, weight, rows, trouble = 0, 0, list[Row](), None
    try:
        if source.trouble:
            raise InputError(source.trouble)
        with opened(source, columns) as file:
            for row in file.rows:
                rows.append(row)
                weight += weight_of(row.record)
                if len(rows) == size or weight >= PIECE_BYTES:
                    yield Piece(name_of(place, number), source.path, rows, file.read(row.number))
                    number, weight, rows = number + 1, 0, []
    except InputError as e:
        trouble = Refusal(source.path, None, e.message, e.kind)
    if rows or trouble:
        yield Piece(name_of(place, number), source.path, rows, source.size, trouble)


def name_of(place: int, number: int) -> str:
    """The name of a shard: file and piece, so that names sort as rows stand."""
    return f"{place:05d}-{number:07d}"


def weight_of(record: Record) -> int:
    """About how many bytes a row holds."""
    if isinstance(record, bytes):
        return len(record)
    return sum(len(cell) for cell in record.values() if isinstance(cell, str | bytes)) if isinstance(record, Mapping) else 0
