"""Once a month managers are told how Rabta was used, and what it did not understand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.looking import has_news
from handlers.reports import AT
from rules.calendar import LOOK_DAY, next_first
from rules.nudging import Case
from rules.periods import month_before
from scheduler.drawing import Draw, private_address
from scheduler.members import each_due, members_at
from storage.models import Member
from storage.raising import raise_nudge

BATCH = 2
"""Members for whom is looked in one transaction: between two of them, messages are answered."""

DUE = members_at(Member.look_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look for every member whose month is over; how many have something to hear."""
    return each_due(session, DUE, now, BATCH, lambda member: _bring(session, draw, member, now))


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    member.look_at = next_first(AT, member.zone, now, LOOK_DAY)
    if not member.may("manager") or private_address(session, member) is None:
        return False
    turn = draw.turn(session, member, now)
    if not has_news(turn):
        return False
    month = f"{month_before(turn.today)[0]:%Y-%m}"
    raised = raise_nudge(
        session, member, now, kind="look", subject="month", occasion=month, case=Case(())
    )
    return raised is not None
