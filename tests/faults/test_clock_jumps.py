"""Row 28: clocks that are set, and nodes whose clock is off. The database's decides."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import apscheduler.schedulers.base
import pytest
from sqlalchemy import event

from bot.buttons import with_tokens
from bot.health import Health
from scheduler import clock as clockwork
from scheduler.drawing import Draw
from storage.clock import DatabaseClock, SystemClock, clock_of
from storage.database import Database
from storage.types import Ids, new_id
from tests.conversation import Conversation, words

HOUR = 3600.0
NEAR = timedelta(seconds=20)  # on a busy machine
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def database_set(database: Database, by: str) -> Iterator[None]:
    """The database's own clock goes wrong by so much."""

    def told(_c: Any, _u: Any, statement: str, given: Any, _x: Any, _m: bool) -> tuple[str, Any]:
        for moment in ("clock_timestamp()", "statement_timestamp()"):
            statement = statement.replace(moment, f"{moment} + interval '{by}'")
        return statement, given

    event.listen(database.engine, "before_cursor_execute", told, retval=True)
    yield
    event.remove(database.engine, "before_cursor_execute", told)


@on_postgresql
@pytest.mark.parametrize("off", [-HOUR, HOUR])
def test_row_28_a_node_whose_clock_is_off_goes_by_the_database(
    database: Database, off: float, caplog: pytest.LogCaptureFixture
) -> None:
    clock = DatabaseClock(database.engine, wall=lambda: time.time() + off)
    assert abs(clock.now() - datetime.now(UTC)) < NEAR
    assert clock.skew == pytest.approx(off, abs=NEAR.seconds)
    assert "off the database's, which counts" in caplog.text
    state = asyncio.run(Health(database, clock, {}).look())
    assert state["clock"] == f"{clock.skew:+.1f} s off the database's"


@on_postgresql
def test_row_28_in_step_there_is_no_alarm(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    off = 0.0
    clock = DatabaseClock(database.engine, wall=lambda: time.time() + off)
    assert asyncio.run(Health(database, clock, {}).look())["clock"] == "ok"
    assert caplog.text == ""
    for off in (3.0, 3.0, 0.5, 0.5):  # noqa: B007 - the wall clock reads it
        clock.measure()
    assert [record.message[:40] for record in caplog.records] == [
        "this machine's clock is +3.0 s off the d",
        "this machine's clock is in step with the",
    ]


@on_postgresql
def test_row_28_between_two_looks_time_goes_by_the_beat(database: Database) -> None:
    beats = [1000.0]
    clock = DatabaseClock(database.engine, beat=lambda: beats[0])
    begun = clock.now()
    asked = 0

    def count(*_: Any) -> None:
        nonlocal asked
        asked += 1

    event.listen(database.engine, "before_cursor_execute", count)
    beats[0] += 90
    assert clock.now() - begun == timedelta(seconds=90)
    assert asked == 0, "no round trip"


@on_postgresql
def test_row_28_a_database_that_is_set_is_followed_and_told_of(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock = DatabaseClock(database.engine)
    with database_set(database, "1 hour"):
        clock.measure()
        assert timedelta(minutes=59) < clock.now() - datetime.now(UTC) < timedelta(minutes=61)
    clock.measure()
    assert abs(clock.now() - datetime.now(UTC)) < NEAR
    assert "was set by +3600 s" in caplog.text
    assert "was set by -3600 s" in caplog.text


@on_postgresql
def test_row_28_rows_are_numbered_by_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two nodes hours apart: what came later has the higher number, so undo finds it."""
    real, first_node, second_node = time.time, Ids(), Ids()
    first_node.clock = second_node.clock = DatabaseClock(database.engine)
    monkeypatch.setattr(time, "time", lambda: real() + HOUR)
    first = first_node()
    time.sleep(0.05)
    monkeypatch.setattr(time, "time", lambda: real() - HOUR)
    assert second_node() > first


def test_row_28_only_postgresql_is_asked_for_the_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_id, "clock", None)
    assert isinstance(clock_of(database.engine), SystemClock) == database.is_sqlite
    assert (new_id.clock is None) == database.is_sqlite


@pytest.mark.parametrize("seed", range(2))
def test_row_28_jumps_lose_and_double_nothing(chat: Conversation, seed: int) -> None:
    """Every ten minutes something is due; the clock jumps an hour on and back as it likes."""
    chance = random.Random(seed)
    start = chat.clock.now()
    due = {f"rate list {n}": start + timedelta(minutes=10 * n) for n in range(1, 19)}
    for text, at in due.items():
        chat.runs("task.add", text=text, due=f"{at + timedelta(hours=5):%Y-%m-%dT%H:%M}")
    chat.runs("task.add", text="close the till", due="2026-11-23T11:05", every="day")
    came: Counter[str] = Counter()
    wrong = timedelta()
    for minute in range(5, 60 * 5, 5):
        if chance.random() < 0.2:
            wrong = chance.choice([timedelta(hours=-1), timedelta(), timedelta(hours=1)])
        right = start + timedelta(minutes=minute)
        chat.clock.set(right + wrong)
        for heard in chat.rings():
            text = words(heard.reply).splitlines()[0].removeprefix("⏰ ")
            came[text] += 1
            if text in due:
                assert right >= due[text] - timedelta(hours=1), "not earlier than it jumped"
    assert came == Counter([*due, "close the till"])


def test_row_28_the_bell_goes_on_when_the_machine_is_set_back(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """APScheduler counts by the wall: an hour back, and it would be silent for an hour."""
    off = 0.0

    class Wall(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=off)

    real = time.time
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Wall)
    monkeypatch.setattr(clockwork, "datetime", Wall)
    monkeypatch.setattr(time, "time", lambda: real() + off)
    monkeypatch.setattr(clockwork, "SET", 0.2)
    rung, wanted, enough = 0, 0, asyncio.Event()

    async def go() -> None:
        nonlocal off, wanted
        bell = clockwork.Clockwork(chat.database, chat.clock, Draw(chat.book, with_tokens))

        async def count() -> set[str]:
            nonlocal rung
            rung += 1
            if rung == wanted:
                enough.set()
            return set()

        monkeypatch.setattr(bell, "_asked", count)
        bell.start()
        await asyncio.sleep(0.5)
        off, wanted = -HOUR, rung + 3
        async with asyncio.timeout(20):
            await enough.wait()
        bell.stop()

    asyncio.run(go())
