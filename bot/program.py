"""``rabta run`` and ``rabta chat``: the rooms put together, started, and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from sqlalchemy.exc import OperationalError

from bot import console
from bot.buttons import with_tokens
from bot.desk import Desk
from bot.doors import doors_of
from bot.pump import Pump
from bot.settings import Settings, WrongSetting
from bot.talk import Talk
from handlers.library import the_book
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from storage.clock import SetClock, SystemClock
from storage.database import Database
from storage.hold import hold
from storage.migrate import migrate

if TYPE_CHECKING:
    from bot.hook import OuterDoor
    from bot.http import Http

PATIENCE = 6.0
"""Seconds in which what is under way is finished when the program is told to stop."""

log = logging.getLogger("rabta")


def serve(settings: Settings) -> None:
    """All doors that have tokens, until SIGTERM or SIGINT. Raises what a door cannot mend."""
    with _migrated(settings.database_url, "run") as database:
        asyncio.run(_serve(settings, database))


async def _serve(settings: Settings, database: Database) -> None:
    clock = SystemClock()
    desk = Desk(database, the_book(), clock, settings.house())
    doors = doors_of(settings, desk)
    sender = Sender(
        database,
        clock,
        {name: door.push for name, door in doors.items()},
        tolls={name: door.toll for name, door in doors.items()},
        again=desk.says_again,
    )
    pump = Pump(desk, doors, after=sender.wake)
    clockwork = Clockwork(database, clock, Draw(desk.book, with_tokens), after=sender.wake)

    stopped = asyncio.create_task(_stop_signal())
    http = list(_http(settings, database, doors))  # before anything runs: the port may be taken
    receiving = {asyncio.create_task(door.run(pump.keep)) for door in doors.values()}
    receiving |= {asyncio.create_task(each.run()) for each in http}
    working = {asyncio.create_task(_for_ever(each.run)) for each in (pump, sender)}
    clockwork.start()
    log.info("Rabta listens on %s", " and ".join(doors))
    try:
        done, _ = await asyncio.wait({*receiving, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        log.info("Rabta stops")
        try:
            async with asyncio.timeout(PATIENCE):
                await _cancelled(receiving)
                clockwork.stop()
                await pump.drain()
                await sender.flush()
        except TimeoutError:
            log.warning("not everything was finished; it goes on at the next start")
        await _cancelled({*working, stopped})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*(door.stop() for door in doors.values()))


def _http(settings: Settings, database: Database, doors: Mapping[str, OuterDoor]) -> Iterator[Http]:
    """The port, if there is to be one; else uvicorn is not even imported."""
    if settings.http is not None:
        from bot.health import Health
        from bot.http import Http

        yield Http(settings.http, doors, Health(database, SystemClock(), doors))


async def _for_ever(run: Callable[[], Awaitable[None]]) -> None:
    """What fails here is the database being away: the rows wait, and so do we."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("the database cannot be reached; again in a second")
            await asyncio.sleep(1)


async def _stop_signal() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# --- the terminal ---------------------------------------------------------------------------------


def talk(
    settings: Settings, person: str = "", now: datetime | None = None, *, demo: bool = False
) -> None:
    """In the terminal, until the input ends; the whole house runs in this process."""
    if not demo:
        with _migrated(settings.database_url, "chat") as database:
            asyncio.run(_talk(settings, database, person, now))
        return
    from bot.demo import AYESHA, furnish

    with tempfile.TemporaryDirectory(prefix="rabta-demo-") as folder:
        url = f"sqlite:///{folder}/demo.db"
        with _migrated(url, "chat") as database:
            clock = SetClock(now or datetime.now(UTC), running=True)
            furnish(database, clock.now(), settings.house())
            asyncio.run(_talk(settings, database, person or AYESHA, now, demo=True))


async def _talk(
    settings: Settings,
    database: Database,
    person: str,
    now: datetime | None,
    *,
    demo: bool = False,
) -> None:
    clock = SetClock(now or datetime.now(UTC), running=True)
    talk = Talk(database, the_book(), clock, settings.house(), person)
    opening = ("terminal_demo", {"name": talk.door.person}) if demo else ("terminal_welcome", {})
    if sys.stdin.isatty() and sys.stdout.isatty():
        history = None if demo else user_data_path("rabta", appauthor=False) / "history"
        await console.by_hand(talk, history, opening)
    else:
        await console.by_lines(talk, opening if demo else None)


@contextmanager
def _migrated(url: str, command: str) -> Iterator[Database]:
    """The database in its newest shape, and ours alone where it is a file. Raises Held."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold(url, command))
        except OSError as error:
            why = "unable to open database file"
            raise WrongSetting(f"RABTA_DATABASE_URL cannot be reached: {why}") from error
        database = Database(url)
        stack.callback(database.close)
        try:
            migrate(database)
        except OperationalError as error:
            why = str(error.orig).strip().splitlines()[0]
            raise WrongSetting(f"RABTA_DATABASE_URL cannot be reached: {why}") from None
        yield database
