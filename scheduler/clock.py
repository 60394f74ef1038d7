"""The clock: one table of what is looked at, and how often.

APScheduler is only the alarm bell. What is due stands in the rows, so a restart, a late tick or
a second process changes nothing: each tick finds what is due and not yet raised. Whether any finds
something is one question for all of them. What time it is says the clock that is passed down; the
bell goes by this machine's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from scheduler import (
    agenda,
    check_ins,
    contracts,
    deals,
    forgetting,
    given,
    goals,
    handovers,
    journey,
    learning,
    looks,
    nudging,
    outlook,
    reminders,
    reports,
    scores,
    segments,
    sequences,
    tickets,
    tidy,
    touches,
    unreachable,
    wins,
)
from scheduler.drawing import Draw
from storage import inbox, sums
from storage.asking import asked, made_once
from storage.clock import Clock
from storage.database import Database
from storage.scope import everywhere
from storage.types import Moment

log = logging.getLogger("rabta.clock")

Tick = Callable[[Session, Draw, datetime], int]
"""Looks for what is due, raises nudges with their letters, and says how many."""

Asks = Callable[[Any], ColumnElement[bool]]
"""Makes of a parameter for now the question whether anything is due."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A tick, after how many ``seconds`` it may come again, and what it waits for, if anything.

    ``batch``: it is work that nobody waits for, so many at a time: another time only after that
    many were found, and when those who write to us leave the database alone.
    """

    tick: Tick
    seconds: int
    due: Asks | None = None
    batch: int = 0


def forget(session: Session, _draw: Draw, now: datetime) -> int:
    """What was done a week ago leaves the inbox; nobody is told."""
    inbox.purge(session, now)
    return 0


def forget_sent(session: Session, _draw: Draw, now: datetime) -> int:
    """So do letters that arrived long ago, and how fast others went."""
    forgetting.letters(session, now)
    forgetting.paces(session, now)
    forgetting.files(session, now)
    forgetting.patterns(session, now)
    return 0


def fold_sums(session: Session, _draw: Draw, _now: datetime) -> int:
    """Parts that changes of deals have left in their sums become one."""
    with everywhere(session):
        while sums.fold(session) == sums.FOLDED:
            pass
    return 0


TICKS = {
    "reminders": Entry(reminders.tick, 1, reminders.DUE),
    "deals": Entry(deals.tick, 3, deals.DUE),
    "handovers": Entry(handovers.tick, 2, handovers.DUE),
    "given": Entry(given.tick, 2, given.DUE),
    "wins": Entry(wins.tick, 2, wins.DUE),
    "outlook": Entry(outlook.tick, 3, outlook.DUE),
    "check_ins": Entry(check_ins.tick, 7, check_ins.is_due),
    "contracts": Entry(contracts.tick, 5, contracts.DUE),
    "scores": Entry(scores.tick, 5, scores.is_due, scores.BATCH),
    "journey": Entry(journey.tick, 5, journey.DUE, journey.BATCH),
    "goals": Entry(goals.tick, 5, goals.DUE),
    "segments": Entry(segments.tick, 10, segments.DUE),
    "tickets": Entry(tickets.tick, 2, tickets.DUE),
    "weekly": Entry(reports.weekly, 10, reports.WEEKLY),
    "monthly": Entry(reports.monthly, 10, reports.MONTHLY),
    "tidy": Entry(tidy.tick, 10, tidy.DUE),
    "sequences": Entry(sequences.tick, 2, sequences.is_due),
    "looks": Entry(looks.tick, 10, looks.DUE),
    "touches": Entry(touches.tick, 2, touches.DUE),
    "nudges": Entry(nudging.tick, 3, nudging.DUE),
    "agenda": Entry(agenda.tick, 4, agenda.DUE),
    "unreachable": Entry(unreachable.tick, 5, unreachable.is_due),
    "inbox": Entry(forget, 60),
    "outbox": Entry(forget_sent, 60),
    "sums": Entry(fold_sums, 20),
}

LEARNING = "learning"
"""No tick, as it takes long; it may come again after so many seconds:"""
LEARNS_AGAIN = 5

IN_PLACE = "in place"
"""Nor this: what SQLite's log holds is put into the file in a quiet moment of any second."""

QUIET, PATIENCE = 0.1, 20
"""Seconds without messages in which work that nobody waits for goes on; how many such at most."""

SET = 1.0
"""Seconds by which this machine's clock was set that are worth a new round of the bell."""


@made_once
def _whose() -> CompoundSelect[Any]:
    """The names of all that find something due."""
    now = bindparam("now", type_=Moment())
    asks = {name: entry.due for name, entry in TICKS.items() if entry.due}
    asks[LEARNING] = lambda now: or_(outlook.may_learn(now), learning.NIGHT_DUE(now))
    return union_all(*(select(literal(name)).where(due(now)) for name, due in asks.items()))


@made_once
def _is_due(name: str) -> Select[Any]:
    now, asks = bindparam("now", type_=Moment()), TICKS[name].due
    return select(literal(name)).where(asks(now) if asks else true())


def is_due(session: Session, name: str, now: datetime) -> bool:
    """Whether this one would find something, or waits for nothing: a fraction of the question for
    all."""
    if TICKS[name].due is None:
        return True
    with everywhere(session):
        return bool(asked(session, _is_due(name), {"now": now}).first())


def due(session: Session, now: datetime) -> set[str]:
    """What would find something, and what waits for nothing."""
    with everywhere(session):
        found = {name for (name,) in asked(session, _whose(), {"now": now})}
    return found | {name for name, entry in TICKS.items() if entry.due is None}


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
        self._second = 0
        self._asking: asyncio.Task[None] | None = None
        self._ringing: dict[str, asyncio.Task[Any]] = {}
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Ring every tick at its interval, from now on; call it inside the event loop."""
        self._scheduler.add_job(
            self._each_second,
            "interval",
            seconds=1,
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
        for task in (self._asking, *self._ringing.values()):
            if task:
                task.cancel()

    async def _each_second(self) -> None:
        """Where whoever writes is busy, one question waits for them, not one for each second."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ring_due())

    async def _ring_due(self) -> None:
        """Ring those whose turn it is and that find something, but for what still rings."""
        again = {name: entry.seconds for name, entry in TICKS.items()} | {LEARNING: LEARNS_AGAIN}
        turns = {name for name, seconds in again.items() if not self._second % seconds}
        if self.database.is_sqlite and IN_PLACE not in self._ringing:
            self._begin(IN_PLACE, self._put_in_place())
        self._second += 1
        for name in (turns - self._ringing.keys()) & await self._asked():
            self._begin(name, self._learn() if name == LEARNING else self._ring(name))

    def _begin(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        task = self._ringing[name] = asyncio.create_task(work, name=name)
        task.add_done_callback(lambda task: self._ringing.pop(task.get_name()))

    async def _put_in_place(self) -> None:
        """In a moment in which nobody asks the database, what its log holds goes into the file."""
        asked = self.database.asked
        await asyncio.sleep(QUIET)
        if self.database.asked == asked:
            await self.database.in_thread(self.database.put_in_place)

    async def _asked(self) -> set[str]:
        now = self.clock.now()
        try:
            return await self.database.in_thread(
                self.database.run, lambda session: due(session, now)
            )
        except Exception:
            log.exception("it cannot be asked what is due; it is asked again")
            return set()

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
            await asyncio.to_thread(learning.learn, run, self.clock.now)
        except asyncio.CancelledError:
            return
        except Exception:
            log.exception("nothing can be learned; it comes again")

    async def ring_all(self) -> int:
        """Every tick once, now; how many nudges were raised."""
        return sum([await self._ring(name) for name in TICKS])

    async def _ring(self, name: str) -> int:
        """A tick, again as long as it finds something; between two, others use the database."""
        batch = TICKS[name].batch
        raised = total = await self._tried(name)
        while raised and raised >= batch:
            self.after()
            if batch:
                await self._when_it_is_quiet()
            raised = await self._tried(name)
            total += raised
        return total

    async def _when_it_is_quiet(self) -> None:
        """Wait till nobody but the clock asked the database for a moment, but not for ever."""
        for _ in range(PATIENCE):
            asked = self.database.asked
            await asyncio.sleep(QUIET)
            if self.database.asked - asked <= 1:
                return

    async def _tried(self, name: str) -> int:
        try:
            return await self.database.in_thread(self.tick, name)
        except asyncio.CancelledError:
            return 0  # told to stop: the tick ends in its thread, and nobody waits for its answer
        except Exception:
            log.exception("tick %s failed; it comes again", name)
            return 0

    def tick(self, name: str) -> int:
        """One tick in one transaction, if it finds anything."""
        now, tick = self.clock.now(), TICKS[name].tick

        def work(session: Session) -> int:
            return tick(session, self.draw, now) if is_due(session, name, now) else 0

        return self.database.run(work)
