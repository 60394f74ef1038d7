"""What was sent long ago is forgotten, and how fast others went: some of it at a go.

What is still needed of a letter: while it waits or is under way, all of it; what may not have
arrived, until its owner was told (``undelivered``); and once it has arrived, which turn it
answered, for whoever replies to it with ``/why`` weeks later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Float, and_, delete, func, literal_column, or_, select
from sqlalchemy.orm import Session

from scheduler.outbox import RANKS
from storage import misses
from storage.models import Outbox, Pace, WaitingFile, Workspace
from storage.scope import everywhere

KEPT = timedelta(days=60)
"""How long a letter is remembered once it is done: as long as its buttons live."""

IDLE = timedelta(days=1)
"""A limit's window is far shorter; one with nothing in it for so long says no more than none."""

WAITS = timedelta(days=7)
"""How long a file that was sent can still be taken in."""

DONE = ("sent", "refused", "unknown")

LIMIT = 1000


def letters(session: Session, now: datetime, limit: int = LIMIT) -> int:
    """Forget what was done long ago, at most ``limit`` of each kind; how many.

    Those that were written first are looked at, by the index: its cost is bounded.
    """
    told = or_(
        Outbox.state != "unknown", Outbox.told_at.is_not(None), Outbox.workspace_id.is_(None)
    )
    forgotten = 0
    for state in DONE:
        for rank in RANKS.values():
            done = and_(Outbox.state == state, Outbox.rank == rank, told)
            first = select(Outbox.id, Outbox.created_at).where(done)
            oldest = first.order_by(Outbox.id).limit(limit).subquery()
            past = select(oldest.c.id).where(oldest.c.created_at < now - KEPT)
            gone = delete(Outbox).where(Outbox.id.in_(past)).returning(Outbox.id)
            forgotten += len(session.execute(gone).all())
    return forgotten


def paces(session: Session, now: datetime, limit: int = LIMIT) -> int:
    """Forget windows that are long empty, at most ``limit``; how many. One that is in use is left
    for another time."""
    until = (now - IDLE).timestamp()
    empty = select(Pace.name).where(func.coalesce(_last(session), 0.0) < until).limit(limit)
    names = session.scalars(empty.with_for_update(skip_locked=True)).all()
    session.execute(delete(Pace).where(Pace.name.in_(names)))
    return len(names)


def files(session: Session, now: datetime, limit: int = LIMIT) -> int:
    """Forget files that were sent and never taken in, and those that were; how many."""
    with everywhere(session):
        old = select(WaitingFile.workspace_id, WaitingFile.id).where(
            WaitingFile.workspace_id.in_(select(Workspace.id)),
            WaitingFile.created_at < now - WAITS,
        )
        gone = session.execute(old.limit(limit)).all()
        for space, number in gone:
            session.execute(
                delete(WaitingFile).where(
                    WaitingFile.workspace_id == space, WaitingFile.id == number
                )
            )
    return len(gone)


def patterns(session: Session, now: datetime, limit: int = LIMIT) -> int:
    """Forget what was not understood in months long ago; how many patterns."""
    with everywhere(session):
        return misses.forget(session, now, limit)


def _last(session: Session) -> ColumnElement[float]:
    """The latest moment of a window, which is the last in its list."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_extract(Pace.taken, "$[#-1]").cast(Float)
    return literal_column("(pace.taken ->> -1)::float", Float)
