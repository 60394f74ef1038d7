"""Several processes on one inbox and one outbox: what one has in its hands costs the others little.

Each taker has a database of its own, as a process would; what they send is counted.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from bot import elsewhere
from bot.desk import Desk
from bot.door import Raw
from bot.incoming import Incoming, Place
from bot.incoming import Sender as Person
from bot.pump import Pump
from bot.reception import House
from bot.telegram_pace import toll_of
from handlers.library import the_book
from handlers.reply import Reply, says
from scheduler.letters import Address
from scheduler.outbox import Sender, post
from storage.clock import SystemClock
from storage.database import Database
from storage.models import Inbox, Outbox, Turn
from tests.conftest import spare_compiling
from tests.conversation import FakeDoor, packed
from tests.doors.waiting import ended

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

MESSAGES, LETTERS = 60, 100

KINDS = {
    "claims": ("UPDATE inbox SET state", ""),
    "looks": ("SELECT inbox.id, inbox.door", ""),
    "due": ("SELECT outbox.id, outbox.place", "under_way"),
}


@dataclass
class Taker:
    """One process, and how many statements of each kind it sent."""

    database: Database
    door: FakeDoor
    pump: Pump
    sender: Sender
    sent: Counter[str] = field(default_factory=Counter)

    @classmethod
    def on(cls, url: str) -> Taker:
        database, door, clock = Database(url), FakeDoor(), SystemClock()
        spare_compiling(database.engine)
        desk = Desk(database, the_book(), clock, House(open=True))
        tolls = {door.name: lambda letter: toll_of("1", letter)}
        sender = Sender(database, clock, {door.name: door.push}, tolls=tolls)
        taker = cls(database, door, Pump(desk, {door.name: door}), sender)

        @event.listens_for(database.engine, "before_cursor_execute")
        def _sends(_c: Any, _cursor: Any, said: str, _v: Any, _context: Any, _many: bool) -> None:
            for kind, (beginning, part) in KINDS.items():
                taker.sent[kind] += said.startswith(beginning) and part in said

        return taker


@contextmanager
def takers(url: str, count: int) -> Iterator[list[Taker]]:
    with ExitStack() as stack:
        found = [Taker.on(url) for _ in range(count)]
        for each in found:
            stack.enter_context(closing(each.database))
        yield found


def sent_by(found: Sequence[Taker]) -> Counter[str]:
    return sum((each.sent for each in found), Counter[str]())


@asynccontextmanager
async def running(*programs: Pump | Sender) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each.run()) for each in programs]
    yield
    await ended(*tasks)


async def none_left(database: Database, kind: type[Inbox | Outbox], state: str) -> float:
    """Wait until none is in that state; how many seconds it took."""

    def left() -> int:
        with database.transaction() as session:
            return session.scalar(select(func.count()).where(kind.state == state)) or 0

    begun = time.monotonic()
    while await asyncio.to_thread(left):
        assert time.monotonic() < begun + 60
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


# --- messages -------------------------------------------------------------------------------------


def messages(chats: int, count: int) -> list[Raw]:
    """In so many people's private chats by turns; each says its number."""
    now = datetime.now(UTC)
    people = [Person("telegram", "", f"7{number:03}", f"P{number}") for number in range(chats)]
    made = []
    for number in range(count):
        person = people[number % chats]
        said = Incoming(
            f"many:{number}", person, Place("telegram", "", person.id), now,
            text=f"note Sara Malik: {number}",
        )  # fmt: skip
        made.append(Raw(said.event, person.id, packed(said)))
    return made


def acted_on(database: Database) -> list[int]:
    """The numbers of the messages, chat by chat, as they were acted on."""
    with database.transaction() as session:
        said = session.scalars(select(Turn.said).order_by(Turn.chat_id, Turn.id)).all()
    return [int((each or "").rpartition(" ")[2]) for each in said]


@pytest.mark.parametrize("chats", [12, 1])
def test_row_26_three_pumps_take_little_more_than_one(database_url: str, chats: int) -> None:
    said = messages(chats, MESSAGES)

    async def go(found: Sequence[Taker]) -> None:
        async with running(*(each.pump for each in found)):
            for number, each in enumerate(found):
                await each.pump.keep("telegram", said[number :: len(found)])
            await none_left(found[0].database, Inbox, "new")
            await asyncio.sleep(1)  # where there is nothing to do, nothing is done

    with takers(database_url, 3) as found:
        asyncio.run(go(found))
        assert sorted(acted_on(found[0].database)) == list(range(MESSAGES))
        sent = sent_by(found)
        assert MESSAGES <= sent["claims"] <= 4 * MESSAGES
        assert sent["looks"] <= 6 * MESSAGES


def test_row_26_a_chat_keeps_its_order_whoever_takes_it(database_url: str) -> None:
    async def go(found: Sequence[Taker]) -> None:
        async with running(*(each.pump for each in found)):
            for number, each in enumerate(messages(1, MESSAGES)):
                await found[number % len(found)].pump.keep("telegram", [each])
            await none_left(found[0].database, Inbox, "new")

    with takers(database_url, 3) as found:
        asyncio.run(go(found))
        assert acted_on(found[0].database) == list(range(MESSAGES))


def held(taker: Taker, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """It stops in the middle of its first message: that it is there, and that it may go on."""
    there, go_on = Event(), Event()
    reply = taker.pump.desk._reply

    def stops(*told: Any) -> Reply:
        there.set()
        assert go_on.wait(30)
        return reply(*told)

    monkeypatch.setattr(taker.pump.desk, "_reply", stops)
    return there, go_on


def test_row_26_what_comes_in_here_is_done_as_soon_as_another_is_done_with_its_chat(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the chat looks for its next message: no pause of the other's is waited for."""
    for name in ("LEAST", "MOST", "LONGEST"):
        monkeypatch.setattr(elsewhere, name, 60.0)
    first, second = messages(1, 2)

    async def go(one: Taker, two: Taker) -> float:
        there, go_on = held(one, monkeypatch)
        async with running(one.pump):
            await one.pump.keep("telegram", [first])
            assert await asyncio.to_thread(there.wait, 10)
            async with running(two.pump):
                await two.pump.keep("telegram", [second])
                await asyncio.sleep(1)
                go_on.set()
                return await none_left(one.database, Inbox, "new")

    with takers(database_url, 2) as (one, two):
        assert asyncio.run(go(one, two)) < 20
        assert acted_on(one.database) == [0, 1]
        assert two.sent["claims"] <= 2


def test_row_25_what_a_dead_pump_had_in_its_hands_is_taken_over_a_moment_later(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go(one: Taker, two: Taker) -> float:
        there, go_on = held(one, monkeypatch)
        async with running(one.pump):
            await one.pump.keep("telegram", messages(1, 1))
            assert await asyncio.to_thread(there.wait, 10)
            async with running(two.pump):
                await asyncio.sleep(1)
                await asyncio.to_thread(end_what_is_held, two.database)
                took = await none_left(two.database, Inbox, "new")
            go_on.set()
            return took

    with takers(database_url, 2) as (one, two):
        assert asyncio.run(go(one, two)) < elsewhere.LONGEST + 8
        assert acted_on(two.database) == [0]


def end_what_is_held(database: Database) -> None:
    """What a kill comes to: the server takes back the transaction that was under way."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    ours = "WHERE datname = current_database() AND state = 'idle in transaction'"
    with database.transaction() as session:
        assert session.execute(text(f"{end} {ours}")).all()


# --- letters --------------------------------------------------------------------------------------


def test_row_26_three_senders_look_little_more_often_than_one(database_url: str) -> None:
    """At Telegram's pace, where all of them wait for the same moment."""

    async def go(found: Sequence[Taker]) -> None:
        async with running(*(each.sender for each in found)):
            await asyncio.sleep(0.2)
            with found[0].database.transaction() as session:
                for number in range(LETTERS):
                    to = Address("telegram", "", f"{number}")
                    post(session, to, says("Salam"), datetime.now(UTC), workspace_id=None)
            for each in found:
                each.sender.wake()
            await none_left(found[0].database, Outbox, "waiting")
            await none_left(found[0].database, Outbox, "sending")

    with takers(database_url, 3) as found:
        asyncio.run(go(found))
        assert sum(len(each.door.letters) for each in found) == LETTERS
        assert sent_by(found)["due"] < 2 * LETTERS
