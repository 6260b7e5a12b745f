"""The wire models of feedback, version 1."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from model.lures import LURE_TYPES
from serve.schemas import Posting

LINE = r"^[^\x00-\x1f\x7f]+$"
"""Any characters but controls."""
EXAMPLES: list[Any] = [
    {"id": "ad-1", "label": "lure", "lure_type": "compound", "reviewer": "m-17"},
    {"id": "ad-2", "label": "honest", "language": "en", "consent": True, "text": "Till and shelves, 20 hours a week, in Leeds."},
]


class FeedbackIn(BaseModel):
    """A moderator's verdict on an ad."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": EXAMPLES})

    id: Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=LINE)] | Annotated[StrictInt, Field(ge=0, lt=2**63)] = Field(
        description="your id of the ad; kept as text"
    )
    label: Literal["lure", "honest"]
    lure_type: Literal[LURE_TYPES] | None = Field(default=None, description="of a lure, if you know it")  # type: ignore[valid-type]
    reviewer: Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=LINE)] | None = Field(
        default=None, description="who judged; better a number of yours than a name"
    )
    language: Annotated[StrictStr, Field(max_length=8, pattern=r"^[A-Za-z-]+$")] | None = Field(
        default=None, description="language of the ad, if you know it"
    )
    consent: StrictBool = Field(default=False, description="true: the ad may be kept and learnt from. Without it nothing of the ad is kept")
    text: StrictStr | None = Field(default=None, description="the ad as plain text or HTML; only with consent")
    posting: Posting | None = Field(default=None, description="or its fields; only with consent")


class FeedbackOut(BaseModel):
    """Feedback as it is kept."""

    feedback_id: str
    written_at: datetime
    kept_until: datetime
    id: str
    label: Literal["lure", "honest"]
    lure_type: str | None
    reviewer: str | None
    language: str | None
    consent: bool
    text: str | None
    posting: Posting | None


def at(seconds: int) -> datetime:
    """Seconds since 1970 as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
