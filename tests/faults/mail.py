"""Letters written to the database, and real doors and senders that carry them to a loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sqlalchemy import select

from bot.buttons import with_tokens
from handlers.library import the_book
from handlers.reply import Reply, says
from scheduler.drawing import Draw
from scheduler.letters import Address, Letter, Outcome
from scheduler.outbox import Sender, post
from scheduler.pace import Toll
from scheduler.reminding import worded
from storage.clock import Clock, SystemClock
from storage.database import Database
from storage.models import Outbox
from tests.doors.loop import LiveLoop
from tests.doors.waiting import ended, until


class Carries(Protocol):
    def toll(self, letter: Letter) -> Toll: ...

    async def push(self, letter: Letter) -> Outcome: ...

    async def stop(self) -> None: ...


def words_of(language: str) -> str:
    return f"(again, {language})"


@dataclass
class Mail:
    """What is written, and what became of it."""

    database: Database
    clock: Clock = field(default_factory=SystemClock)

    def writes(self, to: Address, *texts: str | Reply, **more: Any) -> None:
        with self.database.transaction() as session:
            for each in texts:
                reply = says(each) if isinstance(each, str) else each
                post(session, to, reply, self.clock.now(), workspace_id=None, **more)

    def rows(self) -> list[Outbox]:
        with self.database.transaction() as session:
            return list(session.scalars(select(Outbox).order_by(Outbox.id)))

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def all_are(self, state: str) -> Callable[[], bool]:
        return lambda: set(self.states) == {state}

    def sender(self, **doors: Carries) -> Sender:
        return Sender(
            self.database,
            self.clock,
            {name: door.push for name, door in doors.items()},
            tolls={name: door.toll for name, door in doors.items()},
            again=words_of,
            words=partial(worded, Draw(the_book(), with_tokens)),
        )


@contextmanager
def sending(loop: LiveLoop, *senders: Sender) -> Iterator[None]:
    """These run beside each other for as long as the block does."""

    async def begin() -> list[asyncio.Task[None]]:
        return [asyncio.create_task(sender.run()) for sender in senders]

    tasks = loop.do(begin())
    try:
        yield
    finally:
        loop.do(ended(*tasks, again=1.0))


@contextmanager
def opened(loop: LiveLoop, make: Callable[[], Carries]) -> Iterator[Carries]:
    """A door, made in the loop and stopped there."""

    async def made() -> Carries:
        return make()

    door = loop.do(made())
    try:
        yield door
    finally:
        loop.do(door.stop())


def took(condition: Callable[[], object], timeout: float) -> float:
    """Wait for it; how many seconds it took."""
    begun = time.monotonic()
    until(condition, timeout)
    return time.monotonic() - begun
