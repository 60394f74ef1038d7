"""When a database cannot work: what that is not the fault of any message, and how to tell of it."""

from __future__ import annotations

import logging
import sqlite3
import time
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

FULL = "the disk is full: nothing more is taken in until there is room, and nothing is lost"
DAMAGED = (
    "the database file is damaged: stop Rabta and put a backup in its place with rabta restore "
    "(docs/operations.md)"
)
AGAIN = 60.0
"""Seconds after which a trouble that lasts is told of again."""

_FULL, _DAMAGED = {sqlite3.SQLITE_FULL}, {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_AWAY = _FULL | _DAMAGED | {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
}  # fmt: skip
_AWAY_CLASSES = ("08", "53", "57P", "58", "25006", "XX")
"""PostgreSQL: connection, resources, shutdown, the system, a standby, a damaged page."""


def is_away(error: BaseException) -> bool:
    """Would this have happened to any other message, too?"""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _code(error.orig) in _AWAY
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or str(state or "").startswith(_AWAY_CLASSES)


def told(error: DBAPIError) -> str:
    """What is the matter and what to do, in half a sentence."""
    code = _code(error.orig) if isinstance(error.orig, sqlite3.Error) else None
    state = getattr(error.orig, "sqlstate", None)
    if code in _FULL or state == "53100":
        return FULL
    if code in _DAMAGED or state in {"XX001", "XX002"}:
        return DAMAGED
    return f"the database cannot be reached: {first_line(error)}"


def first_line(error: DBAPIError) -> str:
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]


def _code(error: sqlite3.Error) -> int | None:
    """Without what says more exactly which kind of it (SQLITE_IOERR_READ)."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


@dataclass
class Teller:
    """Logs a trouble that comes again and again once a minute."""

    log: logging.Logger
    _last: str = ""
    _at: float = field(default=-AGAIN)

    def __call__(self, error: DBAPIError) -> None:
        says = told(error)
        now = time.monotonic()
        if says != self._last or now - self._at >= AGAIN:
            if says in (FULL, DAMAGED):
                self.log.error(FULL if says == FULL else DAMAGED)
            else:
                self.log.error("the database cannot be reached: %s", type(error.orig).__name__)
            self._last, self._at = says, now
