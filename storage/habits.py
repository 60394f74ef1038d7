"""How a team sells, learned now and then from what it did: one row for each thing learned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Workspaced


class Habit(Workspaced, Base):
    """What was learned, as plain data, and when. It is learned anew when it is old."""

    __tablename__ = "habit"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(String(20))
    learned: Mapped[dict[str, Any]]
    learned_at: Mapped[datetime]
