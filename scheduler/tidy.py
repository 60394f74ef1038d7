"""The weekly tidy-up: to owners and managers, who may be in twice; nothing where nobody is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.duplicates import listed
from rules.calendar import TIDY_DAY, next_on
from rules.nudging import Case
from scheduler.drawing import Draw, private_address
from scheduler.members import each_due, members_at
from storage.models import Member
from storage.privacy import seeing
from storage.raising import raise_nudge

BATCH = 2
"""Members for whom is looked in one transaction: between two of them, messages are answered."""


DUE = members_at(Member.tidy_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look for every member whose week is over; how many got something to tidy."""
    return each_due(session, DUE, now, BATCH, lambda member: _bring(session, draw, member, now))


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    member.tidy_at = next_on(TIDY_DAY, member.morning, member.zone, now)
    if not member.may("manager") or private_address(session, member) is None:
        return False
    with seeing(session, member, alone=True):
        turn = draw.turn(session, member, now)
        if not listed(turn).parts:
            return False
        week = turn.today.strftime("%G-W%V")
        raised = raise_nudge(
            session, member, now, kind="tidy", subject="week", occasion=week, case=Case(())
        )
        return raised is not None
