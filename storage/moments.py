"""Whose clock decides: several processes on PostgreSQL go by the database's, as theirs may differ.

A clock that was set by hand (in tests, at the terminal) always decides by itself.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, bindparam, func, select
from sqlalchemy.orm import Session

from storage.clock import Clock, SystemClock
from storage.types import Moment


def is_shared(session: Session, clock: Clock) -> bool:
    """Whether it is the database's clock that decides."""
    return isinstance(clock, SystemClock) and session.get_bind().dialect.name == "postgresql"


def now_in_sql(*, shared: bool) -> ColumnElement[datetime]:
    """For statements that are built once; where no clock is shared, ``now`` is a parameter."""
    if shared:  # the same in all of a statement: what is due and what it waits for must agree
        return func.statement_timestamp(type_=DateTime(timezone=True))
    return bindparam("now", type_=Moment())


def now_of(session: Session, clock: Clock) -> datetime:
    if is_shared(session, clock):
        return session.execute(select(now_in_sql(shared=True))).scalar_one()
    return clock.now()
