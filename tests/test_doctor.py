"""The doctor: what is looked at, how it is, and what to do; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from bot.doctor import Finding, examine
from bot.settings import Settings
from storage import lease
from storage.database import Database
from storage.migrate import migrate
from storage.models import Inbox

on_postgresql = pytest.mark.parametrize("blank_url", ["postgresql"], indirect=True)


def told(url: str, about: str, **settings: Any) -> list[Finding]:
    return [each for each in examine(Settings(database_url=url, **settings)) if each.about == about]


def one(url: str, about: str, **settings: Any) -> tuple[str, str]:
    (finding,) = told(url, about, **settings)
    return finding.state, finding.says


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    """A database of this test's own, migrated."""
    with closing(Database(blank_url)) as database:
        migrate(database)
        yield database


# --- the database -------------------------------------------------------------------------------


def test_what_is_not_migrated_is_said(blank_url: str) -> None:
    if blank_url.startswith("sqlite"):
        assert one(blank_url, "database") == ("warn", "not there yet; rabta run makes it")
        with closing(Database(blank_url)) as database, database.engine.begin() as connection:
            connection.execute(text("CREATE TABLE other (id INTEGER)"))
    state, says = one(blank_url, "database")
    assert (state, says.endswith("is not migrated; run: rabta migrate")) == ("bad", True)
    assert not told(blank_url, "inbox"), "there is nothing more to look at"


def test_a_migrated_one_is_whole_and_nobody_waits(blank: Database, blank_url: str) -> None:
    state, says = one(blank_url, "database")
    assert (state, says.endswith(", migrated")) == ("ok", True)
    assert one(blank_url, "inbox") == ("ok", "nothing waits")
    assert one(blank_url, "outbox") == ("ok", "everything arrived")
    assert not told(blank_url, "pace")
    assert not told(blank_url, "places")
    if blank.is_sqlite:
        assert one(blank_url, "file") == ("ok", "whole")
        assert one(blank_url, "running") == ("ok", "neither rabta run nor rabta chat")
        assert one(blank_url, "clock") == ("ok", "this machine's")
    else:
        assert not told(blank_url, "file")
        assert one(blank_url, "running") == ("ok", "nobody polls")


@pytest.mark.parametrize(("free", "state"), [(100, None), (99, "warn"), (0, "bad")])
@pytest.mark.parametrize("blank_url", ["sqlite"], indirect=True)
def test_row_32_a_disk_that_is_nearly_full_is_told(
    blank: Database, blank_url: str, monkeypatch: pytest.MonkeyPatch, free: int, state: str | None
) -> None:
    usage = SimpleNamespace(free=free * 1_000_000)
    monkeypatch.setattr("bot.doctor.shutil.disk_usage", lambda _path: usage)
    said = told(blank_url, "disk")
    assert [finding.state for finding in said] == ([state] if state else [])
    assert all(f"{free} MB are free" in finding.says for finding in said)


@on_postgresql
def test_who_polls_is_named(blank: Database, blank_url: str) -> None:
    with blank.transaction() as session:
        assert lease.take(session, "telegram", "karachi/7", timedelta(minutes=1))
        assert lease.take(session, "other", "lahore/8", timedelta(minutes=1))
    _, says = one(blank_url, "running")
    assert set(says.split("; ")) == {"karachi/7 polls telegram", "lahore/8 polls other"}


@on_postgresql
def test_whether_the_database_keeps_workspaces_apart_is_told(
    blank: Database, blank_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, says = one(blank_url, "workspaces")
    assert state == "ok"
    assert says.startswith("kept apart by row-level security, as role rabta_")
    with monkeypatch.context() as nobody:
        nobody.setattr("storage.row_security.role", lambda _connection: None)
        state, says = one(blank_url, "workspaces")
        assert (state, "CREATEROLE" in says) == ("warn", True)
    with blank.engine.begin() as connection:
        for table in ("contact", "deal"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    state, says = one(blank_url, "workspaces")
    assert state == "bad"
    assert "contact" in says
    assert "deal" in says
    assert "task" not in says
    assert says.endswith("; run: rabta migrate")


@on_postgresql
@pytest.mark.parametrize(
    ("off", "state"), [(0, "ok"), (30, "warn"), (-30, "warn"), (70, "bad"), (-70, "bad")]
)
def test_how_far_the_clock_is_off_is_told(
    blank: Database, blank_url: str, off: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del blank

    class Off(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Off:
            moment = datetime.now(tz) + timedelta(seconds=off)
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr("bot.doctor.datetime", Off)
    found, says = one(blank_url, "clock")
    assert found == state
    if state == "ok":
        assert says == "in step with the database's"
    else:
        assert abs(int(says.split()[0]) - abs(off)) <= 3
        assert says.endswith("seconds off the database's; set the time of both machines by NTP")


# --- what waits ---------------------------------------------------------------------------------


def test_what_waits_and_what_could_not_be_handled_are_counted(
    database: Database, database_url: str
) -> None:
    now, number = datetime.now(UTC), iter(range(100))

    def kept(count: int, **more: Any) -> None:
        with database.transaction() as session:
            for _ in range(count):
                here = {"door": "telegram", "chat": "c", "payload": {}, "event": str(next(number))}
                session.add(Inbox(**{"received_at": now, "state": "new", **here, **more}))

    kept(1)
    kept(4, state="done", received_at=now - timedelta(hours=1))
    assert one(database_url, "inbox") == ("ok", "nothing waits"), "it has only just come"
    kept(3, sender="telegram:7", turn_at=now + timedelta(minutes=5))
    kept(1, sender="telegram:8", turn_at=now + timedelta(minutes=5))
    assert one(database_url, "inbox") == ("ok", "nothing waits"), "whose turn is to come"
    state, says = one(database_url, "pace")
    assert (state, says.startswith("4 messages of 2 who wrote too fast")) == ("warn", True)
    kept(2, received_at=now - timedelta(minutes=2))
    waits = ("warn", "2 messages wait; is rabta run running?")
    assert one(database_url, "inbox") == waits
    kept(3, state="failed")
    failed = "3 messages could not be handled; see: rabta inbox --failed"
    both = [(each.state, each.says) for each in told(database_url, "inbox")]
    assert both == [waits, ("warn", failed)]


# --- settings -----------------------------------------------------------------------------------


def test_an_owner_is_set_or_there(database: Database, database_url: str) -> None:
    del database
    state, says = one(database_url, "owners")
    assert (state, says.startswith("nobody yet")) == ("warn", True)
    assert one(database_url, "owners", owners="telegram:101")[0] == "ok"


def test_an_open_house_is_warned_of(database: Database, database_url: str) -> None:
    del database
    assert not told(database_url, "RABTA_JOIN", join="invite")
    assert one(database_url, "RABTA_JOIN", join="open")[0] == "warn"
