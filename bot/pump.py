"""The pump: takes kept events to the desk, each chat in order, chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from bot.desk import Desk
from bot.door import Door, Raw
from storage import inbox
from storage.models import Inbox

log = logging.getLogger("rabta.pump")


class Pump:
    """Between doors and desk. ``after`` is called when an answer was written (wakes the sender)."""

    def __init__(
        self, desk: Desk, doors: Mapping[str, Door], after: Callable[[], None] = lambda: None
    ) -> None:
        self.desk = desk
        self.doors = doors
        self.after = after
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def keep(self, door: str, events: Sequence[Raw]) -> None:
        """Store events durably before the door acknowledges them; wakes the pump."""
        await self.desk.database.in_thread(self.desk.keep, door, events)
        self._wake.set()

    async def run(self) -> None:
        """Handle what is kept until cancelled; looks again at least once a second."""
        while True:
            self._wake.clear()
            await self.step()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):  # wait_for may swallow being cancelled
                    await self._wake.wait()

    async def step(self) -> int:
        """Start on the oldest waiting event of every idle chat; how many were started."""
        database = self.desk.database
        rows: list[Inbox] = await database.in_thread(
            database.run,
            lambda session: inbox.waiting(session, self.doors, self._busy, self.desk.clock.now()),
        )
        started = 0
        for row in rows:
            if row.chat in self._busy:
                continue
            self._busy[row.chat] = asyncio.create_task(self._handle(row))
            started += 1
        return started

    async def drain(self) -> None:
        """Handle all that can be handled now, and return when it is done."""
        while await self.step() or self._busy:
            await asyncio.gather(*self._busy.values())

    async def _handle(self, row: Inbox) -> None:
        in_thread = self.desk.database.in_thread
        try:
            try:
                incoming = await self.doors[row.door].read(row.payload)
            except Exception as error:
                log.exception("event %s cannot be read", row.id)
                await in_thread(self.desk.failed, row.id, None, error)
            else:
                await in_thread(self.desk.handle, row.id, incoming)
        except Exception:
            log.exception("event %s will be tried again", row.id)
            await asyncio.sleep(1)
        finally:
            self._busy.pop(row.chat, None)
            self.after()
            self._wake.set()
