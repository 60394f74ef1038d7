"""Activities: calls, meetings, visits, messages, e-mails and notes, as they happened."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from handlers.book import Chapter
from handlers.party import Party
from handlers.reply import Fields, Line, Part, Reply, Title
from handlers.turn import Turn
from handlers.who import Who
from rules.calendar import Due, wall_to_utc
from storage.attention import wake
from storage.history import write_new
from storage.models import Activity

chapter = Chapter(__name__)

KINDS = ("call", "meeting", "email", "message", "visit", "note")


@chapter.command("activity.log")
def log(
    turn: Turn,
    who: Party,
    kind: str | None = None,
    text: str | None = None,
    on: Due | None = None,
) -> Reply:
    """Something happened with a customer."""
    row = write(turn, who, kind or "note", text, on)
    turn.focus(**who.ids)
    where = who.company.name if who.contact and who.company else None
    key = f"logged_{row.kind}" + ("_at" if where else "")
    parts: list[Part] = [Title(turn.say(key, name=who.name, company=where))]
    if row.text:
        parts.append(Line(turn.voice.apart(row.text)))
    if on:
        parts.append(Fields(((turn.say("field_on"), turn.voice.due(on)),)))
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


def write(
    turn: Turn,
    who: Who,
    kind: str,
    text: str | None,
    on: Due | None = None,
    more: dict[str, Any] | None = None,
) -> Activity:
    """Keep an activity. A day without a time counts at noon, today's at this moment."""
    zone = turn.member.zone
    if on is None or (on.at is None and on.day == turn.today):
        on, at = Due(turn.today), turn.now
    else:
        at = wall_to_utc(datetime.combine(on.day, on.at or time(12)), zone)
    row = Activity(
        workspace_id=turn.workspace.id,
        kind=kind if kind in KINDS else "note",
        contact_id=who.ids["contact"],
        company_id=who.ids["company"],
        text=text,
        at=at,
        on_day=on.day,
        by_id=turn.member.id,
        more=more,
    )
    write_new(turn.session, row)
    wake(turn.session, turn.workspace.id, row.contact_id, row.company_id)
    return row
