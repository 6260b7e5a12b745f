"""Engines for the two databases that hold feedback: SQLite in the state folder, or PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from model.errors import OptionError
from serve.desk import THREADS
from serve.settings import Settings, feedback_file

CONNECT_SECONDS, STATEMENT_SECONDS = 3, 5
"""How long a connection may take to come about; how long a statement, or a wait for a lock."""


def url_of(settings: Settings) -> URL:
    """Where feedback is held. Raises OptionError where the address cannot be read."""
    if settings.database_url is None:
        return URL.create("sqlite", database=str(feedback_file(settings.state)))
    try:
        url = make_url(settings.database_url)
    except ArgumentError as e:
        raise OptionError("LUREWATCH_DATABASE_URL is no address of a database.", "LUREWATCH_DATABASE_URL") from e
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def engine_of(url: URL) -> Engine:
    """An engine; it connects when it is first used. What is stored never stands in its errors."""
    return sqlite(url) if url.drivername == "sqlite" else postgresql(url)


def sqlite(url: URL) -> Engine:
    """Transactions begin with the lock that writes, so that two processes never wait for each other in a ring, tables included."""
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": STATEMENT_SECONDS})

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql(url: URL) -> Engine:
    """Limits are set in every transaction, and nothing is prepared, so that a pooler such as PgBouncer may stand between."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=THREADS,
        max_overflow=0,
        pool_timeout=STATEMENT_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None},
    )

    @event.listens_for(engine, "begin")
    def limit(connection: Connection) -> None:
        milliseconds = STATEMENT_SECONDS * 1000
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL lock_timeout = {milliseconds}")

    return engine


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database."""
    return Path(url.database) if url.drivername == "sqlite" and url.database else None
