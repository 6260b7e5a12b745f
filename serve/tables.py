"""The table that holds feedback, and one row of it. `serve/migrations` makes it; a test holds the two together."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text, UniqueConstraint

TABLES = MetaData()
FEEDBACK = Table(
    "feedback",
    TABLES,
    Column("feedback_id", String(32), primary_key=True),
    Column("written_at", BigInteger, nullable=False),
    Column("written_by", String(64), nullable=False),
    Column("idempotency_key", String(128)),
    Column("digest", String(64), nullable=False),
    Column("ad_id", String(200), nullable=False),
    Column("label", String(16), nullable=False),
    Column("lure_type", String(32)),
    Column("reviewer", String(200)),
    Column("language", String(8)),
    Column("advert", Text),
    UniqueConstraint("written_by", "idempotency_key", name="feedback_once"),
    Index("feedback_by_time", "written_at", "feedback_id"),
)


@dataclass(frozen=True)
class Entry:
    """A moderator's verdict on an ad. written_at: seconds since 1970. written_by: name of the key, empty where none was needed.

    idempotency_key: the caller's; the same one never brings two rows. digest: SHA-256 of what was sent. ad_id: the board's id of the ad.
    label: lure or honest. advert: JSON in ASCII of the ad's `text` or `posting`, None unless its keeping was consented to.
    """

    feedback_id: str
    written_at: int
    written_by: str
    idempotency_key: str | None
    digest: str
    ad_id: str
    label: str
    lure_type: str | None
    reviewer: str | None
    language: str | None
    advert: str | None
