"""The clock: one table of what is looked at, and how often.

APScheduler is only the alarm bell. What is due stands in the rows, so a restart, a late tick or
a second process changes nothing: each tick finds what is due and not yet raised. What time it is
says the clock that is passed down; the bell goes by this machine's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from scheduler import (
    agenda,
    deals,
    forgetting,
    goals,
    handovers,
    nudging,
    outlook,
    reminders,
    reports,
    tidy,
    touches,
    unreachable,
    wins,
)
from scheduler.drawing import Draw
from storage import inbox, sums
from storage.clock import Clock
from storage.database import Database
from storage.scope import everywhere

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


def forget_sent(session: Session, _draw: Draw, now: datetime) -> int:
    """So do letters that arrived long ago, and how fast others went."""
    forgetting.letters(session, now)
    forgetting.paces(session, now)
    forgetting.files(session, now)
    return 0


def fold_sums(session: Session, _draw: Draw, _now: datetime) -> int:
    """Parts that changes of deals have left in their sums become one."""
    with everywhere(session):
        while sums.fold(session) == sums.FOLDED:
            pass
    return 0


TICKS = {
    "reminders": Entry(reminders.tick, 1),
    "deals": Entry(deals.tick, 3),
    "handovers": Entry(handovers.tick, 2),
    "wins": Entry(wins.tick, 2),
    "outlook": Entry(outlook.tick, 3),
    "goals": Entry(goals.tick, 5),
    "weekly": Entry(reports.weekly, 10),
    "monthly": Entry(reports.monthly, 10),
    "tidy": Entry(tidy.tick, 10),
    "touches": Entry(touches.tick, 2),
    "nudges": Entry(nudging.tick, 3),
    "agenda": Entry(agenda.tick, 4),
    "unreachable": Entry(unreachable.tick, 5),
    "inbox": Entry(forget, 60),
    "outbox": Entry(forget_sent, 60),
    "sums": Entry(fold_sums, 20),
}


LEARNING = 5.0
"""Seconds between two looks whether there is anything to learn."""

SET = 1.0
"""Seconds by which this machine's clock was set that are worth a new round of the bell."""


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
        self._watching: asyncio.Task[None] | None = None

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
        self._scheduler.add_job(
            self._learn,
            "interval",
            seconds=LEARNING,
            id="learning",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now().astimezone(),
        )
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch())

    def stop(self) -> None:
        if self._watching:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        """Begin anew when somebody set this machine's clock: set back by an hour, the bell would
        be silent for that hour."""
        ahead = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(SET)
            now = time.time() - time.monotonic()
            if abs(now - ahead) > SET:
                log.warning("this machine's clock was set by %+.0f s", now - ahead)
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now().astimezone())
            ahead = now

    async def _learn(self) -> None:
        """What takes long, in a thread of its own; the database's is asked for moments only."""
        loop = asyncio.get_running_loop()

        def run(work: Callable[[Session], Any]) -> Any:
            asked = self.database.in_thread(self.database.run, work)
            return asyncio.run_coroutine_threadsafe(asked, loop).result()

        try:
            await asyncio.to_thread(outlook.learn, run, self.clock.now)
        except asyncio.CancelledError:
            return
        except Exception:
            log.exception("nothing can be learned; it comes again")

    async def ring_all(self) -> int:
        """Every tick once, now; how many nudges were raised."""
        return sum([await self._ring(name) for name in TICKS])

    async def _ring(self, name: str) -> int:
        """A tick, again as long as it finds something; between two, others use the database."""
        raised = total = await self._tried(name)
        while raised:
            self.after()
            raised = await self._tried(name)
            total += raised
        return total

    async def _tried(self, name: str) -> int:
        try:
            return await self.database.in_thread(self.tick, name)
        except asyncio.CancelledError:
            return 0  # told to stop: the tick ends in its thread, and nobody waits for its answer
        except Exception:
            log.exception("tick %s failed; it comes again", name)
            return 0

    def tick(self, name: str) -> int:
        """One tick in one transaction."""
        now = self.clock.now()
        return self.database.run(lambda session: TICKS[name].tick(session, self.draw, now))
