"""One database with desk, pump, clock and outbox before it, that can be killed at any step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import event, select

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.door import Raw
from bot.incoming import Incoming
from bot.pump import Pump
from bot.reception import House
from handlers.library import the_book
from handlers.packing import unpack
from handlers.reply import Reply
from scheduler.clock import TICKS, Clockwork
from scheduler.drawing import Draw
from scheduler.letters import Letter, Outcome, Sent
from scheduler.outbox import Sender
from scheduler.reminding import worded
from storage.clock import SetClock
from storage.database import Database
from storage.export import KINDS, records, workspaces
from storage.models import Outbox
from tests.conftest import spare_compiling
from tests.conversation import FakeDoor, packed


class Killed(BaseException):
    """The process is gone from here on."""


@dataclass
class Platform(FakeDoor):
    """Delivers, or does what ``next`` says; ``arrived`` counts what stands in a chat by letter."""

    next: list[Outcome | str] = field(default_factory=list)
    arrived: Counter[int] = field(default_factory=Counter)

    async def push(self, letter: Letter) -> Outcome:
        what = self.next.pop(0) if self.next else Sent(f"m{letter.id}")
        if what == "killed before":
            raise Killed
        if what == "killed after" or isinstance(what, Sent):
            self.arrived[letter.id] += 1
        if isinstance(what, str):
            raise Killed
        return what


class World:
    """``platform`` outlives every kill; all else is made anew on the same database."""

    def __init__(self, url: str, clock: SetClock, house: House) -> None:
        self.url, self.clock, self.house = url, clock, house
        self.platform = Platform("slack")
        self.begins()

    def begins(self) -> None:
        self.database = Database(self.url)
        spare_compiling(self.database.engine)
        self.desk = Desk(self.database, the_book(), self.clock, self.house)
        self.pump = Pump(self.desk, {"slack": self.platform})
        self.sender = Sender(
            self.database,
            self.clock,
            {"slack": self.platform.push},
            words=partial(worded, Draw(the_book(), with_tokens)),
        )
        asyncio.run(self.sender.take_over())

    def ends(self) -> None:
        self.database.close()

    def restarts(self) -> None:
        self.ends()
        self.begins()

    def receives(self, incoming: Incoming, *, dies: str = "") -> list[Reply]:
        """Keep it, act on it, send what came of it; the answers that were written.

        ``dies``: killed once it is kept, or as it is about to commit what it did; and started anew.
        """
        before = self._letters("reply")
        raw = Raw(incoming.event, f"{incoming.place.team}:{incoming.place.chat}", packed(incoming))
        if dies:
            self.desk.keep("slack", [raw])
            if dies == "at commit":
                self._dies_at_commit()
            self.restarts()
            asyncio.run(self.pump.drain())
        else:
            asyncio.run(self._keeps_and_acts(raw))
        self.sends()
        new = [row for row in self._letters("reply") if row.id not in {old.id for old in before}]
        return [unpack(row.reply) for row in new]

    async def _keeps_and_acts(self, raw: Raw) -> None:
        await self.pump.keep("slack", [raw])
        await self.pump.drain()

    def _dies_at_commit(self) -> None:
        def die(_connection: Any) -> None:
            raise Killed

        event.listen(self.database.engine, "commit", die)
        try:
            asyncio.run(self.pump.drain())
        except Killed:
            pass
        else:  # what failed is not what was to be tried
            raise AssertionError
        finally:
            event.remove(self.database.engine, "commit", die)

    def sends(self) -> None:
        try:
            asyncio.run(self.sender.flush())
        except Killed:
            self.restarts()

    def rings(self) -> None:
        clockwork = Clockwork(self.database, self.clock, Draw(self.desk.book, with_tokens))
        for name in TICKS:
            clockwork.tick(name)
        self.sends()

    # --- looking ----------------------------------------------------------------------------------

    def records(self) -> list[dict[str, Any]]:
        """What ``rabta export`` writes, without the numbers that differ between databases."""
        with self.database.transaction() as session:
            found = list(records(session, workspaces(session), tuple(KINDS)))
        numbers = ("id", "contact_id", "company_id")
        return [
            {name: value for name, value in each.items() if name not in numbers} for each in found
        ]

    def letters(self) -> Sequence[Outbox]:
        with self.database.transaction() as session:
            return session.scalars(select(Outbox).order_by(Outbox.id)).all()

    def _letters(self, kind: str) -> list[Outbox]:
        return [row for row in self.letters() if row.kind == kind]
