"""The answer that what somebody else set shall stay."""

from __future__ import annotations

from typing import Any

from handlers.book import Chapter
from handlers.reply import Fields, Reply, Title
from handlers.told import label_of, subject_of, value_of
from handlers.turn import Sorry, Turn
from storage import queries
from storage.history import as_kept
from storage.models import Base, Recorded
from storage.setters import Field

chapter = Chapter(__name__)

KINDS: dict[str, type[Recorded]] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]  # mapped to plain tables
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Recorded)
}


@chapter.command("meanwhile.keep")
def keep(turn: Turn, fields: list[Any]) -> Reply:
    """Nothing is changed; how it stands is told once more."""
    lines: list[tuple[str, str]] = []
    name = ""
    for field in (Field(*each) for each in fields):
        row = queries.get(turn.session, KINDS[field.table], turn.workspace.id, field.row_id)
        if row is None:
            continue
        state = as_kept(row)
        name = name or subject_of(turn, field, state)
        lines.append((label_of(turn, field, state), value_of(turn, field, state)))
    if not lines:
        raise Sorry("gone")
    return Reply((Title(turn.say("meanwhile_kept", name=name)), Fields(tuple(lines))))
