"""The outbox: letters are written with the effect, and sent from here alone.

A letter's attempt is committed before it is sent. What certainly did not arrive is tried again;
what may have arrived is sent once more, and then left as unknown for a person to see.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers.packing import pack, unpack
from handlers.reply import Reply
from scheduler.letters import (
    Address,
    Ambiguous,
    Letter,
    Moved,
    Outcome,
    Push,
    Refused,
    Sent,
    Wait,
)
from storage.clock import Clock
from storage.database import Database
from storage.models import Identity, Outbox, Task

LEASE = timedelta(seconds=30)
"""How long a claimed letter is its sender's alone; after a crash it is taken up again."""

ATTEMPTS = 6
"""How often a letter that certainly did not arrive is tried."""

AMBIGUOUS_ATTEMPTS = 2
"""How often a letter that may have arrived is sent in all."""

log = logging.getLogger("rabta.outbox")


def post(
    session: Session,
    address: Address,
    reply: Reply,
    now: datetime,
    *,
    workspace_id: int | None,
    kind: str = "reply",
    topic: str | None = None,
) -> Outbox:
    """Write a letter, in the transaction of whatever it tells about."""
    row = Outbox(
        workspace_id=workspace_id,
        kind=kind,
        platform=address.platform,
        address=asdict(address),
        reply=pack(reply),
        topic=topic,
        not_before=now,
        created_at=now,
    )
    session.add(row)
    return row


class Sender:
    """Sends what waits, in order for each chat, through the doors' ``push`` callables.

    ``here`` says whether this process reaches an address: a terminal shows one person's only.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        doors: Mapping[str, Push],
        here: Callable[[Address], bool] = lambda _address: True,
    ) -> None:
        self.database = database
        self.clock = clock
        self.doors = doors
        self.here = here
        self._wake = asyncio.Event()
        self._busy: set[str] = set()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; looks again at least once a second."""
        running: set[asyncio.Task[None]] = set()
        while True:
            self._wake.clear()
            for letter in await self._claimed():
                task = asyncio.create_task(self._send(letter))
                running.add(task)
                task.add_done_callback(running.discard)
            with suppress(TimeoutError):
                async with asyncio.timeout(1):  # wait_for may swallow being cancelled
                    await self._wake.wait()

    async def flush(self) -> None:
        """Send all that waits now, one after the other, and let finish what is under way."""
        while True:
            letters = await self._claimed()
            for letter in letters:
                await self._send(letter)
            if not letters and not self._busy:
                return
            if not letters:
                await asyncio.sleep(0.02)

    async def _claimed(self) -> list[Letter]:
        letters = await self.database.in_thread(self.database.run, self._claim)
        self._busy.update(_place_of(letter.address) for letter in letters)
        return letters

    def _claim(self, session: Session) -> list[Letter]:
        """Take the oldest due letter of each chat and commit that it is being tried."""
        now = self.clock.now()
        rows = session.scalars(
            select(Outbox)
            .where(
                Outbox.state.in_(("waiting", "sending")),
                Outbox.not_before <= now,
                Outbox.platform.in_(list(self.doors)),
            )
            .order_by(Outbox.kind.desc(), Outbox.id)  # replies before nudges
            .limit(100)
            .with_for_update(skip_locked=True)
        ).all()
        letters: list[Letter] = []
        busy = set(self._busy)
        for row in rows:
            address = Address(**row.address)
            place = _place_of(address)
            if place in busy or not self.here(address):
                continue
            if row.state == "sending" and row.attempts >= AMBIGUOUS_ATTEMPTS:
                row.state, row.problem = "unknown", "interrupted while sending"
                continue
            if row.topic and _is_over(session, row):
                row.state, row.problem = "refused", "done meanwhile"
                continue
            row.state = "sending"
            row.attempts += 1
            row.not_before = now + LEASE
            busy.add(place)
            letters.append(Letter(row.id, address, unpack(row.reply), row.attempts))
        return letters

    async def _send(self, letter: Letter) -> None:
        try:
            outcome = await self.doors[letter.address.platform](letter)
        except Exception as error:  # a door must not raise; if it does, it may have sent
            log.exception("letter %s: the door failed", letter.id)
            outcome = Ambiguous(type(error).__name__)
        try:
            await self.database.in_thread(
                self.database.run, lambda session: self._record(session, letter, outcome)
            )
        finally:  # what could not be recorded is taken up again when its lease is over
            self._busy.discard(_place_of(letter.address))
            self.wake()

    def _record(self, session: Session, letter: Letter, outcome: Outcome) -> None:
        now = self.clock.now()
        row = session.get_one(Outbox, letter.id, with_for_update=True)
        match outcome:
            case Sent():
                row.state, row.sent_as = "sent", outcome.message[:80]
            case Refused():
                row.state, row.problem = "refused", outcome.reason
                log.warning("letter %s was refused: %s", letter.id, outcome.reason)
            case Wait() if row.attempts < ATTEMPTS:
                row.state, row.problem = "waiting", outcome.reason
                row.not_before = now + timedelta(seconds=outcome.seconds)
            case Ambiguous() if row.attempts < AMBIGUOUS_ATTEMPTS:
                row.state, row.problem = "waiting", outcome.reason
                row.not_before = now + timedelta(seconds=1)
            case Moved():
                _remap(session, letter.address, outcome.chat)
                row.address = {**row.address, "chat": outcome.chat}
                row.state, row.not_before = "waiting", now
            case Wait() | Ambiguous():
                row.state, row.problem = "unknown", outcome.reason
                log.error("letter %s: given up: %s", letter.id, outcome.reason)


def _place_of(address: Address) -> str:
    return f"{address.platform}:{address.team}:{address.chat or address.user}"


def _is_over(session: Session, row: Outbox) -> bool:
    """A reminder of a task that was done, put off, planned anew or taken back since."""
    kind, _, number = str(row.topic).partition(":")
    if kind != "task" or row.workspace_id is None:
        return False
    task = session.get(Task, (row.workspace_id, int(number)))
    return task is None or task.status != "open" or task.reminded_at is None


def _remap(session: Session, address: Address, chat: str) -> None:
    """A group moved: members' private chats never do, but be exact about what is remembered."""
    session.execute(
        update(Identity)
        .where(
            Identity.platform == address.platform,
            Identity.team == address.team,
            Identity.private_chat == address.chat,
        )
        .values(private_chat=chat)
    )


def problems(session: Session, limit: int = 20) -> list[dict[str, Any]]:
    """Letters that were refused or may not have arrived, newest first."""
    rows = session.scalars(
        select(Outbox)
        .where(Outbox.state.in_(("unknown", "refused")), Outbox.problem != "done meanwhile")
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    return [
        {"id": row.id, "state": row.state, "problem": row.problem, "kind": row.kind} for row in rows
    ]
