"""Whose next order is due within a time: the soonest first, with the rhythm that tells it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from handlers import figure_words
from handlers.book import Chapter
from handlers.customer import Customer, brought_up_to_date, named
from handlers.outlook_words import about, every, how, ids_of
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.turn import Turn
from language.figures import Span
from language.voice import RLM
from storage.models import Member, Outlook

chapter = Chapter(__name__)

SHOWN = 15
"""Customers of one answer; more are counted."""

LOGGED = 3
"""Of so many of them a call is written down by a tap."""

AHEAD, LATE = timedelta(days=6), timedelta(days=21)
"""Where no time is said it is from today so far ahead; what was due so long ago is due yet."""

LOOKED_AT = 200


@chapter.command("order.due")
def due(
    turn: Turn, first: str | None = None, last: str | None = None, owner: Member | None = None
) -> Reply:
    """Who should order in a time. What was due before is due yet, where that time has begun."""
    waiting = brought_up_to_date(turn)
    begin = date.fromisoformat(first) if first else turn.today
    end = date.fromisoformat(last) if last else max(begin, turn.today) + AHEAD
    rows = _rows(turn, begin if begin > turn.today else turn.today - LATE, end, owner)
    some = [row for row in rows if row.state == "fine"]
    shown = named(turn, some[:SHOWN])
    notes = [Line(turn.say("still_looking", n=waiting), quiet=True)] if waiting else []
    at_risk = sum(row.state == "risk" for row in rows)
    if at_risk:
        notes.insert(0, Line(turn.say("due_at_risk", n=at_risk), quiet=True))
    risk = (turn.button("due_risk_button", "risk.list"),) if at_risk else ()
    when = figure_words.said(turn, Span(max(begin, turn.today), end))
    if not shown:
        return Reply((Line(turn.say("nobody_due", time=when)), *notes), (*risk, how(turn, "next")))
    parts: list[Part] = [Title(turn.say("due_title", n=len(some), time=when))]
    parts.append(Items(tuple(_line(turn, each) for each in shown), numbered=True))
    if len(some) > len(shown):
        parts.append(Line(turn.say("and_more", n=len(some) - len(shown)), quiet=True))
    turn.focus(**ids_of(shown[0]))
    calls = tuple(
        Button(
            turn.say("called_button", name=each.name),
            Call("activity.log", {"kind": "call", **each.whom}),
        )
        for each in shown[:LOGGED]
    )
    return Reply((*parts, *notes), (*calls, *risk, how(turn, "next")))


def _rows(turn: Turn, first: date, last: date, owner: Member | None) -> list[Outlook]:
    """By the day on which each is due; looked up by whose they are, which the index begins with."""
    space = turn.workspace.id
    here: list[Any] = [Outlook.workspace_id == space]
    here += [Outlook.next_day >= first, Outlook.next_day <= last]
    if owner:
        here.append(Outlook.owner_id == owner.id)
    else:
        whose = turn.session.scalars(select(Member.id).where(Member.workspace_id == space)).all()
        here.append(or_(Outlook.owner_id.in_(whose), Outlook.owner_id.is_(None)))
    query = select(Outlook).where(*here).order_by(Outlook.next_day, Outlook.stake_minor.desc())
    return list(turn.session.scalars(query.limit(LOOKED_AT)))


def _line(turn: Turn, customer: Customer) -> str:
    """``Bilal Traders: about Thursday 26 Nov; every 3 weeks, usually Rs 1 lakh``."""
    row = customer.row
    day = row.next_day or turn.today
    told = turn.say("due_was" if day < turn.today else "due_about", day=day)
    usual = about(turn, row.average_minor) if row.priced else None
    rhythm = every(turn, row.pause_days) if row.pause_days else None
    beside = [each for each in (told, rhythm, usual) if each]
    parts = turn.voice.beside(*(each.lstrip(RLM) for each in beside))
    line = f"{turn.voice.apart(customer.name)}: {parts}"
    return turn.voice.told(line)
