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
from storage.models import Bond, Chat, Identity, Outbox, Task
from storage.unreachable import is_unreachable, mark
from storage.writing import write

LEASE = timedelta(seconds=25)
"""How long a claimed letter is its sender's alone; after a crash it is taken up again."""

KEPT_TRYING = timedelta(days=7)
"""How long a letter that certainly did not arrive is tried again."""

HOLDS_UP = 6
"""Tries during which a letter holds up the later ones of its chat, so that they stay in order."""

BATCH, LOOKED_AT = 100, 1000
"""Letters taken at once, and due ones looked at for it: one busy chat crowds out nobody."""

OVER, LOST = "done meanwhile", "nothing arrives there"
"""Why a letter was not even tried: no problem of the letter's."""

OPEN = ("waiting", "sending")
REPLIES_FIRST = (Outbox.kind.desc(), Outbox.id)

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
    turn_id: int | None = None,
) -> None:
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
        turn_id=turn_id,
    )
    write(session, [row])


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
        await self.take_over()
        while True:
            self._wake.clear()
            for letter in await self._claimed():
                task = asyncio.create_task(self._send(letter))
                running.add(task)
                task.add_done_callback(running.discard)
            with suppress(TimeoutError):
                async with asyncio.timeout(1):  # wait_for may swallow being cancelled
                    await self._wake.wait()

    async def take_over(self) -> None:
        """On SQLite nobody else sends: what a process before us left open needs no lease."""
        if self.database.is_sqlite:
            await self.database.in_thread(self.database.run, self._take_over)

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
        while chosen := self._chosen(session, now):
            rows = session.scalars(
                select(Outbox)
                .where(Outbox.id.in_(chosen), Outbox.state.in_(OPEN), Outbox.not_before <= now)
                .order_by(*REPLIES_FIRST)
                .with_for_update(skip_locked=True)
            ).all()
            letters = [letter for row in rows if (letter := self._taken(session, row, now))]
            if letters or not rows:
                return letters
        return []

    def _take_over(self, session: Session) -> None:
        session.execute(
            update(Outbox)
            .where(Outbox.state == "sending", Outbox.platform.in_(list(self.doors)))
            .values(not_before=self.clock.now())
        )

    def _chosen(self, session: Session, now: datetime) -> list[int]:
        """The oldest due letter of each chat that no earlier letter holds up.

        What is due is looked at first, and what is held only then: what another process takes in
        between is found held, or is the one that cannot be locked any more.
        """
        ours = Outbox.platform.in_(list(self.doors))
        waiting = select(Outbox.id, Outbox.address).where(ours, Outbox.state.in_(OPEN))
        due = waiting.where(Outbox.not_before <= now).order_by(*REPLIES_FIRST).limit(LOOKED_AT)
        first: dict[str, int] = {}
        for number, content in session.execute(due):
            address = Address(**content)
            if self.here(address):
                first.setdefault(_place_of(address), number)
        if not first:
            return []
        held = waiting.where(Outbox.not_before > now, Outbox.attempts.between(1, HOLDS_UP))
        busy = {_place_of(Address(**content)) for _, content in session.execute(held)}
        free = [number for place, number in first.items() if place not in busy | self._busy]
        return free[:BATCH]

    def _taken(self, session: Session, row: Outbox, now: datetime) -> Letter | None:
        """The letter, counted as tried; None where it is not to be sent, or not once more."""
        if row.state == "sending":  # whoever sent it has not come back
            if row.marked:
                row.state, row.problem = "unknown", "interrupted while sending"
                return None
            row.marked = True
        if row.topic and _is_over(session, row):
            row.state, row.problem = "refused", OVER
            return None
        address = Address(**row.address)
        if is_unreachable(session, *_key_of(address)):
            row.state, row.problem = "refused", LOST
            return None
        try:
            reply = unpack(row.reply)
        except TypeError as error:  # written by another version of this program
            log.exception("letter %s cannot be read", row.id)
            row.state, row.problem = "refused", str(error)
            return None
        row.state = "sending"
        row.attempts += 1
        row.not_before = now + LEASE
        return Letter(row.id, address, reply, row.attempts)

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
                if outcome.dead and not letter.address.only_for:
                    mark(session, *_key_of(letter.address), now)
                log.warning("letter %s was refused: %s", letter.id, outcome.reason)
            case Wait() if now - row.created_at < KEPT_TRYING:
                row.state, row.problem = "waiting", outcome.reason
                row.not_before = now + max(timedelta(seconds=outcome.seconds), _patience(row))
            case Moved() if row.attempts < HOLDS_UP:
                _remap(session, letter.address, outcome.chat)
                row.address = {**row.address, "chat": outcome.chat}
                row.state, row.not_before = "waiting", now
            case Ambiguous() if not row.marked:
                row.state, row.problem, row.marked = "waiting", outcome.reason, True
                row.not_before = now + timedelta(seconds=1)
            case Ambiguous():
                row.state, row.problem = "unknown", outcome.reason
                log.error("letter %s may not have arrived: %s", letter.id, outcome.reason)
            case Wait() | Moved():
                row.state, row.problem = "refused", f"given up: {outcome}"
                log.error("letter %s: given up: %s", letter.id, outcome)


def _patience(row: Outbox) -> timedelta:
    """At first none but what the door asks for; then twice as long each time, to five minutes."""
    late = row.attempts - HOLDS_UP
    return timedelta(seconds=min(2**late, 300) if late > 0 else 0)


def _place_of(address: Address) -> str:
    return ":".join(_key_of(address))


def _key_of(address: Address) -> tuple[str, str, str]:
    return address.platform, address.team, address.chat or address.user


def _is_over(session: Session, row: Outbox) -> bool:
    """A reminder of a task that was done, put off, planned anew or taken back since."""
    kind, _, number = str(row.topic).partition(":")
    if kind != "task" or row.workspace_id is None:
        return False
    task = session.get(Task, (row.workspace_id, int(number)))
    return task is None or task.status != "open" or task.reminded_at is None


def _remap(session: Session, address: Address, chat: str) -> None:
    """What is remembered of a chat goes on under its new id, unless that is known already."""
    for kind, name in ((Bond, "key"), (Chat, "key"), (Identity, "private_chat")):
        column = getattr(kind, name)
        here = select(kind).where(kind.platform == address.platform, kind.team == address.team)
        if session.scalars(here.where(column == chat).limit(1)).first() is None:
            for row in session.scalars(here.where(column == address.chat)):
                setattr(row, name, chat)


def problems(session: Session, limit: int = 20) -> list[dict[str, Any]]:
    """Letters that were refused or may not have arrived, newest first."""
    rows = session.scalars(
        select(Outbox)
        .where(Outbox.state.in_(("unknown", "refused")), Outbox.problem.not_in((OVER, LOST)))
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    return [
        {"id": row.id, "state": row.state, "problem": row.problem, "kind": row.kind} for row in rows
    ]
