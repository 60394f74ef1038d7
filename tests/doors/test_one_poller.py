"""Of several ``rabta run`` on one PostgreSQL one polls, and another takes over when it is gone."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bot import one_poller
from bot.one_poller import OnePoller
from storage import lease
from storage.database import Database
from storage.models import Lease
from tests.doors.program import no_settings
from tests.servers.telegram import Talk, TelegramServer

RABTA = Path(sys.executable).with_name("rabta")
TAKEOVER = 15.0
SPAN = timedelta(seconds=10)

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@dataclass
class Program:
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def polls(self) -> bool:
        return "this process polls" in self.log


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def start(
    tmp_path: Path, database_url: str, telegram: TelegramServer
) -> Iterator[Callable[[], Program]]:
    settings = no_settings() | {
        "RABTA_DATABASE_URL": database_url,
        "RABTA_OWNERS": "telegram:101",
        **telegram.settings,
    }
    started: list[Program] = []

    def go() -> Program:
        log = tmp_path / f"{len(started)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen([RABTA, "run"], cwd=tmp_path, env=settings, stderr=errors)  # noqa: S603
        started.append(Program(process, log))
        return started[-1]

    yield go
    for program in started:
        if program.process.poll() is None:
            program.process.kill()
        program.process.wait(20)


def until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait for it; how long it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "it did not come to that"
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_row_04_one_polls_and_another_takes_over_after_a_kill_and_after_a_stop(
    start: Callable[[], Program], telegram: TelegramServer
) -> None:
    ayesha = telegram.user(101, "Ayesha", language_code="en")
    talk = Talk(ayesha, telegram.private(ayesha), timeout=TAKEOVER)
    first = start()
    until(lambda: first.polls, 60)
    others = [start(), start()]
    until(lambda: all("stands by" in each.log for each in others), 60)
    assert "Sara Malik" in talk.says("met Sara Malik from Nishat Mills").text

    first.process.kill()
    assert until(lambda: any(each.polls for each in others), TAKEOVER) < TAKEOVER
    assert "Nishat Mills" in talk.says("find sara").text

    second, third = sorted(others, key=lambda each: not each.polls)
    assert not third.polls
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(20) == 0
    until(lambda: third.polls, 5)
    assert "Nishat Mills" in talk.says("find sara").text
    for each in (first, second, third):
        assert "Traceback" not in each.log
        assert "another poller" not in each.log


def test_row_04_a_lease_has_one_holder_until_it_is_given_back_or_runs_out(
    database: Database,
) -> None:
    def take(who: str, span: timedelta = SPAN) -> bool:
        return database.run(lambda session: lease.take(session, "poll", who, span))

    together = Barrier(4)

    def race(who: str) -> bool:
        together.wait()
        return take(who)

    with ThreadPoolExecutor(4) as threads:
        won = [who for who, got in zip("abcd", threads.map(race, "abcd"), strict=True) if got]
    assert len(won) == 1
    (holder,) = won
    loser = "a" if holder != "a" else "b"
    assert take(holder)
    database.run(lambda session: lease.give_back(session, "poll", loser))
    assert not take(loser)
    assert database.run(lease.holders) == {"poll": holder}
    database.run(lambda session: lease.give_back(session, "poll", holder))
    assert take(loser, timedelta(seconds=-1))
    assert database.run(lease.holders) == {}
    assert take(holder)


def test_row_04_who_lost_the_lease_stops_polling_and_waits_for_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_poller, "RENEWED", 0.05)
    monkeypatch.setattr(one_poller, "LOOKED", 0.05)
    polling: list[str] = []

    async def poll() -> None:
        polling.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            polling.append("ended")

    def robbed(holder: str) -> None:
        with database.transaction() as session:
            row = session.get_one(Lease, "poll")
            row.holder = holder

    async def soon(count: int) -> None:
        await asyncio.to_thread(until, lambda: len(polling) >= count, 10)

    async def story() -> None:
        ours = OnePoller(database, "poll")
        running = asyncio.create_task(ours(poll))
        await soon(1)
        await asyncio.to_thread(robbed, "somebody else")
        await soon(2)
        await asyncio.sleep(0.2)
        assert polling == ["begun", "ended"]
        await asyncio.to_thread(robbed, ours.holder)
        await soon(3)
        running.cancel()
        await asyncio.wait({running})
        assert polling == ["begun", "ended"] * 2

    asyncio.run(story())
    assert database.run(lease.holders) == {}


def test_row_04_who_cannot_ask_for_the_lease_does_not_poll(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The database is away: nobody can say that it is ours, so somebody else's it may be."""
    caplog.set_level("CRITICAL", "rabta.lease")
    monkeypatch.setattr(one_poller, "LOOKED", 0.05)
    polling: list[str] = []

    async def poll() -> None:
        polling.append("begun")
        await asyncio.Event().wait()

    def away(_work: object) -> None:
        raise OSError

    async def story() -> None:
        running = asyncio.create_task(OnePoller(database, "poll")(poll))
        await asyncio.sleep(0.3)
        assert polling == []
        monkeypatch.undo()
        await asyncio.to_thread(until, lambda: bool(polling), 10)
        running.cancel()
        await asyncio.wait({running})

    monkeypatch.setattr(database, "run", away)
    asyncio.run(story())
    assert polling == ["begun"]
