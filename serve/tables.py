"""The table that holds feedback. `serve/migrations` makes it; a test holds the two together."""

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
