"""What Rabta was asked and did not understand: patterns by month, nobody's messages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Integer, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Workspaced
from storage.team import Workspace

KEPT = timedelta(days=90)
"""How long a month's patterns are kept after its end."""

MOST = 500
"""Patterns of a month in a workspace; what comes after these is counted with none."""


class Miss(Workspaced, Base):
    """A pattern (``language.patterns``) that was asked ``times`` in a ``month`` (``2026-11``).

    Who asked is not kept.
    """

    __tablename__ = "miss"
    __table_args__ = (UniqueConstraint("workspace_id", "month", "pattern"),)

    month: Mapped[str] = mapped_column(String(7))
    pattern: Mapped[str] = mapped_column(String(200))
    times: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]


def keep(session: Session, workspace_id: int, pattern: str, day: date, now: datetime) -> None:
    """It was asked once more."""
    month = f"{day:%Y-%m}"
    here = (Miss.workspace_id == workspace_id, Miss.month == month)
    row = session.scalars(select(Miss).where(*here, Miss.pattern == pattern)).first()
    if row is not None:
        row.times, row.last_at = row.times + 1, now
        return
    many = session.scalar(select(func.count()).select_from(Miss).where(*here)) or 0
    if many >= MOST:
        return
    session.add(Miss(workspace_id=workspace_id, month=month, pattern=pattern, times=1, last_at=now))


def most_asked(session: Session, workspace_id: int, since: str, most: int) -> list[tuple[str, int]]:
    """The patterns that were asked most from a month on, with how often."""
    times = func.sum(Miss.times)
    query = (
        select(Miss.pattern, times)
        .where(Miss.workspace_id == workspace_id, Miss.month >= since)
        .group_by(Miss.pattern)
        .order_by(times.desc(), func.max(Miss.last_at).desc(), Miss.pattern)
        .limit(most)
    )
    return [(pattern, int(many)) for pattern, many in session.execute(query)]


def forget(session: Session, now: datetime, limit: int) -> int:
    """Forget months that ended long ago, in all workspaces; how many patterns."""
    before = f"{(now - KEPT).date():%Y-%m}"
    old = select(Miss.workspace_id, Miss.id).where(
        Miss.workspace_id.in_(select(Workspace.id)), Miss.month < before
    )
    gone = session.execute(old.limit(limit)).all()
    for space, number in gone:
        session.execute(delete(Miss).where(Miss.workspace_id == space, Miss.id == number))
    return len(gone)
