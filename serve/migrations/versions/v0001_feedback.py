"""The table of feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(32), primary_key=True),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(128)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("ad_id", sa.String(200), nullable=False),
        sa.Column("label", sa.String(16), nullable=False),
        sa.Column("lure_type", sa.String(32)),
        sa.Column("reviewer", sa.String(200)),
        sa.Column("language", sa.String(8)),
        sa.Column("advert", sa.Text),
        sa.UniqueConstraint("written_by", "idempotency_key", name="feedback_once"),
    )
    op.create_index("feedback_by_time", "feedback", ["written_at", "feedback_id"])


def downgrade() -> None:
    """Take it away, with all that it holds."""
    op.drop_table("feedback")
