"""The segments that a member sees: their own, and those that are shared."""

from __future__ import annotations

from handlers.turn import Turn
from storage.models import Segment
from storage.segments import segments_of


def segment_names(turn: Turn) -> dict[str, str]:
    """Names of segments that the member sees, by their numbers."""
    return {str(row.id): row.name for row in visible(turn)}


def visible(turn: Turn) -> list[Segment]:
    """Segments that the member sees, by name; looked up once for a session."""
    return [row for row in turn.once(segments_of) if row.shared or row.owner_id == turn.member.id]
