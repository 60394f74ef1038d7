"""A session that lasts from one transaction to the next, where one process alone writes.

Who writes, from which chat, with which settings: read anew for each message, they are a third of
its cost. So on SQLite the rows of ``KEPT`` stay in memory. All else is let go after each
transaction, and everything is once a transaction fails, another connection has written, or one
of the rows that lists are made of has changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from storage import pinned
from storage.models import (
    Bond,
    Chat,
    CustomField,
    Identity,
    Label,
    Member,
    Pipeline,
    Segment,
    Setting,
    Stage,
    Unreachable,
    Workspace,
)
from storage.prepared import DirectSession
from storage.writing import wrote

KEPT = (Workspace, Member, Identity, Bond, Chat, Setting, Pipeline, Stage, CustomField, Label,
        Segment)  # fmt: skip
LISTED = (Workspace, Bond, Setting, Pipeline, Stage, CustomField, Label, Segment, Unreachable)
"""Of these there are lists in memory; a change of one makes all be read anew."""

MOST = 10_000
"""Rows that are kept at most."""

T = TypeVar("T")


def once(session: Session, key: Any, look: Callable[[], T]) -> T:
    """What ``look`` finds, looked up once for a session."""
    found: dict[Any, T] = session.info.setdefault("once", {})
    if key not in found:
        found[key] = look()
    return found[key]


def outdated(session: Session) -> None:
    """What was looked up once may have changed."""
    session.info.pop("once", None)
    session.info["outdated"] = True


def is_dirty(session: Session) -> bool:
    return bool(session.new or session.dirty or session.deleted)


class Lasting:
    """A connection and its session. Not for two threads at once."""

    def __init__(self, engine: Engine, watched: Engine) -> None:
        """``watched`` is the engine that is listened to where somebody watches what is sent."""
        self._connection = engine.connect()
        self._driver: Any = self._connection.connection.driver_connection
        self._session = DirectSession(
            self._connection, watched, pinned.check, expire_on_commit=False
        )
        self._kept: list[Any] = []
        self._passing: list[Any] = []
        self._version, self._synced, self._in_place = -1, True, 0
        for moment in ("loaded_as_persistent", "pending_to_persistent", "detached_to_persistent"):
            event.listen(self._session, moment, self._came)

    @contextmanager
    def transaction(self, synced: bool = True) -> Iterator[Session]:
        """One transaction; who was known at the last one still is."""
        session = self._session
        self._sync(synced)
        try:
            with session.begin():
                self._look_whether_alone()
                yield session
        except BaseException:
            self._forget()
            raise
        if session.info.pop("outdated", False) or len(self._kept) > MOST:
            self._forget()
            return
        for row in self._passing:
            if row in session:
                session.expunge(row)
        self._passing.clear()

    def put_in_place(self, least: int) -> bool:
        """Between two transactions, put what the log holds into the file, where so many rows were
        changed since the last time; whether it was done."""
        changed: int = self._driver.total_changes
        if changed - self._in_place < least:
            return False
        self._in_place = changed
        with suppress(sqlite3.Error):  # no room: whoever writes next is told
            self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
        return True

    def close(self) -> None:
        self._session.close()
        self._connection.close()

    def _sync(self, synced: bool) -> None:
        """Whether what is committed is on the disk before anybody goes on."""
        driver: Any = self._connection.connection.driver_connection
        if driver is not self._driver:  # the one before was given up, in the middle of something
            self._driver, self._version, self._synced, self._in_place = driver, -1, True, 0
        if synced is not self._synced:
            self._driver.execute(f"PRAGMA synchronous={'FULL' if synced else 'NORMAL'}")
            self._synced = synced

    def _came(self, _session: Session, row: Any) -> None:
        (self._kept if isinstance(row, KEPT) else self._passing).append(row)

    def _look_whether_alone(self) -> None:
        """SQLite counts, for each connection, what others have committed."""
        self._session.connection()  # here it begins
        (version,) = self._driver.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._forget()
            self._version = version

    def _forget(self) -> None:
        self._session.expunge_all()
        self._session.info.clear()
        self._kept.clear()
        self._passing.clear()


@event.listens_for(Session, "after_flush")
def _lists_change(session: Session, _context: Any) -> None:
    wrote(session)
    changed = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, LISTED) for row in changed):
        session.info["outdated"] = True


@event.listens_for(Session, "after_soft_rollback")
def _taken_back(session: Session, _previous: Any) -> None:
    outdated(session)
