"""Rows 15 and 25: who dies while sending costs a chat five seconds; no letter has two hands."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from scheduler.claims import LEASE
from scheduler.letters import Address, Letter, Outcome, Sent
from scheduler.outbox import Sender
from scheduler.records import record
from storage.clock import SetClock
from storage.database import Database
from tests.conversation import words
from tests.doors.loop import LiveLoop
from tests.faults.mail import Mail, sending, took

AYESHA = Address("telegram", "", chat="101")
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Killed(BaseException):
    """The program was killed at this very point."""


class Hands:
    """A sender whose door keeps every letter in its hands until it is told to let go."""

    def __init__(self, mail: Mail) -> None:
        self.open = asyncio.Event()
        self.holds: list[str] = []
        self.let_go: list[str] = []
        self.sender = Sender(mail.database, mail.clock, {"telegram": self.push})

    async def push(self, letter: Letter) -> Outcome:
        self.holds.append(words(letter.reply))
        try:
            await self.open.wait()
        finally:
            self.holds.remove(words(letter.reply))
            self.let_go.append(words(letter.reply))
        return Sent("m1")


def died_while_sending(mail: Mail) -> None:
    """A sender is killed with a letter in its hands."""

    async def push(_letter: Letter) -> Outcome:
        raise Killed

    with suppress(Killed):
        asyncio.run(Sender(mail.database, mail.clock, {"telegram": push}).flush())


def test_row_25_a_chat_is_taken_over_within_fifteen_seconds(mail: Mail, loop: LiveLoop) -> None:
    """By the real clock: on PostgreSQL the database's, on SQLite at the next start at once."""
    mail.writes(AYESHA, "one", "two")
    died_while_sending(mail)
    assert mail.states == ["sending", "waiting"]
    hands = Hands(mail)
    loop.do(_opened(hands))
    with sending(loop, hands.sender):
        seconds = took(mail.all_are("sent"), 15)
    assert hands.let_go == ["one", "two"]
    if not mail.database.is_sqlite:
        assert seconds > LEASE.total_seconds() - 1.5, "the other one might have lived"


@ON_POSTGRESQL
def test_row_25_the_living_keep_what_takes_long(mail: Mail, loop: LiveLoop) -> None:
    slow, other = Hands(mail), Hands(mail)
    loop.do(_opened(other))
    mail.writes(AYESHA, "one")
    with sending(loop, slow.sender):
        took(lambda: slow.holds, 10)
        with sending(loop, other.sender):
            time.sleep(LEASE.total_seconds() * 1.6)
            assert slow.holds == ["one"]
            loop.do(_opened(slow))
            took(mail.all_are("sent"), 10)
    assert other.let_go == []
    assert [row.attempts for row in mail.rows()] == [1]


@ON_POSTGRESQL
def test_row_15_who_cannot_renew_lets_go_before_another_takes_it(
    mail: Mail,
    loop: LiveLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its line to the database is cut, and it would send for ever."""
    caplog.set_level("CRITICAL", "rabta.outbox")
    cut, other = Hands(mail), Hands(mail)
    loop.do(_opened(other))
    mail.writes(AYESHA, "one")
    at_once: list[bool] = []

    async def push(letter: Letter) -> Outcome:
        at_once.append(bool(cut.holds))
        return await other.push(letter)

    other.sender.doors = {"telegram": push}
    with sending(loop, cut.sender):
        took(lambda: cut.holds, 10)
        monkeypatch.setattr(cut.sender, "_in_database", _cut)
        with sending(loop, other.sender):
            took(mail.all_are("sent"), 15)
    assert at_once == [False]
    assert [row.marked for row in mail.rows()] == [True]


def test_row_15_what_comes_too_late_changes_nothing(database: Database, clock: SetClock) -> None:
    """The first sender stood still; meanwhile another sent the letter once more."""
    mail = Mail(database, clock)
    mail.writes(AYESHA, "one")
    late: list[Letter] = []

    async def asleep(letter: Letter) -> Outcome:
        late.append(letter)
        raise Killed

    async def push(_letter: Letter) -> Outcome:
        return Sent("m2")

    sender = Sender(database, clock, {"telegram": asleep})
    with suppress(Killed):
        asyncio.run(sender.flush())
    clock.skip(LEASE)
    asyncio.run(Sender(database, clock, {"telegram": push}).flush())
    with database.transaction() as session:
        record(session, clock, late[0], Sent("m1"))
    (row,) = mail.rows()
    assert (row.state, row.sent_as, row.attempts) == ("sent", "m2", 2)


def test_row_34_what_is_known_is_written_down_when_the_database_is_back(
    mail: Mail, loop: LiveLoop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was away just when the letter had arrived: that is no reason to send it again."""
    caplog.set_level("CRITICAL", "rabta.outbox")
    hands = Hands(mail)
    mail.writes(AYESHA, "one")
    with sending(loop, hands.sender):
        took(lambda: hands.holds, 10)
        with monkeypatch.context() as away:
            away.setattr(hands.sender, "_in_database", _cut)
            loop.do(_opened(hands))
            took(lambda: hands.let_go, 5)
            time.sleep(0.3)
        took(mail.all_are("sent"), 4)
    assert [(row.attempts, row.marked) for row in mail.rows()] == [(1, False)]


def test_row_15_three_hundred_kills_send_twice_at_most(database: Database, clock: SetClock) -> None:
    mail = Mail(database, clock)
    tried: list[str] = []

    async def push(letter: Letter) -> Outcome:
        tried.append(words(letter.reply).splitlines()[0])
        raise Killed

    for number in range(30):
        mail.writes(Address("telegram", "", chat=str(number)), f"letter {number}")
    for _ in range(300):
        with suppress(Killed):
            asyncio.run(Sender(database, clock, {"telegram": push}).flush())
        clock.skip(LEASE)
    assert max(tried.count(f"letter {number}") for number in range(30)) <= 2
    assert set(mail.states) == {"unknown"}


@ON_POSTGRESQL
def test_row_28_a_clock_that_goes_wrong_delays_no_letter(
    database: Database, loop: LiveLoop
) -> None:
    """It was written by a machine that is an hour ahead; the database's clock decides."""
    ahead = SetClock(Mail(database).clock.now() + timedelta(hours=1), running=True)
    Mail(database, ahead).writes(AYESHA, "one")
    mail = Mail(database)
    hands = Hands(mail)
    loop.do(_opened(hands))
    with sending(loop, hands.sender):
        took(mail.all_are("sent"), 5)


async def _opened(hands: Hands) -> None:
    hands.open.set()


async def _cut(_work: object) -> object:
    raise ConnectionError
