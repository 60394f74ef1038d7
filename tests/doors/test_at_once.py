"""A message that comes alone is kept, handled and its answer claimed in one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot.desk import Desk
from bot.door import Keep, Raw
from bot.incoming import Incoming
from bot.pump import Pump
from bot.reception import House
from bot.telegram_read import Me, chat_of, event_of, noted, read_update, sender_of
from handlers.library import the_book
from scheduler.letters import Letter, Sent
from scheduler.outbox import Sender
from storage.clock import SystemClock
from storage.database import Database
from storage.models import Activity, Inbox, Outbox

RATE = 5


class Door:
    """Telegram's messages, and letters that stay under way until ``lands``."""

    name = "telegram"

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.lands = asyncio.Event()

    async def run(self, keep: Keep) -> None: ...

    async def stop(self) -> None: ...

    def is_whole(self, _payload: dict[str, Any], /) -> bool:
        return True

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        return read_update(payload)

    async def push(self, letter: Letter) -> Sent:
        self.letters.append(letter)
        await self.lands.wait()
        return Sent("1", letter.address.chat)


class One:
    """One process on SQLite, moved by hand: ``hears`` is what its door does."""

    def __init__(self, database: Database, rate: int = 1000) -> None:
        clock, self.database, self.door = SystemClock(), database, Door()
        self.desk = Desk(database, the_book(), clock, House(open=True, rate=rate))
        self.sender = Sender(database, clock, {"telegram": self.door.push})
        self.pump = Pump(
            self.desk, {"telegram": self.door}, after=self.sender.wake, sender=self.sender
        )
        self.number = 0

    def update(self, text: str, chat: int = 101) -> dict[str, Any]:
        self.number += 1
        who = {"id": chat, "is_bot": False, "first_name": "Ayesha", "language_code": "en"}
        where = {"id": chat, "first_name": "Ayesha", "type": "private"}
        at = int(datetime.now(UTC).timestamp())
        message = {"message_id": self.number, "date": at, "chat": where, "from": who, "text": text}
        return noted({"update_id": self.number, "message": message}, Me(4711, "rabta_bot"), at)

    async def hears(self, *updates: dict[str, Any]) -> None:
        await self.pump.keep("telegram", [raw_of(each) for each in updates])

    async def finish(self) -> None:
        self.door.lands.set()
        await self.pump.drain()
        await self.sender.flush()

    def rows(self, *columns: Any) -> list[Any]:
        with self.database.transaction() as session:
            return list(session.execute(select(*columns).order_by(columns[0])).all())

    @property
    def notes(self) -> list[str]:
        with self.database.transaction() as session:
            return [
                str(row.text) for row in session.scalars(select(Activity).order_by(Activity.id))
            ]


def raw_of(update: dict[str, Any]) -> Raw:
    return Raw(event_of(update), chat_of(update), update, sender_of(update))


@pytest.fixture
def sqlite(database: Database) -> Database:
    if not database.is_sqlite:
        pytest.skip("several write there: what arrives is kept by itself")
    return database


@pytest.fixture
def commits(sqlite: Database) -> Iterator[list[int]]:
    """A number for each transaction of the thread that writes."""
    found: list[int] = []
    main = threading.get_ident()

    def counts(_connection: Any) -> None:
        if threading.get_ident() != main:
            found.append(len(found))

    event.listen(sqlite.engine, "commit", counts)
    yield found
    event.remove(sqlite.engine, "commit", counts)


def done(one: One) -> list[tuple[str, int]]:
    return [(row.state, row.tries) for row in one.rows(Inbox.id, Inbox.state, Inbox.tries)]


def letters(one: One) -> list[tuple[str, int]]:
    found = one.rows(Outbox.id, Outbox.state, Outbox.attempts)
    return [(row.state, row.attempts) for row in found]


def test_row_15_it_takes_one_commit_until_its_answer_leaves(
    sqlite: Database, commits: list[int]
) -> None:
    """The attempt is committed before the send: a kill in it costs one marked repeat."""

    async def story(one: One) -> None:
        await one.hears(one.update("note Sara Malik: rates"))
        assert len(commits) == 1
        assert done(one) == [("done", 0)]
        assert letters(one) == [("sending", 1)]
        await asyncio.sleep(0)
        assert [letter.attempt for letter in one.door.letters] == [1]
        await one.finish()
        assert letters(one) == [("sent", 1)]

    asyncio.run(story(One(sqlite)))


def test_row_15_a_kill_while_its_answer_leaves_costs_one_marked_repeat(sqlite: Database) -> None:
    first = One(sqlite)
    update = first.update("note Sara Malik: rates")

    async def killed(one: One) -> None:
        await one.hears(update)
        await asyncio.sleep(0)
        assert len(one.door.letters) == 1

    async def anew(one: One) -> None:
        await one.hears(update)  # it comes again
        await one.sender.take_over()
        await one.finish()
        assert [(it.attempt, it.marked) for it in one.door.letters] == [(2, True)]
        assert one.notes == ["rates"]
        assert letters(one) == [("sent", 2)]

    asyncio.run(killed(first))
    asyncio.run(anew(One(sqlite)))


def test_row_02_a_repeat_of_it_does_nothing(sqlite: Database) -> None:
    async def story(one: One) -> None:
        update = one.update("note Sara Malik: rates")
        for _ in range(3):
            await one.hears(update)
        await one.finish()
        assert one.notes == ["rates"]
        assert letters(one) == [("sent", 1)]

    asyncio.run(story(One(sqlite)))


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets a message of these words fail, and keeps what was tried."""
    tried: list[str] = []
    answers: Callable[..., None] = Desk._answer

    def broken(self: Desk, session: Any, incoming: Incoming) -> None:
        answers(self, session, incoming)
        tried.append(incoming.text)
        if "boom" in incoming.text:
            raise ZeroDivisionError

    monkeypatch.setattr(Desk, "_answer", broken)
    return tried


def test_row_05_what_cannot_be_handled_is_kept_all_the_same(
    sqlite: Database, fails: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")

    async def story(one: One) -> None:
        await one.hears(one.update("note Sara Malik: boom"))
        assert done(one) == [("new", 0)]
        await asyncio.sleep(0.2)
        await one.hears(one.update("note Sara Malik: rates"))
        await one.finish()
        assert done(one) == [("new", 1), ("done", 0)]
        assert one.notes == ["rates"]
        assert len(letters(one)) == 1
        assert fails[-1] == "note Sara Malik: rates"

    asyncio.run(story(One(sqlite)))


def test_row_32_what_cannot_be_written_is_not_acknowledged(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    answers: Callable[..., None] = Desk._answer

    def refuses(self: Desk, session: Any, incoming: Incoming) -> None:
        answers(self, session, incoming)
        raise OperationalError("INSERT", None, full)

    async def story(one: One) -> None:
        update = one.update("note Sara Malik: rates")
        with monkeypatch.context() as broken:
            broken.setattr(Desk, "_answer", refuses)
            with pytest.raises(OperationalError):
                await one.hears(update)
        assert (done(one), letters(one), one.notes) == ([], [], [])
        assert one.door.letters == []
        await one.hears(update)
        await one.finish()
        assert one.notes == ["rates"]

    asyncio.run(story(One(sqlite)))


def test_what_waits_in_its_chat_comes_first(sqlite: Database) -> None:
    """A message that a kill left unhandled is older than the one that comes now."""

    async def story(one: One) -> None:
        first = one.update("note Sara Malik: first")
        await asyncio.to_thread(one.desk.keep, "telegram", [raw_of(first)])
        await one.hears(one.update("note Sara Malik: second"))
        await one.finish()
        assert one.notes == ["first", "second"]
        assert done(one) == [("done", 0)] * 2

    asyncio.run(story(One(sqlite)))


def test_an_answer_waits_for_the_one_before_it(sqlite: Database) -> None:
    async def story(one: One) -> None:
        for text in ("first", "second"):
            await one.hears(one.update(f"note Sara Malik: {text}"))
            await asyncio.sleep(0)
        assert one.notes == ["first", "second"]
        assert letters(one) == [("sending", 1), ("waiting", 0)]
        assert len(one.door.letters) == 1
        await one.finish()
        assert letters(one) == [("sent", 1)] * 2

    asyncio.run(story(One(sqlite)))


def test_row_50_above_the_pace_of_its_sender_it_waits(sqlite: Database) -> None:
    async def story(one: One) -> None:
        one.door.lands.set()
        for number in range(RATE + 2):
            await one.hears(one.update(f"note Sara Malik: rates {number}"))
        await one.finish()
        assert one.notes == [f"rates {number}" for number in range(RATE)]
        assert done(one) == [("done", 0)] * RATE + [("new", 0)] * 2
        assert len(letters(one)) == RATE + 1  # told once that it waits

    asyncio.run(story(One(sqlite, rate=RATE)))
