"""What callers send: the wire models of requests, version 1. `serve.verdicts` has what they get."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from serve.adapters import ashby, greenhouse, jobposting, lever

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
    {"job": jobposting.EXAMPLE, "explain": "full"},
    {"job": greenhouse.EXAMPLE, "format": "greenhouse"},
    {"job": lever.EXAMPLE, "format": "lever", "offsets": "utf16"},
    {"job": ashby.EXAMPLE, "format": "ashby", "explain": "none"},
]
BATCH_EXAMPLES: list[Any] = [
    {"adverts": [{"id": "ad-1", "text": TEXT}, {"id": 2, "job": jobposting.EXAMPLE}], "prior": 0.02},
    {"feed": {"jobs": [greenhouse.EXAMPLE]}, "format": "greenhouse"},
]
MOST_ADVERTS = 1000
Id = StrictStr | Annotated[StrictInt, Field(ge=-(2**63), lt=2**63)]
FormatName = Literal["auto", "jobposting", "greenhouse", "lever", "ashby"]
Tier = Literal["fast", "full", "auto"]
Explain = Literal["none", "spans", "full"]
Offsets = Literal["codepoint", "utf16"]
ID = "echoed with the verdict"
TIER = "fast: phrases and cues; full: with the multilingual encoder; auto: the encoder where the fast tier is in doubt"
PRIOR = "share of scams among your ads; default 0.01"
LANGUAGE = "language of the ad, if you know it: a two-letter code"
EXPLAIN = "none: level and figures alone; spans (default): with phrases, lures, and what adds up; full: with a statement of reasons, too"
OFFSETS = "what `start` and `end` count: Unicode code points (default, as Python does) or UTF-16 code units (as JavaScript and Java do)"
THRESHOLD = "probability from which on the level is "


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


class ChoicesIn(BaseModel):
    """What the caller chooses."""

    model_config = ConfigDict(extra="forbid")

    tier: Tier | None = Field(default=None, description=TIER)
    prior: Annotated[StrictFloat, Field(gt=0, lt=1)] | None = Field(default=None, description=PRIOR)
    thresholds: ThresholdsIn | None = None
    explain: Explain | None = Field(default=None, description=EXPLAIN)
    offsets: Offsets | None = Field(default=None, description=OFFSETS)
    language: Annotated[StrictStr, Field(max_length=8)] | None = Field(default=None, description=LANGUAGE)


class AdvertIn(BaseModel):
    """One ad: exactly one of `text`, `posting` and `job`."""

    model_config = ConfigDict(extra="forbid")

    id: Id | None = Field(default=None, description=ID)
    text: StrictStr | None = Field(default=None, description="the ad as plain text or HTML, at most 200,000 characters")
    posting: Posting | None = None
    job: dict[str, Any] | list[Any] | None = Field(default=None, description="the job as your system has it, in one of the known formats")
    format: FormatName | None = Field(default=None, description="format of `job`; auto (default) finds it and says what was tried")
    language: Annotated[StrictStr, Field(max_length=8)] | None = Field(default=None, description=LANGUAGE)


class ScoreRequest(AdvertIn, ChoicesIn):
    """One ad, as exactly one of `text`, `posting` and `job`, and what the caller chooses."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": EXAMPLES})


class BatchRequest(ChoicesIn):
    """Up to 1,000 ads, as `adverts` or as a board's whole `feed`, and what the caller chooses for all of them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": BATCH_EXAMPLES})

    adverts: list[Annotated[AdvertIn | Any, Field(union_mode="left_to_right")]] | None = Field(
        default=None, description="ads; one that does not fit its schema gets its own problem and never fails the batch"
    )
    feed: dict[str, Any] | list[Any] | None = Field(
        default=None, description="a board's answer as it is: `{jobs: [...]}` of Greenhouse or Ashby, Lever's list, a JSON-LD `@graph`"
    )
    format: FormatName | None = Field(default=None, description="format of the jobs in `feed`")


class Query(BaseModel):
    """Choices for a body that has no room for them; what a JSON body says goes first."""

    model_config = ConfigDict(extra="forbid")

    tier: Tier | None = Field(default=None, description=TIER)
    prior: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, description=PRIOR)
    caution: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, description=THRESHOLD + "`caution` or more")
    warning: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, description=THRESHOLD + "`warning`")
    language: Annotated[str, Field(max_length=8)] | None = Field(default=None, description=LANGUAGE)
    explain: Explain | None = Field(default=None, description=EXPLAIN)
    offsets: Offsets | None = Field(default=None, description=OFFSETS)


class QueryOfOne(Query):
    """The same for one ad."""

    id: str | None = Field(default=None, description=ID)


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = Field(default=None, description='JSON pointer (RFC 6901) into the body, `""` for the whole of it')
    parameter: str | None = Field(default=None, description="the query parameter at fault")
    tried: list[dict[str, Any]] | None = Field(default=None, description="formats that were tried on a job, each with what was missing")
    request_id: str
