"""The whole house in one process, moved on line by line: what ``rabta chat`` talks with."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.door import Raw
from bot.pump import Pump
from bot.reception import House
from bot.terminal import Show, Terminal
from handlers.book import Book
from handlers.reply import Line, Reply
from language.voice import Voice, load_words
from rules.calendar import wall_to_utc
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from scheduler.reminders import next_moment
from scheduler.reminding import worded
from storage.clock import SetClock
from storage.database import Database
from storage.models import Identity
from storage.scope import enter

FARTHEST = timedelta(days=366)
_SPAN = re.compile(r"(\d{1,4})\s*([mhdw])", re.IGNORECASE)
_ROOTS = ("/", "~/", "file://")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Talk:
    """Desk, outbox and clock for one person at a terminal. ``channels``: on which customers are
    reached, by whoever runs on the same database; what is for them waits in the outbox here."""

    def __init__(
        self,
        database: Database,
        book: Book,
        clock: SetClock,
        house: House,
        person: str,
        channels: frozenset[str] = frozenset(),
    ) -> None:
        self.database, self.clock, self.house = database, clock, house
        self.door = Terminal(person, self._show)
        self.show: Show = lambda _reply: None
        doors = {self.door.name: self.door}
        desk = Desk(database, book, clock, house)
        desk.channels = channels
        self._pump = Pump(desk, doors)
        draw = Draw(book, with_tokens, channels)
        self._sender = Sender(
            database,
            clock,
            {self.door.name: self.door.push},
            here=self.door.is_here,
            words=partial(worded, draw),
        )
        self._clockwork = Clockwork(database, clock, draw)
        self.one_at_a_time = asyncio.Lock()
        self._stamped = False
        self.over = False

    async def say(self, line: str) -> None:
        """A typed line, answered before this returns; ":help" and the like are its own."""
        line = line.strip("\r\n")
        if line.lstrip().startswith(":"):
            await self._order(line.strip())
        elif (path := dropped(line)) is not None:
            await self._take(self.door.handed(path, self.clock.now()))
        else:
            await self._take(self.door.raw(line, self.clock.now()))

    async def _take(self, raw: Raw) -> None:
        async with self.one_at_a_time:
            await self._pump.keep(self.door.name, [raw])
            await self._settle()

    async def settle(self) -> None:
        """Handle and show what waits, also what an earlier run left behind."""
        async with self.one_at_a_time:
            await self._sender.take_over()
            await self._settle()

    async def _settle(self) -> None:
        await self._pump.drain()
        await self._sender.flush()

    async def tick(self) -> None:
        """Let the clock look round, once a second."""
        while True:
            async with self.one_at_a_time:
                await self._clockwork.ring_all()
                await self._settle()  # also what is tried again
            await asyncio.sleep(1)

    async def is_new(self) -> bool:
        """Has this person never been here?"""
        return await self.database.in_thread(self.database.run, self._identity) is None

    def _identity(self, session: Session) -> Identity | None:
        return session.get(Identity, ("terminal", "", self.door.user))

    def _met(self, session: Session) -> Identity | None:
        identity = self._identity(session)
        if identity is not None:
            enter(session, identity.workspace_id)
        return identity

    # --- the terminal's own words -----------------------------------------------------------------

    async def _order(self, line: str) -> None:
        word, _, rest = line[1:].partition(" ")
        match word.lower():
            case "quit" | "q" | "exit":
                self.over = True
            case "help" | "h" | "":
                await self.tell("terminal_help")
            case "skip":
                await self._skip(rest.strip())
            case "file" | "f":
                await self._hand(rest.strip())
            case _:
                await self.tell("terminal_unknown", name=f":{word}")

    async def _hand(self, said: str) -> None:
        path = path_meant(said)
        if path is None:
            await self.tell("terminal_file_how")
        elif not path.is_file():
            await self.tell("terminal_no_file", name=str(path))
        else:
            await self._take(self.door.handed(path, self.clock.now()))

    async def tell(self, key: str, **values: object) -> None:
        """Something of the terminal's own, in the person's language."""
        voice = await self.database.in_thread(self.database.run, self._voice)
        text = voice.say(key, **values).strip("\n")
        self.show(Reply((Line(text, quiet=key != "terminal_now"),), rtl=voice.rtl))

    def _voice(self, session: Session) -> Voice:
        identity = self._met(session)
        tongue = identity.member.tongue if identity else self.house.language
        return Voice(self._words, tongue, self._zone(session), self.clock.now())

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        return load_words("bot", ["terminal"])

    def _zone(self, session: Session) -> str:
        identity = self._met(session)
        return identity.member.zone if identity else self.house.timezone

    # --- moving the clock -------------------------------------------------------------------------

    async def _skip(self, said: str) -> None:
        now = self.clock.now()
        zone = await self.database.in_thread(self.database.run, self._zone)
        until = moment_meant(said, now, zone)
        if until is None:
            await self.tell("terminal_skip_how")
        elif await self.database.in_thread(self.database.run, _others_are_here):
            await self.tell("terminal_skip_not_here")
        else:
            await self.skip(until)
            await self.tell("terminal_now", at=self.clock.now())

    async def skip(self, until: datetime) -> None:
        """Go on to a moment, stopping wherever something is due, so that it comes in its order."""
        async with self.one_at_a_time:
            with self._stamping():
                moment: datetime | None = self.clock.now()
                while moment is not None and moment <= until:
                    self.clock.set(moment)
                    await self._clockwork.ring_all()
                    await self._settle()
                    moment = await self._next(after=moment)
                self.clock.set(until)
                await self._settle()

    async def _next(self, after: datetime) -> datetime | None:
        return await self.database.in_thread(
            self.database.run, lambda session: next_moment(session, after)
        )

    @contextmanager
    def _stamping(self) -> Iterator[None]:
        self._stamped = True
        try:
            yield
        finally:
            self._stamped = False

    def _show(self, reply: Reply) -> None:
        if self._stamped:
            local = self.clock.now().astimezone(ZoneInfo(self.house.timezone))
            when = Line(f"{local:%Y-%m-%d %H:%M}", quiet=True)
            reply = replace(reply, parts=(when, *reply.parts))
        self.show(reply)


def path_meant(said: str) -> Path | None:
    """A path as it is typed or as a terminal writes a file that is dropped on it: in quotes, with
    backslashes before spaces, as a file: address; None for nothing."""
    try:
        words = shlex.split(said)
    except ValueError:  # an apostrophe in a name
        words = []
    bare = words[0] if len(words) == 1 else said
    if bare.startswith("file://"):
        bare = unquote(bare.removeprefix("file://"))
    return Path(bare).expanduser().absolute() if bare else None


def dropped(line: str) -> Path | None:
    """The file of which the line is the whole path; no line that is something else."""
    if not line.strip().lstrip("'\"").startswith(_ROOTS):
        return None
    path = path_meant(line.strip())
    try:
        return path if path is not None and path.is_file() else None
    except (OSError, ValueError):  # far too long, or with a zero in it
        return None


def moment_meant(said: str, now: datetime, zone: str) -> datetime | None:
    """``3d``, ``2h`` or a local date with or without a time; None if it is none of these."""
    span = _SPAN.fullmatch(said)
    if span:
        moment = now + timedelta(**{_UNITS[span[2].lower()]: int(span[1])})
    else:
        try:
            moment = datetime.fromisoformat(said)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else wall_to_utc(moment, zone)
    return moment if now <= moment <= now + FARTHEST else None


def _others_are_here(session: Session) -> bool:
    others = select(Identity.user).where(Identity.platform != "terminal")
    return session.scalars(others.limit(1)).first() is not None
