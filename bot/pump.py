"""The pump: takes kept events to the desk, each chat in order, chats side by side."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.desk import Desk
from bot.door import Door, Raw
from bot.elsewhere import Elsewhere, Vain
from bot.incoming import Incoming
from bot.uploads import opened
from scheduler.letters import Letter
from scheduler.outbox import Sender
from scheduler.together import Together
from storage import inbox
from storage.inbox import Waiting
from storage.trouble import Teller, is_away

AT_ONCE = 32
"""Arrivals that are written down in one transaction at most."""

TOGETHER = 8
"""Events that are handled in one transaction at most, where one thread writes: what arrives
meanwhile waits for them with its acknowledgement."""

AT_DESK = 4
"""Events handled side by side, where several threads write: as many as there are. What arrives is
in line with them, not with all that wait."""

LATELY = 60.0
"""Seconds for which it counts that something could not be kept: whoever brought it comes again."""

log = logging.getLogger("rabta.pump")


class Pump:
    """Between doors and desk. ``after`` is called when an answer was written (wakes the sender).

    Where one thread writes, answers leave with ``sender`` at once: what may go is claimed in the
    transaction that wrote it. A message that comes alone is kept in that one, too.
    """

    def __init__(
        self,
        desk: Desk,
        doors: Mapping[str, Door],
        after: Callable[[], None] = lambda: None,
        sender: Sender | None = None,
    ) -> None:
        self.desk = desk
        self.doors = doors
        self.after = after
        self.sender = sender
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._elsewhere = Elsewhere()
        self._more = False
        self._tell = Teller(log)
        self._keeping = Together(self._keep, AT_ONCE)
        # PostgreSQL takes several writers; to hold several workspaces at once, they would meet.
        self._handling = Together(self._at_desk, TOGETHER) if desk.database.is_sqlite else None
        self._room = asyncio.Semaphore(AT_DESK)
        self._refused_at = -math.inf

    async def keep(self, door: str, events: Sequence[Raw]) -> None:
        """Store events durably before the door acknowledges them; and go on with them.

        Raises where they cannot be stored: then they are not acknowledged, and come again.
        """
        try:
            await self._keeping((door, events))
        except Exception as error:
            self._refused_at = time.monotonic()
            if isinstance(error, DBAPIError):
                self._tell(error)
            raise
        self._refused_at = -math.inf

    def keeps(self) -> bool:
        """Whether what came lately could be kept: a database may answer and have no room."""
        return time.monotonic() - self._refused_at > LATELY

    async def run(self) -> None:
        """Handle what is kept until cancelled; looks again at least once a second."""
        while True:
            self._wake.clear()
            await self.step()
            with suppress(TimeoutError):
                # wait_for may swallow being cancelled
                async with asyncio.timeout(min(1.0, self._elsewhere.pause)):
                    await self._wake.wait()

    async def step(self) -> int:
        """Start on the oldest waiting event of every idle chat; how many were started."""
        self._more = False
        database, passed, vain = self.desk.database, self._passed(), self._elsewhere.vain()
        rows = await database.in_thread(database.run, lambda session: self._look(session, passed))
        return self._start(rows, vain)

    async def drain(self) -> None:
        """Handle all that can be handled now, and return when it is done."""
        while True:
            was_idle = not self._busy
            if not await self.step() and was_idle:
                return
            await asyncio.gather(*self._busy.values())

    # Keeping

    async def _keep(self, some: Sequence[tuple[str, Sequence[Raw]]]) -> None:
        if (alone := self._alone(some)) and await self._kept_and_answered(*alone):
            return
        chats = {event.chat for _, events in some for event in events}
        self._elsewhere.came(chats)
        database, busy = self.desk.database, list(self._busy)
        passed, vain = self._passed(), self._elsewhere.vain()

        def work(session: Session) -> list[Waiting]:
            for door, events in some:
                self.desk.store(session, door, events)
            return self._look(session, passed)

        rows = await database.in_thread(database.run, work)
        self._more = self._more or not chats.isdisjoint(busy)
        self._start(rows, vain)

    def _alone(self, some: Sequence[tuple[str, Sequence[Raw]]]) -> tuple[Sender, str, Raw] | None:
        """The one message that came while nothing was under way, if it can be read at once."""
        events = [(door, event) for door, events in some for event in events]
        if self.sender is None or self._busy or len(events) != 1:
            return None
        door, event = events[0]
        return (self.sender, door, event) if self.doors[door].is_whole(event.payload) else None

    async def _kept_and_answered(self, sender: Sender, door: str, raw: Raw) -> bool:
        """Keep, handle, and claim the answer in one transaction, where nothing else waits.

        False where nothing was done: what cannot be handled is to be kept all the same.
        """
        database, claim = self.desk.database, sender.claiming()
        passed, vain = self._passed(), self._elsewhere.vain()
        try:
            incoming = await self.doors[door].read(raw.payload)

            def work(session: Session) -> tuple[list[Waiting], list[Letter] | None]:
                self.desk.store(session, door, [raw])
                rows = self._look(session, passed)
                if [row.event for row in rows] != [raw.event]:
                    return rows, None
                return rows, self.desk.act(session, [(rows[0].id, incoming)], claim)

            rows, letters = await database.in_thread(database.run, work)
        except Exception as error:
            if is_away(error):
                raise
            return False
        if letters is None:
            self._start(rows, vain)
        else:
            self.desk.elsewhere.discard(rows[0].id)  # it waits for its turn, and is found then
            sender.fly(letters, claim.since)
        return True

    def _passed(self) -> list[str]:
        """Chats with an event in our hands, or in another process's."""
        return [*self._busy, *self._elsewhere.chats]

    def _look(self, session: Session, passed: Sequence[str]) -> list[Waiting]:
        return inbox.waiting(session, self.doors, passed, self.desk.clock.now())

    # Handling

    def _start(self, rows: Sequence[Waiting], vain: Vain) -> int:
        free = self._elsewhere.without(rows, vain)
        fresh = [row for row in free if row.chat not in self._busy]
        for row in fresh:
            self._busy[row.chat] = asyncio.create_task(self._handle(row))
        return len(fresh)

    async def _handle(self, row: Waiting) -> None:
        in_thread = self.desk.database.in_thread
        try:
            try:
                incoming = await self.doors[row.door].read(row.payload)
            except Exception as error:
                log.exception("event %s cannot be read", row.id)
                await in_thread(self.desk.failed, row.id, None, error)
                self.after()
            else:
                await self._answered((row.id, await self._opened(incoming)))
                if row.id in self.desk.elsewhere:
                    self._elsewhere.tried_in_vain(row.chat, row.id)
        except Exception as error:
            if isinstance(error, DBAPIError) and is_away(error):
                self._tell(error)
            else:
                log.exception("event %s will be tried again", row.id)
            await asyncio.sleep(1)
        finally:
            self._busy.pop(row.chat, None)
            self.desk.elsewhere.discard(row.id)
            if self.sender is None:
                self.after()
            if self._more or self._handling is None:
                self._wake.set()

    async def _opened(self, incoming: Incoming | None) -> Incoming | None:
        """With the records of a file that came along, if it came from one of us."""
        if incoming is None or incoming.attachment is None:
            return incoming
        asked = await self.desk.database.in_thread(self.desk.reads, incoming)
        return await opened(incoming, asked) if asked else replace(incoming, attachment=None)

    async def _answered(self, event: tuple[int, Incoming | None]) -> None:
        if self._handling is not None:
            await self._handling(event)
        else:
            async with self._room:
                await self.desk.database.in_thread(self.desk.handle, *event)

    async def _at_desk(self, events: Sequence[tuple[int, Incoming | None]]) -> None:
        in_thread = self.desk.database.in_thread
        if self.sender is None:
            await in_thread(self.desk.handle_all, events)
            return
        claim = self.sender.claiming()
        letters = await in_thread(self.desk.handle_all, events, claim)
        if letters is None:  # they were handled one by one, and nothing was claimed
            self.after()
        else:
            self.sender.fly(letters, claim.since)
