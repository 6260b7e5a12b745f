"""A verdict as the caller asked for it: offsets in their unit, explained as much as they want."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.advert import Advert
from model.classifier import Options
from model.verdict import Verdict
from serve.schemas import ChoicesIn, Query
from serve.settings import Settings
from serve.statement import statement

EXPLAINING = ("lures", "spans", "other", "counterfactual", "normalised")
LAST_OF_ONE_UNIT = "\uffff"


@dataclass(frozen=True, slots=True)
class Choices:
    """options: for the classifier. explain: `none`, `spans` or `full`. utf16: whether offsets count UTF-16 code units."""

    options: Options
    explain: str
    utf16: bool

    @classmethod
    def of(cls, said: ChoicesIn, query: Query | None, settings: Settings) -> "Choices":
        """The caller's choices: the body's, else the query's, else the service's own."""
        said = said if query is None else filled(said, query)
        thresholds = said.thresholds.model_dump(exclude_none=True) if said.thresholds else None
        prior = settings.prior if said.prior is None else said.prior
        options = Options(prior=prior, thresholds=thresholds, language=said.language, tier=said.tier or settings.tier)
        return cls(options, said.explain or "spans", said.offsets == "utf16")


def filled(said: ChoicesIn, query: Query) -> ChoicesIn:
    """The choices of a body with those of the query where it has none."""
    given = query.model_dump(exclude_none=True, include=set(Query.model_fields))
    levels = {name: given.pop(name) for name in ("caution", "warning") if name in given}
    return ChoicesIn.model_validate(
        {**given, **({"thresholds": levels} if levels else {}), **said.model_dump(exclude_none=True, include=set(ChoicesIn.model_fields))}
    )


def told(verdict: Verdict, advert: Advert, name: object, choices: Choices) -> dict[str, Any]:
    """The JSON verdict. name: the caller's id for the ad."""
    out = verdict.as_dict(name)
    if choices.explain == "none":
        return {key: value for key, value in out.items() if key not in EXPLAINING}
    if choices.utf16:
        units = {field: wide for field, text in advert.parts if (wide := wide_places(text))}
        for place in (*out["spans"], *out["normalised"]):
            move(place, units)
    return {**out, "statement": statement(out)} if choices.explain == "full" else out


def wide_places(text: str) -> list[int]:
    """Code points of a text that take two UTF-16 code units each."""
    if text.isascii() or max(text) <= LAST_OF_ONE_UNIT:
        return []
    return [i for i, c in enumerate(text) if c > LAST_OF_ONE_UNIT]


def move(place: dict[str, Any], units: Mapping[str, list[int]]) -> None:
    """Count `start` and `end` of a span or note in UTF-16 code units. units: `wide_places` of each field that has any."""
    wide = units.get(place["field"], ())
    for edge in ("start", "end"):
        place[edge] += bisect_left(wide, place[edge])
