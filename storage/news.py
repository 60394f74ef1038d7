"""What a team wants told in a channel: wins as they happen, and a report every week."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Index, Integer, String, Time, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.calendar import next_on
from storage.base import Base, Recorded, belongs_to


class News(Recorded, Base):
    """Where it is told, in which language. ``kind``: wins or weekly; a team has one place for each.

    Of the weekly report: on which ``weekday`` and when, in the workspace's time zone, and the
    moment at which it is ``due_at`` next. ``by_id`` chose the place.
    """

    __tablename__ = "news"
    __table_args__ = (
        belongs_to("member", "by_id", "CASCADE"),
        UniqueConstraint("workspace_id", "kind"),
        Index(None, "workspace_id", "due_at"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    platform: Mapped[str] = mapped_column(String(10))
    team: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    tongue: Mapped[str] = mapped_column(String(8))
    weekday: Mapped[int | None] = mapped_column(Integer)
    at: Mapped[time | None] = mapped_column(Time)
    due_at: Mapped[datetime | None]
    by_id: Mapped[int]

    def plan(self, zone: str, after: datetime) -> None:
        """When the next weekly report is due."""
        if self.weekday is not None and self.at is not None:
            self.due_at = next_on(self.weekday, self.at, zone, after)


def news_of(session: Session, workspace_id: int, kind: str) -> News | None:
    here = select(News).where(News.workspace_id == workspace_id, News.kind == kind)
    return session.scalars(here).first()
