"""Databases that cannot work: what is no message's fault, what is told of it, and how often."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import pytest
from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError

from storage.trouble import AGAIN, DAMAGED, FULL, Teller, first_line, is_away, told


def sqlite(name: str | None, says: str = "trouble") -> DBAPIError:
    error = sqlite3.OperationalError(says)
    if name:
        error.sqlite_errorcode = getattr(sqlite3, name)
    return DBAPIError("SELECT 1", {}, error)


class Server(OperationalError):
    """An error of PostgreSQL with its code."""

    def __init__(self, state: str | None, says: str) -> None:
        super().__init__(says)
        self.sqlstate = state


def postgresql(state: str | None, says: str = "trouble", *, cut: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, Server(state, says), connection_invalidated=cut)


@pytest.mark.parametrize(
    "name",
    ["SQLITE_FULL", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_BUSY", "SQLITE_CANTOPEN",
     "SQLITE_IOERR", "SQLITE_IOERR_READ", "SQLITE_LOCKED", "SQLITE_NOMEM", "SQLITE_PERM",
     "SQLITE_PROTOCOL", "SQLITE_READONLY", "SQLITE_BUSY_SNAPSHOT"],
)  # fmt: skip
def test_what_keeps_sqlite_from_working_would_have_met_any_message(name: str) -> None:
    assert is_away(sqlite(name))


@pytest.mark.parametrize("name", ["SQLITE_CONSTRAINT", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR"])
def test_what_a_message_did_is_its_own_fault(name: str) -> None:
    assert not is_away(sqlite(name))
    assert not is_away(sqlite(None))


@pytest.mark.parametrize(
    "state", ["08006", "53100", "53300", "57P01", "58030", "25006", "XX001", "XX000"]
)
def test_what_keeps_postgresql_from_working_would_have_met_any_message(state: str) -> None:
    assert is_away(postgresql(state))


@pytest.mark.parametrize("state", ["23505", "22001", "57014", "25P02", "40001", None])
def test_other_codes_of_postgresql_are_about_what_was_asked(state: str | None) -> None:
    assert not is_away(postgresql(state))
    assert is_away(postgresql(state, cut=True)), "but a connection that is gone is nobody's fault"


@pytest.mark.parametrize("error", [ValueError("08006"), OSError(28, "no space"), KeyError("full")])
def test_no_other_error_is_the_databases(error: Exception) -> None:
    assert not is_away(error)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (sqlite("SQLITE_FULL"), FULL),
        (postgresql("53100"), FULL),
        (sqlite("SQLITE_CORRUPT"), DAMAGED),
        (sqlite("SQLITE_NOTADB"), DAMAGED),
        (postgresql("XX001"), DAMAGED),
        (postgresql("XX002"), DAMAGED),
        (sqlite("SQLITE_BUSY", "locked"), "the database cannot be reached: locked"),
        (postgresql("53300", "too many"), "the database cannot be reached: too many"),
        (postgresql(None, "\n gone\nHINT: ask"), "the database cannot be reached: gone"),
    ],
)
def test_what_is_the_matter_is_told(error: DBAPIError, says: str) -> None:
    assert told(error) == says


def test_an_error_without_words_is_told_by_its_kind() -> None:
    assert first_line(sqlite("SQLITE_BUSY", "")) == "OperationalError"
    assert first_line(postgresql("08006", "one\ntwo")) == "one"


def test_a_trouble_that_lasts_is_told_of_once_a_minute(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("storage.trouble.time.monotonic", lambda: now)
    tell = Teller(logging.getLogger("rabta.test"))

    def says(error: Any) -> list[str]:
        caplog.clear()
        tell(error)
        return [record.getMessage() for record in caplog.records]

    away = "the database cannot be reached: OperationalError"
    assert says(sqlite("SQLITE_BUSY", "locked")) == [away], "the first, at once"
    now += AGAIN - 1
    assert says(sqlite("SQLITE_BUSY", "locked")) == []
    now += 1
    assert says(sqlite("SQLITE_BUSY", "locked")) == [away]
    assert says(sqlite("SQLITE_FULL")) == [FULL], "another trouble is news"
    assert says(sqlite("SQLITE_CORRUPT")) == [DAMAGED]
    assert says(sqlite("SQLITE_CORRUPT")) == []
    assert says(postgresql("08006", "one")) == ["the database cannot be reached: Server"]
