"""The wire models of the API, version 1. They stand apart from the objects inside; `docs/design.md` has the verdict in full."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

TEXT = (
    "Urgent! Customer service in Thailand, 2,000 USD a month, no experience, free flight and room. Telegram @hr_example, leave this week."
)
EXAMPLES: list[Any] = [
    {"id": "ad-1", "text": TEXT},
    {
        "id": 2,
        "posting": {"title": "Shop assistant", "location": "Leeds", "description": "Till and shelves, 20 hours a week."},
        "prior": 0.02,
    },
]


class Posting(BaseModel):
    """Fields of a posting. A field that is not sent is no evidence."""

    model_config = ConfigDict(extra="forbid")

    title: StrictStr | None = None
    company: StrictStr | None = None
    company_profile: StrictStr | None = None
    location: StrictStr | None = None
    salary: StrictStr | None = None
    description: StrictStr | None = None
    requirements: StrictStr | None = None
    benefits: StrictStr | None = None


class ThresholdsIn(BaseModel):
    """Probabilities from which on an ad is at each level, 0 < caution <= warning < 1."""

    model_config = ConfigDict(extra="forbid")

    caution: StrictFloat | None = None
    warning: StrictFloat | None = None


class ScoreRequest(BaseModel):
    """One ad, as `text` or as `posting`, and what the caller chooses."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": EXAMPLES})

    id: StrictStr | StrictInt | None = Field(default=None, description="echoed in the verdict")
    text: StrictStr | None = Field(default=None, description="the ad as plain text or HTML, at most 200,000 characters")
    posting: Posting | None = None
    tier: Literal["fast", "full", "auto"] | None = Field(
        default=None,
        description="fast: phrases and cues; full: with the multilingual encoder; auto: the encoder where the fast tier is in doubt",
    )
    prior: Annotated[StrictFloat, Field(gt=0, lt=1)] | None = Field(default=None, description="share of scams among your ads; default 0.01")
    thresholds: ThresholdsIn | None = None
    language: Annotated[StrictStr, Field(max_length=8)] | None = Field(default=None, description="language of the ad, if you know it")


class SpanOut(BaseModel):
    """Unicode code points [start, end) of the caller's own field, and what they add to the log-odds."""

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


class VerdictOut(BaseModel):
    """`log_odds = baseline + sum of spans + sum of other`; `probability = 1 / (1 + exp(-log_odds))`."""

    id: str | int | None
    model: ModelOut
    language: str
    probability: float
    prior: float
    level: Literal["none", "caution", "warning"]
    thresholds: dict[str, float]
    lure_types: list[dict[str, Any]]
    lures: list[LureOut]
    spans: list[SpanOut]
    baseline: float
    other: list[dict[str, Any]]
    log_odds: float
    counterfactual: dict[str, Any] | None
    normalised: list[dict[str, Any]]
    advice: list[dict[str, str]]
    limits: dict[str, Any]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    request_id: str
