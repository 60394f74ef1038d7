"""What a workspace lets be learned: messages that were misread, with what they were meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Workspaced, belongs_to
from storage.team import Workspace


class Lesson(Workspaced, Base):
    """A message as typed, how it was read, and what it was corrected to.

    ``read`` and ``meant`` are lists of {"intent", slots...}, as ``rabta understand`` answers.
    ``at`` is when it was said, in ``zone``; ``reworded`` the new wording after an undo, if any.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        UniqueConstraint("workspace_id", "turn_id"),
    )

    turn_id: Mapped[int]
    member_id: Mapped[int]
    at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    read: Mapped[list[dict[str, Any]]]
    meant: Mapped[list[dict[str, Any]]]
    reworded: Mapped[str | None] = mapped_column(Text)
    learned_at: Mapped[datetime]


def lesson_of(session: Session, workspace_id: int, turn_id: int) -> Lesson | None:
    """What was learned from a turn, if anything was."""
    query = select(Lesson).where(Lesson.workspace_id == workspace_id, Lesson.turn_id == turn_id)
    return session.scalars(query).first()


def count(session: Session, workspace_id: int) -> int:
    query = select(func.count()).where(Lesson.workspace_id == workspace_id)
    return session.execute(query).scalar_one()


def forget(session: Session, workspace_id: int) -> None:
    """Delete all that a workspace let be learned."""
    session.execute(delete(Lesson).where(Lesson.workspace_id == workspace_id))


def lessons(session: Session, spaces: Sequence[Workspace]) -> Iterator[Lesson]:
    """Everything learned, workspace by workspace, in order."""
    for space in spaces:
        query = select(Lesson).where(Lesson.workspace_id == space.id).order_by(Lesson.id)
        yield from session.scalars(query)
