"""Ads that carry both labels: listed and left out, not averaged. Alike ads of feedback become one row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from training import fingerprints
from training.rows import Row


@dataclass(frozen=True)
class Contradiction:
    """Rows of one ad that disagree. why: how they were found to be of one ad."""

    why: str
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """As a line of `contradictions.jsonl`: who says what, never the ad."""
        told = [{"id": row.id, "source": row.source, "label": row.label, "written_at": row.written_at} for row in self.rows]
        return {"why": self.why, "rows": told}


def disagreeing(groups: Iterable[Sequence[Row]], why: str) -> list[Contradiction]:
    """The groups that hold both labels."""
    return [Contradiction(why, tuple(rows)) for rows in groups if len({row.label for row in rows}) > 1]


def same_text(added: Sequence[Row], known: Sequence[Row]) -> tuple[list[Row], list[Contradiction]]:
    """Added rows whose letters and digits no other row carries with another label, and the contradictions. Known rows always stay."""
    rows = [*added, *known]
    by_text: dict[int, list[Row]] = defaultdict(list)
    prints = fingerprints.of(rows).tolist()
    for row, text in zip(rows, prints, strict=True):
        if text:
            by_text[text].append(row)
    ours = {row.id for row in added}
    found = [c for c in disagreeing(by_text.values(), "the same text") if any(row.id in ours for row in c.rows)]
    out = {row.id for contradiction in found for row in contradiction.rows}
    return [row for row in added if row.id not in out], found
