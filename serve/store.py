"""Keeps feedback. What a method has returned is committed."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import URL, ColumnElement, Connection, Row, delete, insert, select, tuple_
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from serve.database import engine_of, file_of
from serve.entries import ConflictError, Entry, StoreDownError
from serve.migrating import NewerDatabaseError, migrate
from serve.tables import FEEDBACK

LOG = logging.getLogger("lurewatch")
PAGE = 500
"""Rows that are read at once."""


class Store:
    """Feedback in one database. Methods block: call them in a thread. All raise StoreDownError."""

    def __init__(self, url: URL) -> None:
        self._file, self._engine = file_of(url), engine_of(url)
        self._migrated, self._migrating = False, threading.Lock()

    def add(self, entry: Entry) -> Entry:
        """Keep an entry, or give back the one that its idempotency key brought before. Raises ConflictError where that one differs."""
        try:
            with self._transaction() as connection:
                connection.execute(insert(FEEDBACK).values(asdict(entry)))
            return entry
        except IntegrityError:
            kept = self._brought_by(entry)
        if kept is None:  # deleted in between
            return self.add(entry)
        if kept.digest != entry.digest:
            raise ConflictError("this Idempotency-Key came before, with other feedback; send another key for it.")
        return kept

    def get(self, feedback_id: str, owner: str | None) -> Entry | None:
        """The entry of an id, if `owner` wrote it; None as owner may read all."""
        with self._transaction() as connection:
            row = connection.execute(select(FEEDBACK).where(*self._where(feedback_id, owner))).one_or_none()
        return entry_of(row) if row else None

    def delete(self, feedback_id: str, owner: str | None) -> bool:
        """Delete the entry of an id, if `owner` wrote it; whether there was one."""
        with self._transaction() as connection:
            return connection.execute(delete(FEEDBACK).where(*self._where(feedback_id, owner))).rowcount > 0

    def purge(self, before: int) -> int:
        """Delete what was written before a second; how many."""
        with self._transaction() as connection:
            return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.written_at < before)).rowcount

    def entries(self) -> Iterator[Entry]:
        """All entries, the oldest first, page by page, so that nobody who writes has to wait."""
        last = (-1, "")
        place = (FEEDBACK.c.written_at, FEEDBACK.c.feedback_id)
        some = select(FEEDBACK).order_by(*place).limit(PAGE)
        while True:
            with self._transaction() as connection:
                page = [entry_of(row) for row in connection.execute(some.where(tuple_(*place) > last))]
            yield from page
            if len(page) < PAGE:
                return
            last = (page[-1].written_at, page[-1].feedback_id)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _brought_by(self, entry: Entry) -> Entry | None:
        with self._transaction() as connection:
            same = (FEEDBACK.c.written_by == entry.written_by, FEEDBACK.c.idempotency_key == entry.idempotency_key)
            row = connection.execute(select(FEEDBACK).where(*same)).one_or_none()
        return entry_of(row) if row else None

    def _where(self, feedback_id: str, owner: str | None) -> tuple[ColumnElement[bool], ...]:
        mine = () if owner is None else (FEEDBACK.c.written_by == owner,)
        return (FEEDBACK.c.feedback_id == feedback_id, *mine)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Commits at the end. The first one makes the tables."""
        try:
            with self._migrating:
                self._prepare()
            with self._engine.begin() as connection:
                yield connection
        except (DataError, IntegrityError, ProgrammingError):
            raise
        except (DBAPIError, PoolTimeoutError, NewerDatabaseError, OSError) as e:
            LOG.warning("feedback: the database does not answer: %s", str(getattr(e, "orig", None) or e).partition("\n")[0])
            raise StoreDownError("the database of feedback does not answer; nothing was kept. Try again; scoring goes on.") from e

    def _prepare(self) -> None:
        if not self._migrated:
            if self._file:
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            migrate(self._engine)
            self._migrated = True


def entry_of(row: Row[tuple[object, ...]]) -> Entry:
    """One row."""
    return Entry(**row._mapping)
