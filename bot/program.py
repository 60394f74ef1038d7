"""``rabta run`` and ``rabta chat``: the rooms put together, started, and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from bot import console
from bot.buttons import with_tokens
from bot.desk import Desk
from bot.doors import doors_of, mail_of
from bot.logs import last_resort
from bot.pump import Pump
from bot.settings import Settings, WrongSetting
from bot.talk import Talk
from handlers.library import the_book
from language.lexicon import lexicon
from language.tongues import tongues
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from scheduler.reminding import worded
from storage.backup import problem
from storage.clock import Clock, DatabaseClock, SetClock, clock_of
from storage.database import Database
from storage.hold import file_of, hold
from storage.migrate import migrate
from storage.trouble import DAMAGED, Teller, first_line

if TYPE_CHECKING:
    from bot.hook import OuterDoor, Outlet
    from bot.http import Http

PATIENCE = 6.0
"""Seconds in which what is under way is finished when the program is told to stop."""

PARTS = frozenset({"doors", "clock", "sender"})
"""What processes on PostgreSQL may share out: receiving and answering, what is due, delivering."""

MEASURED = 60.0
"""Seconds between two looks at the database's clock."""

LOOKED = 0.25
"""Seconds between two looks into the outbox of a sender that nobody wakes."""

log = logging.getLogger("rabta")


def serve(settings: Settings, parts: Collection[str] = ()) -> None:
    """All doors that have tokens, until SIGTERM or SIGINT, or only some ``PARTS`` of the house.

    Raises what a door cannot mend, and WrongSetting where the parts cannot be had.
    """
    if parts and make_url(settings.database_url).get_backend_name() == "sqlite":
        raise WrongSetting(
            "SQLite serves one process, which does all: leave --doors, --clock and --sender out, "
            "or set RABTA_DATABASE_URL to PostgreSQL."
        )
    if {"doors", "sender"} & set(parts) and not settings.talks:
        raise WrongSetting(
            "Doors and sender need a token: RABTA_TELEGRAM_TOKEN or RABTA_SLACK_BOT_TOKEN."
        )
    last_resort()
    with _migrated(settings.database_url, "run") as database:
        asyncio.run(_serve(settings, database, frozenset(parts) or PARTS))


async def _serve(settings: Settings, database: Database, parts: Collection[str]) -> None:
    clock = clock_of(database.engine)
    desk = Desk(database, the_book(), clock, settings.house())
    desk.channels = settings.channels
    doors = doors_of(settings, desk)
    draw = Draw(desk.book, with_tokens, settings.channels)
    outlets: dict[str, Outlet] = {**doors, **mail_of(settings)}
    sender = Sender(
        database,
        clock,
        {name: door.push for name, door in outlets.items()},
        tolls={name: door.toll for name, door in outlets.items()},
        again=desk.says_again,
        words=partial(worded, draw),
    )
    pump = Pump(desk, doors, after=sender.wake, sender=sender if database.is_sqlite else None)
    clockwork = Clockwork(database, clock, draw, after=sender.wake)

    stopped = asyncio.create_task(_stop_signal())
    receiving, working = set[asyncio.Task[None]](), set[asyncio.Task[None]]()
    if "doors" in parts:
        await asyncio.to_thread(_read_words)
        http = list(_http(settings, pump, clock, doors))  # first: the port may be taken
        receiving |= {asyncio.create_task(door.run(pump.keep)) for door in doors.values()}
        receiving |= {asyncio.create_task(each.run()) for each in http}
        working.add(asyncio.create_task(_for_ever(pump.run)))
    if "sender" in parts:
        working.add(asyncio.create_task(_for_ever(sender.run)))
        if parts != PARTS:
            working.add(asyncio.create_task(_looks_often(sender)))
    if "clock" in parts:
        clockwork.start()
    if isinstance(clock, DatabaseClock):
        working.add(asyncio.create_task(_for_ever(lambda: _in_step(database, clock))))
    _look_for_garbage_seldom()
    _tell_of(parts, list(doors))
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
                if "doors" in parts:
                    await pump.drain()
                if "sender" in parts:
                    await sender.flush()
        except TimeoutError:
            log.warning("not everything was finished; it goes on at the next start")
        await _cancelled({*working, stopped})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*(door.stop() for door in doors.values()))


def _read_words() -> None:
    """Before anything can come: the first message would wait for it, and all behind that one."""
    for tongue in tongues():
        lexicon(tongue)


def _look_for_garbage_seldom() -> None:
    """What was read at the start stays. To look through all of it for garbage once in a while
    would hold up whoever writes just then by a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _tell_of(parts: Collection[str], doors: Sequence[str]) -> None:
    if parts == PARTS:
        log.info("Rabta listens on %s", doors)
    elif doors:
        log.info("Rabta runs its %s (%s)", sorted(parts), doors)
    else:
        log.info("Rabta runs its %s", sorted(parts))


async def _in_step(database: Database, clock: DatabaseClock) -> None:
    """Ask the database for its time once in a while."""
    while True:
        await asyncio.sleep(MEASURED)
        await database.in_thread(clock.measure)


async def _looks_often(sender: Sender) -> None:
    """What other processes write wakes no sender of ours: it looks by itself."""
    while True:
        sender.wake()
        await asyncio.sleep(LOOKED)


def _http(
    settings: Settings, pump: Pump, clock: Clock, doors: Mapping[str, OuterDoor]
) -> Iterator[Http]:
    """The port, if there is to be one; else uvicorn is not even imported."""
    if settings.http is not None:
        from bot.health import Health
        from bot.http import Http
        from bot.unsubscribe import Links

        desk = pump.desk
        links = Links(desk.database, clock, desk.book) if settings.public_url else None
        health = Health(desk.database, clock, doors, pump.keeps)
        yield Http(settings.http, doors, health, links.routes if links else ())


async def _for_ever(run: Callable[[], Awaitable[None]]) -> None:
    """What fails here is the database being away: the rows wait, and so do we."""
    tell = Teller(log)
    while True:
        try:
            await run()
        except DBAPIError as error:
            tell(error)
        except Exception:
            log.exception("it goes on in a second")
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
    ways = frozenset() if demo else settings.channels
    talk = Talk(database, the_book(), clock, settings.house(), person, ways)
    opening = ("terminal_demo", {"name": talk.door.person}) if demo else ("terminal_welcome", {})
    if sys.stdin.isatty() and sys.stdout.isatty():
        history = None if demo else user_data_path("rabta", appauthor=False) / "history"
        await console.by_hand(talk, history, opening)
    else:
        await console.by_lines(talk, opening if demo else None)


@contextmanager
def _migrated(url: str, command: str) -> Iterator[Database]:
    """The database in its newest shape, and ours alone where it is a file.

    Raises Held, TooNew, and WrongSetting where it cannot be reached or is damaged.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold(url, command))
        except OSError as error:
            why = "unable to open database file"
            raise WrongSetting(f"RABTA_DATABASE_URL cannot be reached: {why}") from error
        path = file_of(url)
        if path and path.is_file() and (wrong := problem(path)):
            raise WrongSetting(f"{path}: {DAMAGED} ({wrong}).")
        database = Database(url)
        stack.callback(database.close)
        try:
            migrate(database)
        except OperationalError as error:
            why = first_line(error)
            raise WrongSetting(f"RABTA_DATABASE_URL cannot be reached: {why}") from None
        yield database
