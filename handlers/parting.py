"""Two that became one are parted again, though somebody has changed the one meanwhile."""

from __future__ import annotations

from handlers.reply import Button, Call, Line, Reply, Title
from handlers.told import label_of, value_of, when
from handlers.turn import Sorry, Turn
from storage import history, queries
from storage.models import Change, Company, Contact, Member
from storage.models import Turn as TurnRow
from storage.setters import Field, differing

SHOWN = 6
"""Changes that are told of; more are counted."""


def changed_since(turn: Turn, row: TurnRow) -> list[str]:
    """What others changed since a turn that made two into one, a line each; nothing for any other
    turn, or where the one was merged again or is not to be seen by the member any more."""
    changes = history.changes_of(turn.session, row)
    if not any(_is_merge(turn, change) for change in changes):
        return []
    later = history.changed_since(turn.session, row, changes)
    lines = [line for change in later for line in _lines(turn, change)]
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([turn.say("and_more", n=more)] if more > 0 else [])]


def _is_merge(turn: Turn, change: Change) -> bool:
    if change.table_name != "former" or change.before is not None:
        return False
    about = change.after or {}
    kind: type[Contact | Company] = Contact if about.get("contact_id") else Company
    number = about.get("contact_id") or about.get("company_id") or 0
    return turn.session.get(kind, (turn.workspace.id, number)) is not None


def _lines(turn: Turn, change: Change) -> list[str]:
    """``City: Multan (Bilal, 2:02 pm)``."""
    by = turn.session.get(TurnRow, (turn.workspace.id, change.turn_id))
    member = by and queries.get(turn.session, Member, turn.workspace.id, by.member_id)
    fields = [
        Field(change.table_name, change.row_id, name)
        for name in differing(change.before, change.after)
    ]
    return [
        turn.say(
            "parting_line",
            field=label_of(turn, field, change.after or change.before),
            value=value_of(turn, field, change.after),
            name=member.name if member else "—",
            at=when(turn, by.acted_at or by.at) if by else "—",
        )
        for field in fields
    ]


def sorry(turn: Turn, row: TurnRow, since: list[str]) -> Sorry:
    """What was changed since, and the way to part them all the same."""
    part = Button(turn.say("part_button"), Call("undo", {"turn_id": row.id, "around": True}))
    return Sorry("parting_ask", (part,), what=turn.voice.told("\n".join(since)))


def parted(turn: Turn, since: list[str]) -> Reply:
    lines = tuple(Line(line, quiet=True) for line in since)
    return Reply((Title(turn.say("parted")), *lines))
