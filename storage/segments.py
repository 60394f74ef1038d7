"""Segments, contacts that are described and not listed: who is in one now, and those by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rules.segments import Node, parse
from storage.segment_query import Query
from storage.segment_which import Unknown
from storage.segments_kept import Segment, SegmentSeen, SegmentWatch

__all__ = ["Segment", "SegmentSeen", "SegmentWatch", "Unknown", "members", "segments_of", "size"]


def members(
    session: Session,
    workspace_id: int,
    query: Node | str,
    now: datetime,
    zone: str,
    *,
    seen_by: int | None = None,
) -> Select[int]:
    """The numbers of the contacts that a query means now, as a question to be asked or built on.

    Private contacts are in it only for their owner, ``seen_by``; without one, none are. Days are
    those of ``zone``. Raises ``rules.segments.Misread``, ``storage.segment_query.Unknown``.
    """
    node = parse(query) if isinstance(query, str) else query
    return Query(session, workspace_id, now, zone, seen_by).select(node)


def size(session: Session, chosen: Select[int]) -> int:
    """How many contacts a question means."""
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def segments_of(session: Session, workspace_id: int) -> list[Segment]:
    """All that are kept by name."""
    query = select(Segment).where(Segment.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Segment.name_key, Segment.id)))
