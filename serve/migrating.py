"""Brings a database to the tables that this version needs."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

LOCK = 0x4C757265
"""Any number that nobody else locks in the database: several processes may start at once, one makes the tables."""


def migrate(connection: Connection) -> None:
    """Take the steps that are missing, in the connection's transaction. Raises alembic's CommandError where a newer version made them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", str(files("serve") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
