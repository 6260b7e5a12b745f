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
    format, country, lure_type, difficulty: set for the written corpus only.
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


def adverts(rows: Sequence[Row]) -> list[Advert]:
    """The adverts of the rows, in order."""
    return [row.advert for row in rows]
