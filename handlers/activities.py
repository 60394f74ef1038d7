"""Activities: calls, meetings, visits, messages, e-mails and notes, as they happened."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from handlers.book import Chapter
from handlers.party import Party
from handlers.reply import Fields, Line, Part, Reply, Title
from handlers.turn import Turn
from handlers.who import Who
from language.values import read_email, read_phone
from rules.calendar import Due, wall_to_utc
from storage.attention import wake
from storage.history import write_new
from storage.models import Activity, Contact

chapter = Chapter(__name__)

_NUMBER = re.compile(
    r"(?:(?:phone|mobile|cell|number|whatsapp|ph|no)\b[ .:#]*)?\+?[\d\s().-]{10,20}", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

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
    told = [(turn.say("field_on"), turn.voice.due(on))] if on else []
    if who.contact and text:
        told += _reached_by(turn, who.contact, text)
    if told:
        parts.append(Fields(tuple(told)))
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


def _reached_by(turn: Turn, contact: Contact, text: str) -> list[tuple[str, str]]:
    """A number or an address that stands by itself in what was said ("met Sara Malik from Nishat,
    0300 1234567") is theirs, where none of its kind is known; as labelled lines."""
    ways = [(_way(said.strip()), said) for said in re.split(r"[,;\n]+", text)]
    if not any(kind for kind, _ in ways):
        return []  # most often: how they are reached is not even looked up
    told = []
    known = {"", *(point.kind for point in contact.points)}
    for kind, said in ways:
        if kind in known:
            continue
        value = read_phone(said, turn.workspace.region) if kind == "phone" else read_email(said)
        if value and contact.reach_by(kind, value):
            told.append((turn.say(f"field_{kind}"), value))
    return told


def _way(said: str) -> str:
    """Which way to reach somebody this is, and nothing besides; empty where it is none."""
    return "phone" if _NUMBER.fullmatch(said) else "email" if _ADDRESS.fullmatch(said) else ""


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
