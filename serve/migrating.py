"""Brings a database to the tables that this version needs."""

from importlib.resources import files

from sqlalchemy import Engine, text

LOCK = 0x4C757265
"""Any number that nobody else locks in the database: several processes may start at once, one makes the tables."""


class NewerDatabaseError(Exception):
    """A newer version brought the database to tables that this one does not know."""


def migrate(engine: Engine) -> None:
    """Take the steps that are missing, in one transaction. Raises NewerDatabaseError."""
    from alembic import command  # noqa: PLC0415 - eleven megabytes that a service without feedback does not need
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("serve") / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as e:
            raise NewerDatabaseError(f"a newer version of lurewatch brought it up to date: {e}") from e
