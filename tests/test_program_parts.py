"""What ``rabta run`` is put together of: what it refuses, what it goes on after, how it ends."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from bot import program
from bot.buttons import with_tokens
from bot.desk import Desk
from bot.program import PARTS, serve
from bot.pump import Pump
from bot.reception import House
from bot.settings import Settings, WrongSetting
from handlers.library import the_book
from scheduler.clock import TICKS, Clockwork
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from storage.clock import Clock, DatabaseClock, clock_of
from storage.database import Database
from storage.hold import Held
from storage.revisions import is_current

TOKEN: dict[str, Any] = {"telegram_token": "123456789:AAcanary"}


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("part", sorted(PARTS))
def test_sqlite_is_served_whole(tmp_path: Path, part: str) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/rabta.db", **TOKEN)
    with pytest.raises(WrongSetting, match="SQLite serves one process"):
        serve(settings, [part])
    assert not (tmp_path / "rabta.db").exists()


@pytest.mark.parametrize("parts", [["doors"], ["sender"], ["sender", "clock"]])
def test_doors_and_sender_need_a_token(parts: list[str]) -> None:
    nowhere = Settings(database_url="postgresql://rabta@127.0.0.1:9/rabta")
    with pytest.raises(WrongSetting, match="need a token"):
        serve(nowhere, parts)
    with pytest.raises(WrongSetting, match="RABTA_DATABASE_URL cannot be reached"):
        serve(nowhere, ["clock"])
    with pytest.raises(WrongSetting, match="RABTA_DATABASE_URL cannot be reached"):
        serve(nowhere.model_copy(update=TOKEN))


def test_a_database_is_brought_to_the_newest_shape_and_is_ours_alone(blank_url: str) -> None:
    with program._migrated(blank_url, "run") as database:
        assert is_current(database)
        if database.is_sqlite:
            with pytest.raises(Held, match="rabta run"), program._migrated(blank_url, "chat"):
                pass
    with program._migrated(blank_url, "chat") as again:
        assert is_current(again), "and is let go when it is over"


def test_a_file_that_is_damaged_or_cannot_be_there_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "rabta.db").write_bytes(b"no database at all" * 100)
    wrong = f"sqlite:///{tmp_path}/rabta.db"
    with pytest.raises(WrongSetting, match="damaged"), program._migrated(wrong, "run"):
        pass
    (tmp_path / "file").write_text("")
    for nowhere in (f"sqlite:///{tmp_path}/file/rabta.db", f"sqlite:///{tmp_path}"):
        refused = pytest.raises(WrongSetting, match="RABTA_DATABASE_URL cannot be reached")
        with refused, program._migrated(nowhere, "run"):
            pass


# --- what goes on -----------------------------------------------------------------------------


@contextmanager
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """No pause takes time; which there were."""
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    with monkeypatch.context() as here:
        here.setattr("bot.program.asyncio.sleep", sleep)
        yield slept


class Enough(BaseException):
    """No more is needed."""


def test_what_fails_is_told_and_begun_again_in_a_second(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))
    comes: list[BaseException | None] = [away, away, ValueError("nobody's fault"), None, Enough()]

    async def run() -> None:
        problem = comes.pop(0)
        if problem is not None:
            raise problem

    with quick(monkeypatch) as slept, pytest.raises(Enough):
        asyncio.run(program._for_ever(run))
    assert slept == [1, 1, 1, 1]
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the database cannot be reached: OperationalError",
        "it goes on in a second",
    ]
    assert caplog.records[-1].exc_info is not None


def test_a_sender_that_nobody_wakes_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    woken = []

    class Woken:
        def wake(self) -> None:
            woken.append(True)
            if len(woken) == 3:
                raise Enough

    with quick(monkeypatch) as slept, pytest.raises(Enough):
        asyncio.run(program._looks_often(cast("Sender", Woken())))
    assert slept == [0.25, 0.25]


def test_the_databases_time_is_asked_for_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Asked:
        def measure(self) -> None:
            asked.append(True)
            if len(asked) == 2:
                raise Enough

        async def in_thread(self, what: Any) -> None:
            what()

    here = Asked()
    with quick(monkeypatch) as slept, pytest.raises(Enough):
        asyncio.run(program._in_step(cast("Database", here), cast("DatabaseClock", here)))
    assert slept == [60.0, 60.0]


@pytest.mark.parametrize(
    ("parts", "doors", "told"),
    [
        (PARTS, ["telegram", "slack"], "Rabta listens on ['telegram', 'slack']"),
        (frozenset({"doors", "clock"}), ["slack"], "Rabta runs its ['clock', 'doors'] (['slack'])"),
        (frozenset({"clock"}), [], "Rabta runs its ['clock']"),
    ],
)
def test_what_runs_here_is_told(
    parts: frozenset[str], doors: list[str], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "rabta"):
        program._tell_of(parts, doors)
    assert caplog.messages == [told]


def test_what_was_read_at_the_start_is_not_looked_through_again() -> None:
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        program._look_for_garbage_seldom()
        assert gc.get_threshold() == (20_000, 20, 50)
        assert gc.get_freeze_count() > frozen + 1000
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


# --- how it ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_nothing_else_does(number: signal.Signals) -> None:
    async def go() -> None:
        stopped = asyncio.create_task(program._stop_signal())
        await asyncio.sleep(0.05)
        assert not stopped.done()
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stopped, 20)

    asyncio.run(go())


def test_what_is_cancelled_has_ended_whatever_it_says() -> None:
    ended = []

    async def stubborn() -> None:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
            ended.append("stubborn")
            raise ValueError("not now") from None

    async def go() -> None:
        tasks = {asyncio.create_task(stubborn()), asyncio.create_task(asyncio.sleep(600))}
        await asyncio.sleep(0)
        await program._cancelled(tasks)
        assert all(task.done() for task in tasks)

    asyncio.run(go())
    assert ended == ["stubborn"]


def _desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, the_book(), clock, House())


def test_without_a_port_nothing_listens(database: Database) -> None:
    clock = clock_of(database.engine)
    pump = Pump(_desk(database, clock), {})
    assert list(program._http(Settings(), pump, clock, {})) == []


# --- a clock's ticks --------------------------------------------------------------------------


def test_a_tick_goes_on_while_it_finds_whole_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = TICKS["scores"].batch
    assert batch
    found = iter([batch, batch, batch - 1, batch])
    clock = Clockwork(database, clock_of(database.engine), Draw(the_book(), with_tokens))

    async def tried(_name: str) -> int:
        return next(found)

    async def at_once() -> None:
        return None

    monkeypatch.setattr(clock, "_tried", tried)
    monkeypatch.setattr(clock, "_when_it_is_quiet", at_once)
    assert asyncio.run(clock._ring("scores")) == 3 * batch - 1
