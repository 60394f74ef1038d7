"""The team's working days, as it told them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.workdays import Stretch, WorkDays
from storage.base import Base, Recorded


class WorkWeek(Recorded, Base):
    """From ``first_day`` to ``last_day`` these weekdays are worked: ``1111100`` from Monday on,
    ``0000000`` on a holiday. Without days it is the team's usual week. ``name``: of the season or
    holiday."""

    __tablename__ = "work_week"

    days: Mapped[str] = mapped_column(String(7))
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]

    @property
    def weekdays(self) -> frozenset[int]:
        return frozenset(at for at, worked in enumerate(self.days) if worked == "1")

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.weekdays, self.first_day, self.last_day)


def work_weeks(session: Session, workspace_id: int) -> list[WorkWeek]:
    """In the order in which they were told."""
    here = select(WorkWeek).where(WorkWeek.workspace_id == workspace_id)
    return list(session.scalars(here.order_by(WorkWeek.created_at, WorkWeek.id)))


def works_on(session: Session, workspace_id: int, day: date) -> bool:
    """Whether the team works on a day; always where it has told nothing of its days."""
    work = work_days(session, workspace_id)
    return work.works(day) or not work.told


def work_days(session: Session, workspace_id: int) -> WorkDays:
    return WorkDays(week.stretch for week in work_weeks(session, workspace_id))
