"""The pace of one sender: what is above it waits its turn, in order, and holds up nobody else.

A message's turn is worked out once, when it is kept, from the sender's messages before it. So it
costs nothing while it waits, and is the same for every process and after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    false,
    func,
    not_,
    select,
    update,
)
from sqlalchemy.orm import Session

from storage.asking import asked, listed, made_once, one_of
from storage.models import Inbox

SPAN = timedelta(minutes=1)
"""In which at most so many messages of one sender are handled."""

QUIET = timedelta(minutes=10)
"""So long after one message had to wait, another that has to is no news to its sender."""

Kept = tuple[int, str]
"""A row just stored and its sender; "" for nobody whose messages are counted."""


def spread(session: Session, door: str, kept: Iterable[Kept], now: datetime, most: int) -> None:
    """Give each message above ``most`` in a SPAN its turn."""
    of_sender = sorted((sender, row) for row, sender in kept if sender)
    for sender, pairs in groupby(of_sender, key=lambda pair: pair[0]):
        rows = [row for _, row in pairs]
        before = _turns(session, door, sender, rows, now, most)
        if 2 * (len(before) + len(rows)) > most and _alone(session, door, sender):
            before = _turns(session, door, sender, rows, now, most)
        late = {row: turn for row, turn in _next_turns(rows, before, now, most) if turn > now}
        if late:
            told = _waited_lately(session, door, sender, now)
            _put_off(session, late, told=told)


def _turns(
    session: Session, door: str, sender: str, rows: list[int], now: datetime, most: int
) -> list[datetime]:
    """When the sender's last messages before these were, or are to be, handled; oldest first."""
    who = {"door": door, "sender": sender}
    said = {**who, "since": now - SPAN, "these": listed(rows), "most": most}
    theirs = asked(session, _theirs(session.get_bind().dialect.name), said)
    # The clock of another process may be ahead: what was kept is not to come.
    turns = (turn if turn > received else min(turn, now) for turn, received in theirs)
    return sorted(turns)


@made_once
def _theirs(dialect: str) -> Executable:
    whose = (Inbox.door == bindparam("door"), Inbox.sender == bindparam("sender"))
    columns = (Inbox.__table__.c.turn_at, Inbox.__table__.c.received_at)
    lately = select(*columns).where(*whose, Inbox.turn_at > bindparam("since"))
    others = lately.where(not_(one_of(Inbox.id, "these", dialect, BigInteger)))
    return others.order_by(Inbox.turn_at.desc()).limit(bindparam("most"))


def _next_turns(
    rows: list[int], before: list[datetime], now: datetime, most: int
) -> Iterable[tuple[int, datetime]]:
    turns = list(before)
    for row in rows:
        last = turns[-1] if turns else now
        free = turns[-most] + SPAN if len(turns) >= most else now
        turns.append(max(now, last, free))
        yield row, turns[-1]


def _alone(session: Session, door: str, sender: str) -> bool:
    """Wait until no other process counts for this sender; False where there is none."""
    if session.get_bind().dialect.name == "sqlite":
        return False
    name = func.hashtextextended(f"{door}:{sender}", 0)
    session.execute(select(func.pg_advisory_xact_lock(name)))
    return True


def _waited_lately(session: Session, door: str, sender: str, now: datetime) -> bool:
    theirs = select(Inbox.id).where(Inbox.door == door, Inbox.sender == sender)
    waited = theirs.where(Inbox.turn_at > now - QUIET, Inbox.received_at > now - QUIET)
    late = waited.where(Inbox.turn_at > Inbox.received_at)
    return session.scalars(late.order_by(Inbox.turn_at.desc()).limit(1)).first() is not None


def _put_off(session: Session, late: dict[int, datetime], *, told: bool) -> None:
    """The first that a sender did not expect to wait stays due at once: see ``waits``."""
    first = min(late)
    for row, turn in late.items():
        again_at = turn if told or row != first else None
        to = {"turn_at": turn, "again_at": again_at}
        session.execute(update(Inbox).where(Inbox.id == row).values(to))


def is_early(now: Any) -> ColumnElement[bool]:
    """Whether it is the message at which a sender became too fast, and that they did not hear of:
    it is due at once, but only for that."""
    has_turn = and_(Inbox.turn_at > Inbox.received_at, Inbox.turn_at > now)
    return and_(Inbox.again_at.is_(None), func.coalesce(has_turn, false()))


def waits(session: Session, row_id: int, now: datetime) -> bool:
    """Let it wait for its turn; True if it is early, and so its sender is to be told."""
    early = update(Inbox).where(Inbox.id == row_id, Inbox.state == "new", is_early(now))
    put_off = early.values(again_at=Inbox.turn_at).returning(Inbox.id)
    return session.scalar(put_off.execution_options(synchronize_session=False)) is not None


def waiting(session: Session, now: datetime) -> tuple[int, int]:
    """How many messages wait for their turn, and of how many senders."""
    later = select(func.count(), func.count(Inbox.sender.distinct()))
    counted = session.execute(later.where(Inbox.state == "new", Inbox.turn_at > now)).one()
    return counted[0], counted[1]
