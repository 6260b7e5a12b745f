"""What callers get: the wire models of verdicts, version 1, which stand apart from the objects inside (docs/design.md)."""

from typing import Literal

from pydantic import BaseModel

from serve.schemas import Problem

Level = Literal["none", "caution", "warning"]


class SpanOut(BaseModel):
    """[start, end) of the caller's own field, and what it adds to the log-odds."""

    field: str
    start: int
    end: int
    text: str
    lure: str | None
    cue: str
    contribution: float


class LureOut(BaseModel):
    """A lure, why it matters, and which spans carry it."""

    lure: str
    title: str
    contribution: float
    why: str
    questions: list[str]
    sources: list[str]
    spans: list[int]


class ModelOut(BaseModel):
    """Which model answered."""

    name: str
    version: str
    sha256: str
    tier: str


class TypeOut(BaseModel):
    """What kind of scam it would be."""

    lure_type: str
    probability: float


class OtherOut(BaseModel):
    """What adds to the log-odds without a place in the caller's text."""

    cue: str
    contribution: float


class CounterfactualOut(BaseModel):
    """The fewest spans without which the level would be lower."""

    spans: list[int]
    probability: float
    level: Level


class NoteOut(BaseModel):
    """A disguise that was undone at [start, end) of the caller's own field."""

    field: str
    start: int
    end: int
    kind: str


class StepOut(BaseModel):
    """What a job seeker can do next."""

    id: str
    text: str


class ThresholdsOut(BaseModel):
    """Probabilities from which on the level is `caution` or `warning`."""

    caution: float
    warning: float


class LimitsOut(BaseModel):
    """What the verdict does not cover."""

    truncated: bool
    unchecked: list[str]
    windows: int | None = None


class PhraseOut(BaseModel):
    """A phrase that the verdict relies on."""

    field: str
    start: int
    end: int
    text: str
    lure: str | None
    title: str | None


class StatementOut(BaseModel):
    """Material for a statement of reasons (Regulation (EU) 2022/2065, Article 17). It decides nothing."""

    decides_nothing: str
    facts: str
    automated_detection: bool
    automated_decision: None
    phrases: list[PhraseOut]
    left_to_you: list[str]


class VerdictOut(BaseModel):
    """`log_odds = baseline + sum of spans + sum of other`; `probability = 1 / (1 + exp(-log_odds))`.

    With `explain=none`, what explains is left out; `statement` is there with `explain=full`, null where the level is `none`.
    """

    id: str | int | None
    model: ModelOut
    language: str
    probability: float
    prior: float
    level: Level
    thresholds: ThresholdsOut
    lure_types: list[TypeOut]
    lures: list[LureOut] | None = None
    spans: list[SpanOut] | None = None
    baseline: float
    other: list[OtherOut] | None = None
    log_odds: float
    counterfactual: CounterfactualOut | None = None
    normalised: list[NoteOut] | None = None
    advice: list[StepOut]
    limits: LimitsOut
    statement: StatementOut | None = None


class ResultOut(BaseModel):
    """One ad of a batch: its verdict, or its own problem."""

    id: str | int | None
    verdict: VerdictOut | None = None
    problem: Problem | None = None


class BatchOut(BaseModel):
    """Results in the order of the ads. refused: how many have a problem."""

    results: list[ResultOut]
    refused: int
