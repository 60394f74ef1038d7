"""Whom a member should call today: one list of their own customers, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from handlers.book import Chapter
from handlers.customer import Customer, brought_up_to_date, named
from handlers.deal_nudges import because, expected_worth
from handlers.outlook_words import reasons
from handlers.reply import Button, Call, Items, Line, Reply, Title
from handlers.turn import Turn
from rules.attention import findings
from storage import queries
from storage.attention import habits, standings
from storage.models import Deal, Outlook, Task

chapter = Chapter(__name__)

MOST = 10
"""Customers of the list."""

LOGGED = 3
"""Of so many of them a call is written down by a tap."""

LOOKED_AT = 40
"""Of each source so many are looked at."""

SOON, LATE = timedelta(days=3), timedelta(days=21)
"""An order that is due so soon, or was so long ago, is a reason to call."""

NUDGED = 0.25
"""What a call brings of an order that is due anyway, and of a deal that stands still."""


@dataclass
class ToCall:
    """Why somebody is to be called, the weightiest reason first; ``worth`` in minor units."""

    name: str
    whom: dict[str, Any]
    worth: float = 0.0
    why: list[tuple[float, str]] = field(default_factory=list)

    def because(self, worth: float, reason: str) -> None:
        self.worth += worth
        self.why.append((worth, reason))


@chapter.command("call.list")
def to_call(turn: Turn) -> Reply:
    """Whom to call today, whoever it is worth most with first."""
    waiting = brought_up_to_date(turn)
    found: dict[tuple[str, int], ToCall] = {}
    for row, worth, why in (*_at_risk(turn), *_due(turn)):
        _of(found, row.name, row.whom).because(worth, why)
    usual = _usual(turn)
    for task in _tasks(turn):
        entry = _of_record(found, task)
        if entry:
            entry.because(usual, turn.say("call_task", text=task.text))
    for deal, worth, why in _deals(turn):
        entry = _of_record(found, deal)
        if entry:
            entry.because(worth, why)
    first = sorted(found.values(), key=lambda each: -each.worth)[:MOST]
    notes = (Line(turn.say("still_looking", n=waiting), quiet=True),) if waiting else ()
    if not first:
        return Reply((Line(turn.say("nobody_to_call")), *notes), private=True)
    lines = tuple(_line(turn, each) for each in first)
    buttons = tuple(
        Button(
            turn.say("called_button", name=each.name),
            Call("activity.log", {"kind": "call", **each.whom}),
        )
        for each in first[:LOGGED]
    )
    title = Title(turn.say("to_call", n=len(first)))
    how = turn.button("how_button", "stats.how", measure="calls")
    return Reply((title, Items(lines, numbered=True), *notes), (*buttons, how), private=True)


def _line(turn: Turn, entry: ToCall) -> str:
    entry.why.sort(key=lambda each: -each[0])
    reasons = " ".join(turn.voice.apart(why) for _, why in entry.why[:2])
    return turn.voice.told(f"{turn.voice.apart(entry.name)}: {reasons}")


def _of(found: dict[tuple[str, int], ToCall], name: str, whom: dict[str, Any]) -> ToCall:
    ((kind, number),) = whom.items()
    return found.setdefault((kind, number), ToCall(name, whom))


def _of_record(found: dict[tuple[str, int], ToCall], row: Deal | Task) -> ToCall | None:
    """The customer whom a task or deal is about."""
    company = row.company or (row.contact.company if row.contact else None)
    if company:
        return _of(found, company.name, {"company": company.id})
    if row.contact:
        return _of(found, row.contact.name, {"contact": row.contact.id})
    return None


def _mine(turn: Turn) -> Any:
    return select(Outlook).where(
        Outlook.workspace_id == turn.workspace.id, Outlook.owner_id == turn.member.id
    )


def _at_risk(turn: Turn) -> Iterator[tuple[Customer, float, str]]:
    here = _mine(turn).where(Outlook.state == "risk").order_by(Outlook.stake_minor.desc())
    for each in named(turn, turn.session.scalars(here.limit(LOOKED_AT)).all()):
        why = next(reasons(turn, each.row), "")
        yield each, float(each.row.stake_minor), why


def _due(turn: Turn) -> Iterator[tuple[Customer, float, str]]:
    here = _mine(turn).where(
        Outlook.next_day >= turn.today - LATE, Outlook.next_day <= turn.today + SOON
    )
    rows = turn.session.scalars(here.order_by(Outlook.next_day).limit(LOOKED_AT)).all()
    for each in named(turn, [row for row in rows if row.state == "fine"]):
        touched = (each.row.facts or {}).get("touched")
        if touched and touched > (turn.today - SOON).isoformat():
            continue  # somebody has just spoken with them
        day = each.row.next_day or turn.today
        key = "call_order_due" if day >= turn.today else "call_order_late"
        yield each, NUDGED * each.row.average_minor, turn.say(key, day=day)


def _tasks(turn: Turn) -> list[Task]:
    """What is to be done by today."""
    tasks = queries.tasks_of_member(turn.session, turn.member, 200)
    return [task for task in tasks if task.due and task.due.day <= turn.today][:LOOKED_AT]


def _deals(turn: Turn) -> Iterator[tuple[Deal, float, str]]:
    mine = (
        select(Deal)
        .where(Deal.workspace_id == turn.workspace.id, Deal.status == "open")
        .where(Deal.owner_id == turn.member.id)
        .order_by(Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.id.desc())
        .limit(LOOKED_AT)
    )
    deals = turn.session.scalars(mine).all()
    known = habits(turn.session, turn.workspace.id, turn.now, keep=bool(turn.id))
    stand = standings(turn.session, turn.workspace.id, deals, turn.member.zone)
    for deal in deals:
        told = [
            each for each in findings(stand[deal.id], known, turn.today)
            if each.kind in ("silent", "close_past", "slipped")
        ]  # fmt: skip
        if told:
            why = because(turn, told[0])
            worth = NUDGED * expected_worth(turn, deal)
            yield deal, worth, turn.say(why.key, **why.values)


def _usual(turn: Turn) -> float:
    """What an order of theirs usually comes to: what was promised is worth as much."""
    some = _mine(turn).where(Outlook.priced > 0).limit(LOOKED_AT)
    sums = sorted(row.average_minor for row in turn.session.scalars(some))
    return float(sums[len(sums) // 2]) if sums else 1.0
