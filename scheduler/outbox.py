"""The outbox: letters are written with the effect, and sent from here alone.

A letter's attempt is committed before it is sent (``claims``), at the pace that its platform
allows (``pace``), and what came of it is written down (``records``). What certainly did not
arrive is tried again; what may have arrived is sent once more, and then left as unknown for a
person to see.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.packing import pack
from handlers.reply import Reply
from scheduler import fresh
from scheduler.claims import LATEST, LEASE, LOST, OVER, Claims, Flying, anywhere, sign
from scheduler.letters import Address, Ambiguous, Letter, Outcome, Push, Sent, Tolls, Words
from scheduler.records import record
from scheduler.together import Together
from storage.clock import Clock
from storage.database import Database
from storage.models import Outbox
from storage.types import new_id
from storage.writing import write_values

RANKS = {"reply": 0, "nudge": 1, "campaign": 2}
"""What goes first, of all that is due."""

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any clock's now, however wrong it is."""

RENEWED = 1.0
"""Seconds between two renewals of what is under way."""

RECORDED = 30
"""Seconds for which a sender whose database is away holds on to what it knows of a letter."""

RECORDED_AT_ONCE = 32
"""Letters of which it is written down in one transaction, at most, that they arrived."""

LANDING = 0.02
"""Seconds in which the others of one claim land, too."""

FLIES_ON = LEASE.total_seconds() - 2.5 * RENEWED
"""Seconds since the last renewal after which a letter is let go: nobody else has it yet then."""

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
    language: str | None = None,
    later: timedelta = timedelta(),
    withheld: str = "",
) -> None:
    """Write a letter, in the transaction of whatever it tells about.

    ``later``: not before then. ``withheld`` is why it is not to be sent at all.
    """
    row = row_of(
        address, pack(reply),
        number=new_id(), workspace_id=workspace_id, topic=topic, language=language,
    )  # fmt: skip
    row |= usual_of(kind, now, later) | {"turn_id": turn_id, "problem": withheld or None}
    if withheld:
        row["state"] = "refused"
    write_values(session, Outbox, [row])
    fresh.note(session, row)


def row_of(
    address: Address,
    words: dict[str, Any],
    *,
    number: int,
    workspace_id: int | None,
    topic: str | None,
    language: str | None,
) -> dict[str, Any]:
    """What is a letter's own in its row of the outbox; ``words`` are a packed reply, or what to say
    when it is sent (``scheduler.reminding``)."""
    return {
        "id": number,
        "workspace_id": workspace_id,
        "platform": address.platform,
        "place": address.place,
        "address": address.packed,
        "reply": words,
        "topic": topic,
        "language": language,
    }


def usual_of(kind: str, now: datetime, later: timedelta = timedelta()) -> dict[str, Any]:
    """What is the same for all letters of a kind that are written now."""
    return {
        "kind": kind,
        "rank": RANKS[kind],
        "not_before": now + later if later else AT_ONCE,
        "created_at": now,
        "state": "waiting",
    }


@dataclass(eq=False)
class Flight:
    """A letter under way: since when it is known to be ours (monotonic), and the task it is."""

    letter: Letter
    since: float
    task: asyncio.Task[None] | None = None


class Claim:
    """A claim of what may go, to be made in a transaction; ``since`` when it counts (monotonic).

    What is under way is looked up there: since the claim was begun, more may have departed.
    """

    def __init__(self, claims: Claims, flying: Flying) -> None:
        self._claims, self._flying = claims, flying
        self.since = time.monotonic()

    def __call__(self, session: Session) -> list[Letter]:
        return self._claims.take(session, self._flying)


class Sender:
    """Sends what waits, in order for each chat, through the doors' ``push`` callables.

    ``here`` says whether this process reaches an address: a terminal shows one person's only.
    ``tolls`` tell what a letter uses up of its platform's limits; ``again`` gives the words, in a
    language, for a letter that may have arrived before, ``words`` those of what was raised without.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        doors: Mapping[str, Push],
        here: Callable[[Address], bool] = anywhere,
        tolls: Mapping[str, Tolls] | None = None,
        again: Callable[[str], str] = sign,
        words: Words | None = None,
    ) -> None:
        self.database, self.clock, self.doors = database, clock, doors
        self.claims = Claims(clock, doors, tolls or {}, here, again, words)
        self._wake = asyncio.Event()
        self._flights: dict[int, Flight] = {}
        self._arrived = Together(self._record, RECORDED_AT_ONCE, self._more_to_land)

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; looks again at least once a second."""
        await self.take_over()
        keeping = asyncio.create_task(self._keep_ours())
        try:
            while True:
                self._wake.clear()
                try:
                    flights = await self._claimed()
                except Exception:  # what is under way must be looked after all the same
                    log.exception("the database cannot be reached; again in a second")
                    await asyncio.sleep(1)
                    continue
                self._depart(flights)
                with suppress(TimeoutError):
                    # wait_for may swallow being cancelled
                    async with asyncio.timeout(self.claims.pause):
                        await self._wake.wait()
        finally:
            keeping.cancel()

    async def take_over(self) -> None:
        """On SQLite nobody else sends: what a process before us left open needs no lease."""
        if self.database.is_sqlite:
            await self._in_database(
                lambda session: self.claims.reclaim(session, self._flying, at_once=True)
            )

    async def flush(self) -> None:
        """Send all that waits now, one after the other, and let finish what is under way."""
        while True:
            was_idle = not self._flights  # what lands during the look may have held up another
            flights = await self._claimed()
            for flight in flights:
                await self._send(flight)
            if not flights and was_idle:
                return
            if not flights:
                await asyncio.sleep(0.02)

    def claiming(self) -> Claim:
        """A claim to be made in somebody else's transaction; what it gives is to ``fly``."""
        return Claim(self.claims, self._flying)

    def _flying(self) -> dict[int, str]:
        """Letters under way and their places; asked from the database's thread."""
        flights = list(self._flights.items())  # at one blow: they depart and land meanwhile
        return {number: each.letter.address.place for number, each in flights}

    def fly(self, letters: Sequence[Letter], since: float) -> None:
        """Send what was claimed."""
        self._depart(self._ready(letters, since))
        if self.claims.pause < LATEST:
            self.wake()

    def _ready(self, letters: Sequence[Letter], since: float) -> list[Flight]:
        flights = [Flight(letter, since) for letter in letters]
        self._flights.update({flight.letter.id: flight for flight in flights})
        return flights

    def _depart(self, flights: Sequence[Flight]) -> None:
        for flight in flights:
            flight.task = asyncio.create_task(self._send(flight))

    async def _claimed(self) -> list[Flight]:
        if self.claims.may_wait():
            return []
        claim = self.claiming()
        return self._ready(await self._in_database(claim), claim.since)

    async def _send(self, flight: Flight) -> None:
        letter = flight.letter
        try:
            outcome = await self._pushed(letter)
            flight.task = None  # what is known now is not let go any more
            await self._recorded(letter, outcome)
        finally:  # what could not be recorded is taken up again when its lease is over
            self._flights.pop(letter.id, None)
            if letter.address.place in self.claims.crowded:
                self.claims.crowded.discard(letter.address.place)
                self.wake()

    async def _pushed(self, letter: Letter) -> Outcome:
        try:
            return await self.doors[letter.address.platform](letter)
        except Exception as error:  # a door must not raise; if it does, it may have sent
            log.exception("letter %s: the door failed", letter.id)
            return Ambiguous(type(error).__name__)

    async def _recorded(self, letter: Letter, outcome: Outcome) -> None:
        try:
            if isinstance(outcome, Sent):
                await self._arrived((letter, outcome))
                return
        except Exception:  # perhaps because of another one: each by itself, then
            log.warning("letter %s: not written down together with others", letter.id)
        for _ in range(RECORDED):
            try:
                await self._record([(letter, outcome)])
            except Exception:
                log.exception("letter %s: not written down yet", letter.id)
                await asyncio.sleep(1)
            else:
                return

    def _more_to_land(self) -> float:
        """On SQLite every commit waits for the one before it."""
        flying = self.database.is_sqlite and any(each.task for each in self._flights.values())
        return LANDING if flying else 0.0

    async def _record(self, some: Sequence[tuple[Letter, Outcome]]) -> None:
        def work(session: Session) -> None:
            for letter, outcome in some:
                record(session, self.clock, letter, outcome)

        await self._in_database(work, synced=False)

    async def _keep_ours(self) -> None:
        """Renew the leases of what takes long; let go what may be somebody else's by now."""
        while not self.database.is_sqlite:  # there nobody else sends
            await asyncio.sleep(RENEWED)
            old = [each for each in self._flights.values() if _age(each) > RENEWED / 2]
            if old:
                await self._renew(old)
            for flight in old:
                if _age(flight) > FLIES_ON and flight.task and not flight.task.done():
                    log.warning("letter %s is let go: it may be in other hands", flight.letter.id)
                    flight.task.cancel()

    async def _renew(self, flights: list[Flight]) -> None:
        since = time.monotonic()
        letters = [flight.letter for flight in flights]
        with suppress(Exception):  # the database is away, and so is our claim before long
            async with asyncio.timeout(RENEWED):
                kept = await self._in_database(lambda session: self.claims.renew(session, letters))
            for flight in flights:
                flight.since = since if flight.letter.id in kept else 0.0

    async def _in_database(self, work: Callable[[Session], Any], *, synced: bool = True) -> Any:
        """What comes of ``work`` in a transaction. That a letter arrived need not be on the disk:
        lost with the power, it is sent once more, marked."""
        return await self.database.in_thread(self.database.run, work, synced=synced)


def _age(flight: Flight) -> float:
    return time.monotonic() - flight.since


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
