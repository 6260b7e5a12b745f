"""The verdict: what is told about one advert. Frozen; nobody edits it after it is made."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Code points [start, end) of the caller's own field, what they add to the log-odds, and the lure, if any."""

    field: str
    start: int
    end: int
    text: str
    lure: str | None
    cue: str
    contribution: float

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the JSON verdict."""
        field, start, end, text, lure, cue, contribution = self
        return {"field": field, "start": start, "end": end, "text": text, "lure": lure, "cue": cue, "contribution": contribution}


class Other(NamedTuple):
    """A contribution that has no place in the text."""

    cue: str
    contribution: float


class LureReason(NamedTuple):
    """One lure of the advert: all its spans' contributions, why it matters, questions to ask, sources, positions of its spans."""

    lure: str
    title: str
    contribution: float
    why: str
    questions: tuple[str, ...]
    sources: tuple[str, ...]
    spans: tuple[int, ...]


class Counterfactual(NamedTuple):
    """The fewest spans without which the level would be lower, and what it would be."""

    spans: tuple[int, ...]
    probability: float
    level: str


class Verdict(NamedTuple):
    """`log_odds = baseline + sum of spans + sum of other`; `probability = 1 / (1 + exp(-log_odds))`. Most telling first in every list."""

    model: Mapping[str, str]
    language: str
    probability: float
    prior: float
    level: str
    thresholds: Mapping[str, float]
    lure_types: tuple[tuple[str, float], ...]
    lures: tuple[LureReason, ...]
    spans: tuple[Span, ...]
    baseline: float
    other: tuple[Other, ...]
    log_odds: float
    counterfactual: Counterfactual | None
    normalised: tuple[Mapping[str, Any], ...]
    advice: tuple[Mapping[str, Any], ...]
    limits: Mapping[str, Any]

    def as_dict(self, id: object = None) -> dict[str, Any]:  # noqa: A002 - the field's name in the format
        """The JSON verdict, version 1 (docs/design.md)."""
        counter = self.counterfactual
        return {
            "id": id,
            "model": dict(self.model),
            "language": self.language,
            "probability": self.probability,
            "prior": self.prior,
            "level": self.level,
            "thresholds": dict(self.thresholds),
            "lure_types": [{"lure_type": name, "probability": p} for name, p in self.lure_types],
            "lures": [
                {
                    "lure": r.lure,
                    "title": r.title,
                    "contribution": r.contribution,
                    "why": r.why,
                    "questions": list(r.questions),
                    "sources": list(r.sources),
                    "spans": list(r.spans),
                }
                for r in self.lures
            ],
            "spans": [span.as_dict() for span in self.spans],
            "baseline": self.baseline,
            "other": [{"cue": o.cue, "contribution": o.contribution} for o in self.other],
            "log_odds": self.log_odds,
            "counterfactual": counter and {"spans": list(counter.spans), "probability": counter.probability, "level": counter.level},
            "normalised": [dict(note) for note in self.normalised],
            "advice": [dict(step) for step in self.advice],
            "limits": {**self.limits, "unchecked": list(self.limits["unchecked"])},
        }
