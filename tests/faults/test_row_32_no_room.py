"""Row 32 on PostgreSQL: its disk is full, which it says with an error of its own (53100)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.door import Raw
from bot.incoming import Incoming
from storage.database import Database
from storage.models import Company, Inbox, Outbox
from storage.trouble import FULL
from tests.conversation import AYESHA, Conversation, packed, words

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

SAID = "met Sara Malik from Nishat Mills"


@contextmanager
def full(database: Database, table: str) -> Iterator[None]:
    """The server has no room for another row of that table."""
    with database.transaction() as session:
        session.execute(text(NO_ROOM))
        session.execute(
            text(
                f"CREATE TRIGGER no_room BEFORE INSERT ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
        )
    try:
        yield
    finally:
        with database.transaction() as session:
            session.execute(text("DROP FUNCTION no_room CASCADE"))


NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$"""


def incoming(chat: Conversation) -> Incoming:
    sender = chat.person(AYESHA)
    return Incoming("room", sender, chat.place(sender), chat.clock.now(), text=SAID)


def raw(said: Incoming) -> Raw:
    return Raw(said.event, said.place.chat, packed(said))


def count(chat: Conversation, table: type[Company | Inbox | Outbox]) -> int:
    with chat.database.transaction() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_row_32_what_finds_no_room_is_not_acknowledged(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    chat.says("hello")
    said = raw(incoming(chat))
    with full(chat.database, "inbox"), pytest.raises(DBAPIError):
        asyncio.run(chat.pump.keep("telegram", [said]))
    assert [record.message for record in caplog.records] == [FULL]
    assert count(chat, Inbox) == 1
    chat.receives(incoming(chat))
    assert "Sara Malik" in words(chat.heard[-1].reply)


@pytest.mark.parametrize("table", ["outbox", "change", "company"])
def test_row_32_a_message_that_finds_no_room_waits_and_no_try_is_counted(
    chat: Conversation, caplog: pytest.LogCaptureFixture, table: str
) -> None:
    """Whichever of its rows finds none: nothing of it is written, nobody is told of an error."""
    chat.says("hello")
    answers, said = count(chat, Outbox), incoming(chat)
    chat.desk.keep("telegram", [raw(said)])
    with chat.database.transaction() as session:
        number = session.scalars(select(Inbox.id).where(Inbox.event == "room")).one()
    with full(chat.database, table), caplog.at_level("CRITICAL", "rabta"):
        for _ in range(7):
            with pytest.raises(DBAPIError):
                chat.desk.handle(number, said)
    assert (count(chat, Company), count(chat, Outbox)) == (0, answers)
    with chat.database.transaction() as session:
        row = session.get_one(Inbox, number)
        assert (row.state, row.tries) == ("new", 0)
    chat.desk.handle(number, said)
    assert "Sara Malik" in words(chat.delivers()[-1].reply)
