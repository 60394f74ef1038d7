"""Which segment is meant: by its name, or the one that was just shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from handlers.reply import Call
from handlers.segment_kept import visible
from handlers.turn import Sorry, Turn
from language.folding import fold
from storage.models import Segment
from storage.models import Turn as TurnRow

LATELY = timedelta(hours=2)
"""So long "call it ..." means the segment that was shown."""


def find_segment(turn: Turn, call: Call, *, optional: bool = False) -> Segment | None:
    """The segment that was named, or just shown; asks which where none was."""
    said = call.slots.get("segment")
    rows = visible(turn)
    if isinstance(said, int):
        row = next((each for each in rows if each.id == said), None)
        if row is None:
            raise Sorry("gone")
        return row
    if said:
        named = [each for each in rows if each.name_key == fold(str(said))]
        mine = [each for each in named if each.owner_id == turn.member.id]
        if found := (mine or named):
            return found[0]
        raise Sorry("segment_none_called", name=str(said), names=all_names(turn, rows))
    last = lately(turn)
    if last.get("segment_id"):
        row = next((each for each in rows if each.id == last["segment_id"]), None)
        if row is not None:
            return row
    if optional:
        return None
    raise Sorry("segment_which", names=all_names(turn, rows))


def all_names(turn: Turn, rows: Sequence[Segment]) -> str:
    return turn.voice.listed([row.name for row in rows[:8]]) or "—"


def lately(turn: Turn) -> dict[str, Any]:
    """What this member was last shown of segments, within the last hours."""
    query = (
        select(TurnRow.reading)
        .where(
            TurnRow.workspace_id == turn.workspace.id,
            TurnRow.member_id == turn.member.id,
            TurnRow.at >= turn.now - LATELY,
        )
        .order_by(TurnRow.id.desc())
        .limit(5)
    )
    for reading in turn.session.scalars(query):
        if reading and "segment" in reading:
            return dict(reading)
    return {}
