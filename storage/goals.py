"""Goals of the team and of its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta
from sqlalchemy import Boolean, Date, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded

MEASURES = ("amount", "won", "win_rate", "retention", "activity", "newcomers")
RATES = frozenset({"win_rate", "retention"})
RHYTHMS = ("day", "week", "month", "quarter", "year")


class Goal(Recorded, Base):
    """What is to be reached: so much of a ``measure``, by a member or (None) by the team.

    ``target`` is a plain decimal: money in whole units of ``currency``, a rate as a fraction.
    ``kind``: of which activities. From ``first_day`` to ``last_day``; with ``every``, anew in each
    week, month ... from then on. ``check_at`` is when the clock looks at it next; ``state`` what
    was last told of it, in the period that began on ``state_of``.
    """

    __tablename__ = "goal"
    __table_args__ = (
        Index(None, "workspace_id", "member_id"),
        Index(None, "workspace_id", "check_at"),
    )

    measure: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str | None] = mapped_column(String(3))
    member_id: Mapped[int | None]
    every: Mapped[str | None] = mapped_column(String(10))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]
    check_at: Mapped[datetime | None]
    state: Mapped[str | None] = mapped_column(String(10))
    state_of: Mapped[date | None] = mapped_column(Date)

    @property
    def is_rate(self) -> bool:
        return self.measure in RATES

    @property
    def value(self) -> Fraction:
        return Fraction(Decimal(self.target))

    def period(self, day: date) -> tuple[date, date]:
        """The first and last day of its time; of one that comes again, of the time that a day is
        in."""
        if self.every is None:
            return self.first_day, self.last_day or self.first_day
        return time_around(self.every, max(day, self.first_day))


def time_around(every: str, day: date) -> tuple[date, date]:
    """The week, month, ... that a day is in. Weeks begin on Monday."""
    if every == "day":
        return day, day
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    size = {"month": 1, "quarter": 3, "year": 12}[every]
    first = day.replace(month=(day.month - 1) // size * size + 1, day=1)
    return first, first + relativedelta(months=size) - timedelta(days=1)


def goals_of(
    session: Session, workspace_id: int, day: date, members: Sequence[int] | None = None
) -> list[Goal]:
    """Goals whose time is not over, the team's first; of ``members`` and the team only."""
    query = select(Goal).where(
        Goal.workspace_id == workspace_id,
        Goal.active,
        or_(Goal.last_day.is_(None), Goal.last_day >= day),
    )
    if members is not None:
        query = query.where(or_(Goal.member_id.is_(None), Goal.member_id.in_(members)))
    order = (Goal.member_id.is_not(None), Goal.member_id, Goal.first_day, Goal.id)
    return list(session.scalars(query.order_by(*order)))
