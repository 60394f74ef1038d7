"""Undo: take back a whole turn, or say why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from handlers import parting
from handlers.book import Chapter
from handlers.reply import Line, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.why import first_of
from storage import history
from storage.brought import staying
from storage.models import Company, Contact
from storage.models import Turn as TurnRow

chapter = Chapter(__name__)

RIGHTS = frozenset({"role", "active"})
"""Of a member, what says what they may do."""


@chapter.command("undo")
def undo(turn: Turn, turn_id: int | None = None, around: bool | None = None) -> Reply:
    """Revert the member's last turn that changed something, or the one of a button; ``around``
    what was changed since, for two that are parted again."""
    row = _meant(turn, turn_id)
    if row is None:
        raise Sorry("nothing_to_undo")
    if row.undone_by is not None:
        raise Sorry("undone_already")
    if not turn.member.may("owner") and _gave_rights(turn, row):
        raise Sorry("not_allowed", role=turn.say("role_owner"))
    since = parting.changed_since(turn, row) if around else []
    try:
        stay = history.undo(turn.session, row, turn.id, around=bool(around))
    except history.ChangedSince:
        since = parting.changed_since(turn, row)
        raise parting.sorry(turn, row, since) if since else Sorry("changed_since") from None
    turn.forget()
    if around:
        return parting.parted(turn, since)
    first = first_of(turn, row)
    is_read_by_others = turn.audience != "private" and first.chat_id != turn.chat.id
    text = None if is_read_by_others else first.said or (row.reading or {}).get("file")
    said = (Line(turn.say("undone_said", said=_short(text)), quiet=True),) if text else ()
    return Reply((Title(turn.say("undone")), *said, *(_kept(turn, row, stay) if stay else ())))


def _gave_rights(turn: Turn, row: TurnRow) -> bool:
    """Whether it said what somebody may do: whoever may not say so any more takes none of it
    back."""
    return any(
        change.table_name == "member" and not RIGHTS.isdisjoint(change.before or ())
        for change in history.changes_of(turn.session, row)
    )


def _kept(turn: Turn, row: TurnRow, stay: int) -> Iterator[Line]:
    """How much of an import stays; people and companies of it by name."""
    yield Line(turn.say("undone_but", n=stay))
    here = turn.workspace.id
    people = select(Contact).where(
        Contact.workspace_id == here, Contact.id.in_(staying(turn.session, row, "contact"))
    )
    firms = select(Company).where(
        Company.workspace_id == here, Company.id.in_(staying(turn.session, row, "company"))
    )
    names = [
        *(each.name for each in turn.session.scalars(people)),
        *(each.name for each in turn.session.scalars(firms)),
    ]
    if names and turn.audience == "private":
        yield Line(turn.voice.beside(*names), quiet=True)


def _meant(turn: Turn, turn_id: int | None) -> TurnRow | None:
    if turn_id is None:
        turn.stands()  # what was said before "undo" in the same message is what is taken back
        return history.last_turn(turn.session, turn.workspace.id, turn.member.id)
    row = turn.session.get(TurnRow, (turn.workspace.id, turn_id))
    return row if row and row.member_id == turn.member.id else None


def _short(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return first if len(first) <= 80 else f"{first[:79]}…"
