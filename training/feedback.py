"""Moderators' verdicts, as `lurewatch feedback export` writes them, as one more source: one row an ad, trusted the more of them agree."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from model.advert import FIELDS, Advert
from model.errors import LurewatchError
from model.lures import LURE_TYPES
from training.contradictions import Contradiction, disagreeing
from training.files import Fault, Record, SourceError, records_of, told
from training.fingerprints import fingerprint
from training.rows import Row
from training.sources import Read, Source, label_of

TIMES = ("written_at", "created_at")


@dataclass(frozen=True)
class Verdict:
    """One line of the export: a row, which ad it is of, who says so (empty where the export leaves reviewers out)."""

    row: Row
    advert: str
    reviewer: str


@dataclass(frozen=True)
class Feedback:
    """Rows to learn from, what was contradicted, and in figures how far moderators agree."""

    read: Read
    contradictions: tuple[Contradiction, ...]
    agreement: dict[str, Any]


def read(source: Source, path: Path) -> Feedback:
    """All verdicts of an export. Lines without the ad (no consent) cannot be learnt from; they are counted. Raises SourceError."""
    verdicts: list[Verdict] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, record in enumerate(records_of(path), 1):
        name = str(record.get("id") or record.get("feedback_id") or number)
        if name in seen:
            raise SourceError(f"source {source.name!r}: id {told(name)} stands twice, again in row {number}; export it anew.", source.name)
        seen.add(name)
        try:
            verdicts.append(verdict_of(source, record, name))
        except LurewatchError as e:
            faults.append(Fault(number, e.field or "", e.message))
    if not verdicts:
        raise SourceError(
            f"source {source.name!r}: no line of {path.name} holds a label and the ad; only ads with consent are kept.", source.name
        )
    return summed(source, verdicts, faults)


def verdict_of(source: Source, record: Record, name: str) -> Verdict:
    """One line. Raises LurewatchError whose `field` is the column."""
    kind = str(record.get("lure_type") or "")
    if kind and kind not in LURE_TYPES:
        raise SourceError(f"unknown lure_type; found {told(kind)}, known are {', '.join(LURE_TYPES)}", "lure_type")
    board = str(record.get("board") or source.name)
    advert = advert_of(record)
    row = Row(
        id=f"{source.name}:{name}",
        advert=advert,
        label=label_of(record, "label"),
        group=f"{source.name}:{name}",
        source=source.name,
        board=board,
        language=str(record.get("language") or "und"),
        lure_type=kind,
        written_at=time_of(record),
    )
    text = fingerprint(advert)
    return Verdict(row, str(text) if text else f"{board}\0{record.get('ad_id') or name}", str(record.get("reviewer") or ""))


def advert_of(record: Record) -> Advert:
    """The ad of a line: `text`, `posting`, or its fields beside the label. Raises AdvertError, or SourceError where nothing was kept."""
    if record.get("text") or record.get("posting"):
        return Advert.from_record({name: record[name] for name in ("text", "posting") if record.get(name)})
    fields = {name: record[name] for name in FIELDS if record.get(name)}
    if not fields:
        raise SourceError("the ad was not kept; nobody consented", "text")
    return Advert.from_text(fields["description"]) if list(fields) == ["description"] else Advert.from_posting(fields)


def time_of(record: Record) -> int:
    """When the verdict was given, seconds since 1970; from seconds or from ISO 8601. Raises SourceError."""
    time: Any = next((record[name] for name in TIMES if record.get(name)), 0)
    try:
        return int(time) if str(time).isdigit() else int(datetime.fromisoformat(str(time)).timestamp())
    except ValueError as e:
        raise SourceError(f"no time; found {told(time)}, expected seconds since 1970 or ISO 8601", TIMES[0]) from e


def summed(source: Source, verdicts: Sequence[Verdict], faults: Sequence[Fault]) -> Feedback:
    """One row an ad, at the time of its latest verdict. Ads on which moderators disagree are left out."""
    by_advert: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_advert[verdict.advert].append(verdict)
    latest = [last_words(ad) for ad in by_advert.values()]
    contradictions = disagreeing(([v.row for v in ad] for ad in latest), "moderators disagree")
    out = {row.id for c in contradictions for row in c.rows}
    rows = tuple(row_of(ad) for ad in latest if ad[0].row.id not in out)
    digest = hashlib.sha256(repr([(row.id, row.label, row.quality, row.advert.parts) for row in rows]).encode("utf-8", "backslashreplace"))
    agreement = {
        "verdicts": len(verdicts),
        "ads": len(latest),
        "judged_more_than_once": sum(len(ad) > 1 for ad in latest),
        "contradicted": len(contradictions),
        "first": min((v.row.written_at for v in verdicts if v.row.written_at), default=0),
        "last": max(v.row.written_at for v in verdicts),
    }
    return Feedback(Read(source, rows, tuple(faults), digest.hexdigest()), tuple(contradictions), agreement)


def last_words(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """A reviewer's latest verdict counts, earlier ones do not. Where reviewers are left out every line is one reviewer's."""
    latest = {}
    for verdict in sorted(verdicts, key=lambda v: (v.row.written_at, v.row.id)):
        latest[verdict.reviewer or verdict.row.id] = verdict
    return list(latest.values())


def row_of(ad: Sequence[Verdict]) -> Row:
    """The latest row; its label is trusted by Laplace's rule of succession: (n + 1) / (n + 2) where n agree."""
    return replace(ad[-1].row, quality=(len(ad) + 1) / (len(ad) + 2))
