"""A lease: what one process of several does for all of them, by the database's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.models import Lease


def take(session: Session, name: str, holder: str, span: timedelta) -> bool:
    """Take the lease, or keep it if it is ours; False while somebody else has it."""
    until = _now() + literal(span)
    free = or_(Lease.holder == holder, Lease.until < _now())
    row = insert(Lease).values(name=name, holder=holder, until=until)
    taken = row.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "until": until}, where=free
    )
    return session.scalar(taken.returning(Lease.name)) is not None


def give_back(session: Session, name: str, holder: str) -> None:
    """Let the next one have it at once."""
    row = session.get(Lease, name, with_for_update=True)
    if row is not None and row.holder == holder:
        session.delete(row)


def holders(session: Session) -> dict[str, str]:
    """Who has which lease now."""
    rows = session.execute(select(Lease.name, Lease.holder).where(Lease.until >= _now()))
    return {lease.name: lease.holder for lease in rows}


def _now() -> ColumnElement[datetime]:
    """The database's: the clocks of its clients may differ."""
    return func.clock_timestamp()
