"""Feedback as JSON lines that `training/sources.yaml` can name as a source: one flat object a line, the same keys in every line."""

import json
from collections.abc import Iterable
from typing import IO, Any

from model.advert import FIELDS
from serve.entries import Entry

LABELS = {"honest": 0, "lure": 1}


def line_of(entry: Entry) -> dict[str, Any]:
    """label: 1 lure, 0 honest. Plain text stands under `description`; what is absent is empty. Reviewers are left out."""
    advert = json.loads(entry.advert or "{}")
    fields = advert.get("posting") or {"description": advert.get("text", "")}
    return {
        "id": entry.feedback_id,
        "ad_id": entry.ad_id,
        "label": LABELS[entry.label],
        "lure_type": entry.lure_type or "",
        "language": entry.language or "",
        "board": entry.written_by,
        "written_at": entry.written_at,
        **{name: fields.get(name, "") for name in FIELDS},
    }


def write(entries: Iterable[Entry], out: IO[str]) -> tuple[int, int]:
    """Write all; how many, and how many of them hold an ad and so can be learnt from."""
    written = with_advert = 0
    for entry in entries:
        out.write(json.dumps(line_of(entry)) + "\n")
        written += 1
        with_advert += entry.advert is not None
    return written, with_advert
