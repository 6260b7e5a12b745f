"""Verdicts as rows: nested columns of Parquet, or lines of JSON; the same rows give the same bytes.

A row holds what is particular to its ad and adds up: `log_odds = baseline + sum of spans + sum of other`. What is the same for every ad of
a lure (titles, reasons, sources, advice) is told by `lurewatch lures`.
"""

import io
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, islice
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from model.verdict import Span, Verdict

PARQUET, JSONL = "parquet", "jsonl"
FORMATS = (PARQUET, JSONL)
CHUNK = 512
"""Verdicts that are held at once before they are laid out in columns."""
TEXT, SHARE = pa.string(), pa.float64()
LURES = {"lure": TEXT, "contribution": SHARE, "spans": pa.list_(pa.int32())}
SPANS = {"field": TEXT, "start": pa.int32(), "end": pa.int32(), "text": TEXT, "lure": TEXT, "cue": TEXT, "contribution": SHARE}
TYPES, OTHER = {"lure_type": TEXT, "probability": SHARE}, {"cue": TEXT, "contribution": SHARE}
GROUP = {"id": pa.int64(), "ads": pa.int64(), "places": pa.int64(), "companies": pa.int64()}


class Judged(NamedTuple):
    """A verdict, and the row of the file that it is about."""

    file: str
    row: int
    id: str | None
    verdict: Verdict


def encoded(judged: Iterable[Judged], form: str) -> tuple[bytes, dict[str, int]]:
    """The bytes of a shard, and how many of its verdicts have each level. form: of FORMATS."""
    levels: dict[str, int] = {}
    parts: list[Any] = []
    judged = iter(judged)
    while chunk := list(islice(judged, CHUNK)):
        for one in chunk:
            levels[one.verdict.level] = levels.get(one.verdict.level, 0) + 1
        parts.append(columns(chunk) if form == PARQUET else lines(map(as_row, chunk)))
    return (as_parquet(pa.Table.from_batches(parts or [columns([])])) if form == PARQUET else b"".join(parts)), dict(sorted(levels.items()))


def as_parquet(table: pa.Table) -> bytes:
    """A table as one Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as lines of JSON."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def as_row(one: Judged) -> dict[str, Any]:
    """A row of JSON."""
    v = one.verdict
    return {
        "file": one.file,
        "row": one.row,
        "id": one.id and written(one.id),
        "level": v.level,
        "probability": v.probability,
        "log_odds": v.log_odds,
        "language": v.language,
        "lure_types": [dict(zip(TYPES, pair, strict=True)) for pair in v.lure_types],
        "lures": [{"lure": reason.lure, "contribution": reason.contribution, "spans": reason.spans} for reason in v.lures],
        "spans": [span._replace(text=written(span.text))._asdict() for span in v.spans],
        "baseline": v.baseline,
        "other": [other._asdict() for other in v.other],
        "unchecked": v.limits["unchecked"],
        "model": v.model["sha256"],
        "tier": v.model["tier"],
    }


def columns(chunk: Sequence[Judged]) -> pa.RecordBatch:
    """The same rows as columns."""
    verdicts = [one.verdict for one in chunk]
    spans = [written_span(span) for v in verdicts for span in v.spans]
    reasons = [(reason.lure, reason.contribution, reason.spans) for v in verdicts for reason in v.lures]
    return pa.record_batch(
        {
            "file": pa.array([one.file for one in chunk], TEXT),
            "row": pa.array([one.row for one in chunk], pa.int64()),
            "id": pa.array([one.id and written(one.id) for one in chunk], TEXT),
            "level": pa.array([v.level for v in verdicts], TEXT),
            "probability": pa.array([v.probability for v in verdicts], SHARE),
            "log_odds": pa.array([v.log_odds for v in verdicts], SHARE),
            "language": pa.array([v.language for v in verdicts], TEXT),
            "lure_types": nested((v.lure_types for v in verdicts), list(chain.from_iterable(v.lure_types for v in verdicts)), TYPES),
            "lures": nested((v.lures for v in verdicts), reasons, LURES),
            "spans": nested((v.spans for v in verdicts), spans, SPANS),
            "baseline": pa.array([v.baseline for v in verdicts], SHARE),
            "other": nested((v.other for v in verdicts), list(chain.from_iterable(v.other for v in verdicts)), OTHER),
            "unchecked": pa.array([v.limits["unchecked"] for v in verdicts], pa.list_(TEXT)),
            "model": pa.array([v.model["sha256"] for v in verdicts], TEXT),
            "tier": pa.array([v.model["tier"] for v in verdicts], TEXT),
        }
    )


def nested(lists: Iterable[Sequence[Any]], rows: Sequence[Sequence[Any]], kinds: dict[str, pa.DataType]) -> pa.Array:
    """A column of lists of structs. lists: for their lengths. rows: of all lists, one after the other."""
    offsets = pa.array([0, *accumulate(map(len, lists))], pa.int32())
    cells: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(kinds)
    children = [pa.array(cell, kind) for cell, kind in zip(cells, kinds.values(), strict=True)]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(children, list(kinds)))


def written_span(span: Span) -> Span:
    """A span whose text can be written."""
    return span if span.text.isascii() else span._replace(text=written(span.text))


def written(text: str) -> str:
    """A text as UTF-8 can hold it: a lone surrogate becomes a question mark, so that lengths stay."""
    return text.encode("utf-8", "replace").decode("utf-8")


def with_groups(data: bytes, groups: Sequence[dict[str, int] | None], form: str) -> bytes:
    """The bytes of a shard with the group of each row added, None where an ad stands alone."""
    if form == PARQUET:
        column = pa.array(groups, pa.struct(list(GROUP.items())))
        return as_parquet(pq.read_table(io.BytesIO(data)).append_column("group", column))
    return lines({**orjson.loads(line), "group": group} for line, group in zip(data.splitlines(), groups, strict=True))
