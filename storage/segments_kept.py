"""Segments that are kept by name, who watches them, and who has been in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from rules.segments import Node, parse
from storage.base import Base, Recorded, belongs_to, waits


class Segment(Recorded, Base):
    """A description by name. ``name_key`` is its folded name; ``query`` the canonical text.

    ``owner_id``: who saved it; others see it where it is ``shared``. ``check_at`` is when the clock
    looks next who has entered, of one that somebody watches; ``seen_change`` the number of the
    last change that it has looked at.
    """

    __tablename__ = "segment"
    __table_args__ = (
        Index(None, "workspace_id", "name_key"),
        Index(None, "workspace_id", "owner_id"),
        waits("check_at"),
    )

    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int]
    shared: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    created_at: Mapped[datetime]
    check_at: Mapped[datetime | None]
    seen_change: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def node(self) -> Node:
        return parse(self.query)


class SegmentWatch(Recorded, Base):
    """Who is told when somebody enters a segment."""

    __tablename__ = "segment_watch"
    __table_args__ = (
        belongs_to("segment", "segment_id", "CASCADE"),
        belongs_to("member", "member_id", "CASCADE"),
        Index(None, "workspace_id", "segment_id"),
        Index(None, "workspace_id", "member_id"),
    )

    segment_id: Mapped[int]
    member_id: Mapped[int]
    since: Mapped[datetime]


class SegmentSeen(Base):
    """Who has been in a watched segment: they are told of once."""

    __tablename__ = "segment_seen"
    __table_args__ = (
        belongs_to("segment", "segment_id", "CASCADE"),
        belongs_to("contact", "contact_id", "CASCADE"),
        Index(None, "workspace_id", "contact_id"),
    )

    workspace_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
