"""Campaigns, as they are kept: one text to many customers, some of whom are held out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Recorded

HELD, WITHIN = 10, 14
"""Of a hundred customers so many are held out; purchases count for so many days."""

STATES = ("draft", "running", "paused", "stopped", "done")


class Campaign(Recorded, Base):
    """A text to an audience.

    ``audience`` is a query of the segments' language, ``told`` how it was said; ``ways`` the
    channels, the first choice first; ``held`` so many of a hundred get nothing, to be compared
    with; ``within`` the days after ``started_at`` in which a purchase counts. ``seen_by``: whose
    private contacts may be in it. ``left_out``: of whom it was known at the start that nothing
    reaches them, and why.
    """

    __tablename__ = "campaign"
    __table_args__ = (Index(None, "workspace_id", "name_key"),)

    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    template_id: Mapped[int]
    audience: Mapped[str] = mapped_column(Text)
    told: Mapped[str] = mapped_column(String(300))
    ways: Mapped[str] = mapped_column(String(60))
    held: Mapped[int] = mapped_column(Integer, default=HELD)
    within: Mapped[int] = mapped_column(Integer, default=WITHIN)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    by_id: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    left_out: Mapped[dict[str, Any] | None]

    @property
    def source(self) -> str:
        """What its messages are planned under."""
        return f"campaign:{self.id}"

    @property
    def channels(self) -> list[str]:
        return self.ways.split(",")
