"""What members say of Rabta itself, in their words, for whoever runs it and for the owners."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded


class Feedback(Recorded, Base):
    """What a member said, and when. ``by_id`` is None where its export did not tell who."""

    __tablename__ = "feedback"

    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None]


def latest(session: Session, workspace_id: int, most: int) -> list[Feedback]:
    """The latest, the newest first."""
    query = select(Feedback).where(Feedback.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Feedback.id.desc()).limit(most)))


def count(session: Session, workspace_id: int) -> int:
    query = select(func.count()).where(Feedback.workspace_id == workspace_id)
    return session.execute(query).scalar_one()
