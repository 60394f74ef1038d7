"""What became of a letter is written down: sent, refused, to wait, or perhaps arrived."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from scheduler.due import HOLDS_UP
from scheduler.leaving import CUSTOMERS, came_to
from scheduler.letters import Address, Ambiguous, Letter, Moved, Outcome, Refused, Sent, Wait
from scheduler.pace import hold
from storage.asking import asked
from storage.base import Base
from storage.clock import Clock
from storage.models import Bond, Chat, Identity, Outbox
from storage.moments import now_of
from storage.scope import everywhere
from storage.unreachable import mark

KEPT_TRYING = timedelta(days=7)
"""How long a letter that certainly did not arrive is tried again."""

MAIL = "email"
"""Its places are customers; what is lost there is an address, which is noted by itself."""

log = logging.getLogger("rabta.outbox")


def record(session: Session, clock: Clock, letter: Letter, outcome: Outcome) -> None:
    """Write it down, unless the letter has meanwhile been in other hands."""
    to_customer = letter.kind == CUSTOMERS
    if not to_customer and isinstance(outcome, Sent) and _is_sent(session, letter, outcome):
        return
    row = session.get_one(Outbox, letter.id, with_for_update=True, populate_existing=True)
    if row.attempts != letter.attempt or row.state in {"sent", "refused"}:
        came = type(outcome).__name__
        log.warning("letter %s is in other hands; here it came to: %s", letter.id, came)
        return
    now = now_of(session, clock)
    _write_down(session, clock, letter, row, outcome, now)
    if to_customer and row.topic and row.workspace_id is not None:
        number = int(row.topic.partition(":")[2])
        came_to(session, row.workspace_id, number, outcome, row.state, now)


def _write_down(
    session: Session, clock: Clock, letter: Letter, row: Outbox, outcome: Outcome, now: datetime
) -> None:
    match outcome:
        case Sent():
            row.state, row.sent_as = "sent", outcome.message[:80]
            return
        case Refused():
            row.state, row.problem = "refused", outcome.reason
            if outcome.dead and not letter.address.only_for and row.platform != MAIL:
                mark(session, *letter.address.key, now)
            log.warning("letter %s was refused; see rabta doctor", letter.id)
            return
        case Wait() if now - row.created_at < KEPT_TRYING:
            row.state, row.problem = "waiting", outcome.reason
            row.not_before = now + max(timedelta(seconds=outcome.seconds), _patience(row))
            hold(session, clock, outcome.holds, outcome.seconds)
        case Moved() if row.attempts < HOLDS_UP:
            row.state, row.not_before = "waiting", now
            _move(session, letter.address, outcome.chat)
        case Ambiguous() if not row.marked and letter.kind != CUSTOMERS:
            row.state, row.problem, row.marked = "waiting", outcome.reason, True
            row.not_before = now + timedelta(seconds=1)
        case Ambiguous():
            row.state, row.problem = "unknown", outcome.reason
            log.error("letter %s may not have arrived; see rabta doctor", letter.id)
        case Wait() | Moved():
            row.state, row.problem = "refused", f"given up: {outcome}"
            log.error("letter %s: given up after %d tries", letter.id, row.attempts)
    row.done = list(outcome.done) or None


_SENT = (
    update(Base.metadata.tables["outbox"])
    .where(Outbox.id == bindparam("this"), Outbox.attempts == bindparam("attempt"))
    .where(Outbox.state == "sending")
    .values(state="sent", sent_as=bindparam("as"))
)


def _is_sent(session: Session, letter: Letter, outcome: Sent) -> bool:
    """What becomes of nearly all of them, in one statement."""
    told = {"this": letter.id, "attempt": letter.attempt, "as": outcome.message[:80]}
    return bool(asked(session, _SENT, told).rowcount == 1)


def _patience(row: Outbox) -> timedelta:
    """At first none but what the door asks for; then twice as long each time, to five minutes."""
    late = row.attempts - HOLDS_UP
    return timedelta(seconds=min(2**late, 300) if late > 0 else 0)


def _move(session: Session, address: Address, chat: str) -> None:
    """A chat goes on under its new id: what is remembered of it, and all that waits for it."""
    with everywhere(session):
        for kind, name in ((Bond, "key"), (Chat, "key"), (Identity, "private_chat")):
            column = getattr(kind, name)
            here = select(kind).where(kind.platform == address.platform, kind.team == address.team)
            if session.scalars(here.where(column == chat).limit(1)).first() is None:
                for row in session.scalars(here.where(column == address.chat)):
                    setattr(row, name, chat)
    waiting = select(Outbox).where(Outbox.state == "waiting", Outbox.place == address.place)
    for letter in session.scalars(waiting.with_for_update()):
        there = replace(Address(**letter.address), chat=chat)
        letter.address, letter.place = asdict(there), there.place
