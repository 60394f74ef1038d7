"""In which stage of the journey everybody stands and stood, as it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Workspaced, told, waits
from storage.types import AT_ONCE


class Journey(Base):
    """A person. ``stage``: where they stand since ``since``, None until they were looked at."""

    __tablename__ = "journey"
    __table_args__ = (
        waits("next_check_at"),
        told("stage", "since", where="stage"),
    )

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stage: Mapped[str | None] = mapped_column(String(12))
    since: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)


class JourneyStay(Workspaced, Base):
    """A person was in a ``stage`` from ``at`` until ``left_at``, None: still. ``came_from`` is None
    of the first one, ``went_to`` of the last."""

    __tablename__ = "journey_stay"
    __table_args__ = (
        Index(None, "workspace_id", "contact_id", "at"),
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "left_at"),
    )

    contact_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    came_from: Mapped[str | None] = mapped_column(String(12))
    left_at: Mapped[datetime | None]
    went_to: Mapped[str | None] = mapped_column(String(12))
