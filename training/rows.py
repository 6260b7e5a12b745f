"""One training row: an advert with its label and where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from model.advert import Advert


@dataclass(frozen=True)
class Underline:
    """What an analyst underlined: code points [start, end) of a field, and the lure."""

    field: str
    start: int
    end: int
    lure: str


@dataclass(frozen=True)
class Row:
    """label: 1 lure, 0 honest or no ad. group: near-duplicates, pairs and employers share one; it never stands on both sides of a split.

    board: the board or source it came from. employer: as the board names it, empty where it does not.
    format, country, lure_type, difficulty: set for the written corpus only (lure_type for feedback too).
    twin: group of another source that its near-duplicates are in, empty without. split: `train` or `test` where the caller says so.
    quality: how far the label is trusted, in (0, 1]. written_at: when the label was given, seconds since 1970, 0 where nobody tells.
    """

    id: str
    advert: Advert
    label: int
    group: str
    source: str
    board: str
    language: str
    employer: str = ""
    format: str = ""
    country: str = ""
    lure_type: str = ""
    difficulty: str = ""
    underlines: tuple[Underline, ...] = field(default=())
    twin: str = ""
    split: str = ""
    quality: float = 1.0
    written_at: int = 0


def adverts(rows: Sequence[Row]) -> list[Advert]:
    """The adverts of the rows, in order."""
    return [row.advert for row in rows]
