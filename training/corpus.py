"""Reads and checks the written corpus, `seeds/corpus/*.jsonl`: our own ads, each scam with its honest twin, and texts that are no ads."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from model.advert import Advert
from model.errors import LurewatchError, SeedError
from model.lures import LURE_TYPES, LURES
from training.rows import Row, Underline

FORMATS = frozenset(["telegram", "facebook", "whatsapp", "sms", "chat", "email", "posting", "classified", "title"])
NO_ADS = frozenset(["news", "warning", "story", "advice", "forum", "research", "comment"])
DIFFICULTIES = frozenset(("plain", "subtle", "obfuscated"))
KEYS = frozenset(["id", "pair", "text", "posting", "lang", "country", "format", "label", "lure_type", "difficulty", "spans"])


def folder() -> Path:
    """Where the corpus lies."""
    return Path(str(files("seeds") / "corpus"))


def read(path: Path | None = None) -> list[Row]:
    """All rows, by file and line. Raises SeedError with file, line and what to do at the first malformed one."""
    rows: list[Row] = []
    for file in sorted((path or folder()).glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            rows.append(row_of(line, f"{file.name}:{number}"))
    check_pairs(rows)
    return rows


def row_of(line: str, place: str) -> Row:
    """One line as a row. Raises SeedError."""
    try:
        record = json.loads(line)
        advert = Advert.from_record(record)
    except (ValueError, LurewatchError) as e:
        raise SeedError(f"{e}; mend or remove the line.", place) from e
    fault = next(iter(faults(record, advert)), None)
    if fault:
        raise SeedError(f"{record.get('id')}: {fault}", place)
    spans = tuple(Underline(s["field"], s["start"], s["end"], s["lure"]) for s in record["spans"])
    return Row(
        id=record["id"],
        advert=advert,
        label=record["label"],
        group=record["pair"] or record["id"],
        source="corpus",
        board=f"corpus:{record['lang']}",
        language=record["lang"],
        format=record["format"],
        country=record["country"],
        lure_type=record["lure_type"] or "",
        difficulty=record["difficulty"] or "",
        underlines=spans,
    )


def faults(record: Mapping[str, Any], advert: Advert) -> list[str]:
    """What is wrong with a record, in words."""
    out = []
    if not KEYS - {"text", "posting"} <= set(record) <= KEYS:
        out.append(f"keys must be {', '.join(sorted(KEYS))} (text or posting), found {', '.join(sorted(record))}")
    scam = record.get("label") == 1
    if record.get("format") not in FORMATS | NO_ADS:
        out.append(f"unknown format {record.get('format')!r}; known are {', '.join(sorted(FORMATS | NO_ADS))}")
    if scam and record.get("lure_type") not in LURE_TYPES:
        out.append(f"unknown lure_type {record.get('lure_type')!r}; known are {', '.join(LURE_TYPES)}")
    if scam and record.get("difficulty") not in DIFFICULTIES:
        out.append(f"unknown difficulty {record.get('difficulty')!r}")
    if scam != bool(record.get("spans")):
        out.append("a scam needs spans, an honest text has none")
    texts = dict(advert.parts)
    bad = [s for s in record.get("spans", ()) if s["lure"] not in LURES or not 0 <= s["start"] < s["end"] <= len(texts.get(s["field"], ""))]
    return out + [f"span {s} has an unknown lure or lies outside its field" for s in bad]


def check_pairs(rows: list[Row]) -> None:
    """Every id once; every pair one scam and one twin of the same language. Raises SeedError."""
    twice = [i for i, n in Counter(row.id for row in rows).items() if n > 1]
    if twice:
        raise SeedError(f"id {twice[0]!r} stands twice; give every text its own id.", "seeds/corpus")
    pairs: dict[str, list[Row]] = {}
    for row in rows:
        if row.group != row.id:
            pairs.setdefault(row.group, []).append(row)
    for pair, members in pairs.items():
        if sorted(m.label for m in members) != [0, 1] or len({m.language for m in members}) > 1:
            raise SeedError(f"pair {pair!r} must be one scam and one twin in one language.", "seeds/corpus")


def fingerprint(rows: list[Row]) -> str:
    """sha256 over ids, labels and texts."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr((row.id, row.label, row.advert.parts)).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
