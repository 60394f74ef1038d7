"""Birthdays of a member's contacts, raised on the morning of the day; those of a weekend or
holiday on the last working morning before."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from handlers.own_fields import born_fields
from handlers.turn import Turn
from rules.day_keys import age_on, day_keys
from rules.nudging import Case, Offer, Told
from storage.models import Contact, CustomValue
from storage.raising import raise_nudge
from storage.workdays import work_days

AHEAD = 10
"""Days off in a row that are looked over."""

MOST = 50
"""Birthdays of a day that one member hears of."""


def look(turn: Turn) -> int:
    """Raise those that a member is to hear of this morning; how many."""
    work = work_days(turn.session, turn.workspace.id)
    if not work.works(turn.today):
        return 0
    raised = 0
    day = turn.today
    while day == turn.today or (not work.works(day) and (day - turn.today).days < AHEAD):
        raised += sum(_raise(turn, contact, value, day) for contact, value in _born(turn, day))
        day += timedelta(days=1)
    return raised


def _born(turn: Turn, day: date) -> list[tuple[Contact, str]]:
    born = [field.id for field in born_fields(turn)]
    if not born:
        return []
    space = turn.workspace.id
    theirs = (
        select(Contact, CustomValue.value)
        .join(CustomValue, CustomValue.contact_id == Contact.id)
        .where(CustomValue.workspace_id == space, CustomValue.day_key.in_(day_keys(day)))
        .where(CustomValue.field_id.in_(born))
        .where(Contact.workspace_id == space, Contact.owner_id == turn.member.id)
        .order_by(Contact.id)
        .limit(MOST)
    )
    return [(contact, value) for contact, value in turn.session.execute(theirs).unique()]


def _raise(turn: Turn, contact: Contact, value: str, day: date) -> bool:
    age = age_on(value, day)
    told = Told("because_birthday_age", {"n": age, "day": day}) if age else None
    slots = {"kind": "call", "contact": contact.id}
    case = Case(
        (told or Told("because_birthday", {"day": day}),),
        (Offer("log_call_button", "activity.log", slots),),
    )
    row = raise_nudge(
        turn.session, turn.member, turn.now,
        kind="birthday", subject=f"contact:{contact.id}", occasion=day.isoformat(), case=case,
    )  # fmt: skip
    return row is not None
