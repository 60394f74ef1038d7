"""Rows 31 and 32: a disk that is full, a torn file, kills; copied while in use, and put back."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from bot.cli import main
from bot.door import Raw
from bot.incoming import Incoming
from bot.operate import beside
from storage.backup import problem
from storage.clock import SetClock
from storage.database import SOME, Database
from storage.hold import hold
from storage.models import Company, Inbox, Outbox
from storage.trouble import FULL
from tests.conversation import AYESHA, Conversation, packed, unpacked, words

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite


def file_of(database: Database) -> Path:
    return Path(str(database.url.database))


def fill(database: Database) -> None:
    """There is no room on the disk for another page, for the thread that writes."""
    _allow(database, lambda session: session.execute(text("PRAGMA page_count")).scalar_one())


def make_room(database: Database) -> None:
    _allow(database, lambda _session: 1_000_000)


def _allow(database: Database, pages: Callable[[Session], int]) -> None:
    def work(session: Session) -> None:
        session.execute(text(f"PRAGMA max_page_count={pages(session)}"))

    asyncio.run(database.in_thread(database.run, work))


def raw(number: int, size: int = 20_000) -> Raw:
    return Raw(f"e{number}", "1", {"text": "x" * size})


def count(database: Database, table: Any) -> int:
    with database.transaction() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


async def kept(chat: Conversation, *events: Raw) -> None:
    await chat.pump.keep("telegram", events)


# --- full -----------------------------------------------------------------------------------------


async def _both(chat: Conversation) -> None:
    await kept(chat, raw(1, 10), raw(2))


def test_row_32_what_finds_no_room_is_not_acknowledged(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    """``keep`` raises, so no door says that it arrived; and half of it is not kept either."""
    chat.says("hello")
    before = count(chat.database, Inbox)
    fill(chat.database)
    with pytest.raises(OperationalError):
        asyncio.run(_both(chat))
    assert [record.message for record in caplog.records] == [FULL]
    assert count(chat.database, Inbox) == before
    make_room(chat.database)
    with caplog.at_level("CRITICAL"):  # what is stored here can be read by no door
        asyncio.run(_both(chat))
    assert count(chat.database, Inbox) == before + 2


def test_row_32_a_message_that_finds_no_room_waits_and_no_try_is_counted(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    chat.says("hello")
    answers = count(chat.database, Outbox)

    def full(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO outbox"):  # all else of the message has found room
            raise _full()

    event.listen(chat.database.engine, "before_cursor_execute", full)
    with caplog.at_level("CRITICAL", "rabta.pump"):
        row_id = _kept(chat, "met Sara Malik from Nishat Mills")
        for _ in range(7):
            with pytest.raises(DBAPIError):
                chat.desk.handle(row_id, chat_reads(chat, row_id))
    event.remove(chat.database.engine, "before_cursor_execute", full)
    assert count(chat.database, Company) == 0
    assert count(chat.database, Outbox) == answers
    with chat.database.transaction() as session:
        row = session.get_one(Inbox, row_id)
        assert (row.state, row.tries) == ("new", 0)
    chat.desk.handle(row_id, chat_reads(chat, row_id))
    assert "Sara Malik" in words(chat.delivers()[-1].reply)


def _full() -> OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("INSERT", {}, error)


def _kept(chat: Conversation, text_: str) -> int:
    sender = chat.person(AYESHA)
    where = chat.place(sender)
    incoming = Incoming("room", sender, where, chat.clock.now(), text=text_)
    chat.desk.keep("telegram", [Raw("room", where.chat, packed(incoming))])
    with chat.database.transaction() as session:
        return session.scalars(select(Inbox.id).where(Inbox.event == "room")).one()


def chat_reads(chat: Conversation, row_id: int) -> Any:
    with chat.database.transaction() as session:
        return unpacked(session.get_one(Inbox, row_id).payload)


# --- torn -----------------------------------------------------------------------------------------


def tear(path: Path) -> None:
    """Half of it is gone, as after a disk that died."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def rabta(url: str, *arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"RABTA_DATABASE_URL": url, **settings})


TOKEN = {"RABTA_TELEGRAM_TOKEN": "1:a"}


@pytest.mark.parametrize("damage", ["torn", "no database"])
def test_row_32_a_damaged_file_is_not_served(
    database: Database, clock: SetClock, database_url: str, damage: str
) -> None:
    Conversation(database, clock).says("met Sara Malik from Nishat Mills")
    database.close()
    path = file_of(database)
    tear(path)
    if damage == "no database":
        path.write_bytes(b"so it goes" * 1000)
    for command in (("run",), ("chat",)):
        told = rabta(database_url, *command, **TOKEN)
        assert told.exit_code == 2
        assert "the database file is damaged" in told.output
        assert "rabta restore" in told.output
        assert len(told.output.strip().splitlines()) == 1
    assert rabta(database_url, "doctor").exit_code == 1


def test_row_32_the_doctor_finds_a_whole_file_whole(chat: Conversation, database_url: str) -> None:
    chat.says("hello")
    told = rabta(database_url, "doctor").output
    assert "file: whole" in told


@pytest.mark.parametrize(
    ("version", "warned"),
    [((3, 40, 1), True), ((3, 51, 2), True), ((3, 50, 6), True), ((3, 51, 3), False),
     ((3, 50, 7), False), ((3, 44, 6), False), ((3, 53, 0), False)],
)  # fmt: skip
def test_row_31_the_doctor_warns_of_an_old_sqlite(
    chat: Conversation,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
    warned: bool,
) -> None:
    chat.says("hello")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert ("two processes tidy up" in rabta(database_url, "doctor").output) is warned


# --- a copy, and back -----------------------------------------------------------------------------


def test_row_32_a_copy_made_in_use_is_whole_and_comes_back(
    chat: Conversation, database_url: str, tmp_path: Path
) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    copied = tmp_path / "copy.db"
    with hold(database_url, "run"):  # it runs
        told = rabta(database_url, "backup", str(copied))
        assert told.exit_code == 0, told.output
        chat.says("met Omar Farooq from Bilal Traders")
        refused = rabta(database_url, "restore", str(copied))
        assert refused.exit_code == 2
        assert "is in use (rabta run" in refused.output
    assert problem(copied) == ""
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600 or os.name == "nt"
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy.db"]

    chat.database.close()
    told = rabta(database_url, "restore", str(copied))
    assert told.exit_code == 0, told.output
    with closing(Database(database_url)) as database:
        assert count(database, Company) == 1
    (aside,) = [each for each in tmp_path.glob("rabta.db.before-*") if "-wal" not in each.name]
    assert problem(aside) == ""
    with closing(Database(f"sqlite:///{aside}")) as database:
        assert count(database, Company) == 2, "what was there is set aside, not lost"


def test_row_32_a_copy_replaces_a_torn_database(
    chat: Conversation, database_url: str, tmp_path: Path
) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    copied = tmp_path / "copy.db"
    assert rabta(database_url, "backup", str(copied)).exit_code == 0
    chat.says("met Omar Farooq from Bilal Traders")
    chat.database.close()
    tear(file_of(chat.database))
    refused = rabta(database_url, "backup", str(tmp_path / "bad.db"))
    assert refused.exit_code == 2
    assert not (tmp_path / "bad.db").exists(), "no copy rather than a bad one"
    assert rabta(database_url, "restore", str(copied)).exit_code == 0
    assert problem(file_of(chat.database)) == ""
    with closing(Database(database_url)) as database:
        assert count(database, Company) == 1


@pytest.mark.parametrize("what", ["nothing", "no database", "another database", "torn"])
def test_row_32_what_is_no_backup_changes_nothing(
    chat: Conversation, database_url: str, tmp_path: Path, what: str
) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    copied = tmp_path / "copy.db"
    if what == "no database":
        copied.write_text("so it goes" * 100)
    elif what == "another database":
        with closing(sqlite3.connect(copied)) as connection:
            connection.execute("CREATE TABLE song (name TEXT)")
    elif what == "torn":
        rabta(database_url, "backup", str(copied))
        tear(copied)
    chat.database.close()
    told = rabta(database_url, "restore", str(copied))
    assert told.exit_code == 2
    assert len(told.output.strip().splitlines()) == 1
    assert not list(tmp_path.glob("rabta.db.*before*"))
    with closing(Database(database_url)) as database:
        assert count(database, Company) == 1


def test_row_32_a_copy_is_read_without_the_log_of_what_stood_there(
    chat: Conversation, database_url: str, tmp_path: Path
) -> None:
    """The file was lost, its log was not: what it holds belongs to no page of the copy."""
    chat.says("met Sara Malik from Nishat Mills")
    copied = tmp_path / "copy.db"
    assert rabta(database_url, "backup", str(copied)).exit_code == 0
    chat.says("met Omar Farooq from Bilal Traders")
    path = file_of(chat.database)
    log = path.with_name(f"{path.name}-wal")
    kept = log.read_bytes()
    assert kept, "what was written last stands in the log"
    chat.database.close()
    path.unlink()
    log.write_bytes(kept)
    assert rabta(database_url, "restore", str(copied)).exit_code == 0
    assert problem(path) == ""
    with closing(Database(database_url)) as database:
        assert count(database, Company) == 1


def test_row_32_a_copy_never_overwrites(
    chat: Conversation, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "copy.db").write_text("mine")
    told = rabta(database_url, "backup", str(tmp_path / "copy.db"))
    assert told.exit_code == 2
    assert (tmp_path / "copy.db").read_text() == "mine"
    assert "pg_dump" in rabta("postgresql://nowhere/x", "backup", str(tmp_path / "c")).output


def test_row_31_a_guest_never_checkpoints_not_even_when_it_leaves(
    chat: Conversation, database_url: str
) -> None:
    """The holder's log is as long after a guest has written and gone as it was written."""
    with hold(database_url, "run"):
        chat.says("hello")
        log = Path(f"{file_of(chat.database)}-wal")
        before, size = file_of(chat.database).read_bytes(), log.stat().st_size
        with beside(database_url) as guest, guest.transaction() as session:
            for _ in range(400):
                session.execute(text("UPDATE workspace SET name = name"))
            session.execute(text("CREATE TABLE wide (x)"))
            session.execute(text("INSERT INTO wide VALUES (zeroblob(40000000))"))
        assert log.stat().st_size > size + 40_000_000
        assert file_of(chat.database).read_bytes() == before


def test_row_31_in_a_quiet_moment_the_log_is_put_into_the_file(
    database: Database, tmp_path: Path
) -> None:
    """What is in the file alone is what was put there; it is not put there again for nothing."""

    def write(session: Session) -> None:
        session.execute(text("CREATE TABLE much (n INTEGER)"))
        session.execute(text("INSERT INTO much VALUES (:n)"), [{"n": 1}] * (SOME + 1))

    def in_the_file() -> int:
        alone = tmp_path / "alone.db"
        shutil.copy(file_of(database), alone)
        with closing(sqlite3.connect(f"file:{alone}?immutable=1", uri=True)) as connection:
            try:
                return int(connection.execute("SELECT count(*) FROM much").fetchone()[0])
            except sqlite3.OperationalError:
                return 0

    database.run(write)
    assert in_the_file() == 0
    assert database.put_in_place()
    assert in_the_file() == SOME + 1
    assert not database.put_in_place()
