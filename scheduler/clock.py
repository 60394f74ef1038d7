"""The clock: one table of what is looked at, and how often.

APScheduler is only the alarm bell. What is due stands in the rows, so a restart, a late tick or
a second process changes nothing: each tick finds what is due and not yet raised.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from scheduler import agenda, reminders, unreachable
from scheduler.drawing import Draw
from storage import inbox
from storage.clock import Clock
from storage.database import Database

log = logging.getLogger("rabta.clock")

Tick = Callable[[Session, Draw, datetime], int]
"""Looks for what is due, raises nudges with their letters, and says how many."""


@dataclass(frozen=True, slots=True)
class Entry:
    tick: Tick
    seconds: float


def forget(session: Session, _draw: Draw, now: datetime) -> int:
    """What was done a week ago leaves the inbox; nobody is told."""
    inbox.purge(session, now)
    return 0


TICKS = {
    "reminders": Entry(reminders.tick, 1),
    "agenda": Entry(agenda.tick, 4),
    "unreachable": Entry(unreachable.tick, 5),
    "inbox": Entry(forget, 60),
}


class Clockwork:
    """Rings the ticks. ``after`` is called when something was raised (wakes the sender)."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        draw: Draw,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.draw = draw
        self.after = after
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Ring every tick at its interval, from now on; call it inside the event loop."""
        for name, entry in TICKS.items():
            self._scheduler.add_job(
                self._ring,
                "interval",
                seconds=entry.seconds,
                args=[name],
                id=name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=datetime.now().astimezone(),
            )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def ring_all(self) -> int:
        """Every tick once, now; how many nudges were raised."""
        return sum([await self._ring(name) for name in TICKS])

    async def _ring(self, name: str) -> int:
        try:
            raised = await self.database.in_thread(self.tick, name)
        except asyncio.CancelledError:
            return 0  # told to stop: the tick ends in its thread, and nobody waits for its answer
        except Exception:
            log.exception("tick %s failed; it comes again", name)
            return 0
        if raised:
            self.after()
        return raised

    def tick(self, name: str) -> int:
        """One tick in one transaction."""
        now = self.clock.now()
        return self.database.run(lambda session: TICKS[name].tick(session, self.draw, now))
