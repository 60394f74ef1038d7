"""The weekly tidy-up: to owners and managers, who may be in twice; nothing where nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.duplicates import listed
from rules.calendar import TIDY_DAY, next_on
from scheduler.drawing import Draw, private_address
from scheduler.members import each_due
from storage.models import Member
from storage.privacy import seeing

BATCH = 2
"""Members for whom is looked in one transaction: between two of them, messages are answered."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look for every member whose week is over; how many got something to tidy."""
    return each_due(
        session, Member.tidy_at, now, BATCH, lambda member: _bring(session, draw, member, now)
    )


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    member.tidy_at = next_on(TIDY_DAY, member.morning, member.zone, now)
    if not member.may("manager") or private_address(session, member) is None:
        return False
    with seeing(session, member, alone=True):
        turn = draw.turn(session, member, now)
        reply = listed(turn)
        if not reply.parts:
            return False
        stop = turn.button("tidy_stop_button", "settings.set", name="tidy", value="off")
        reply = replace(reply, buttons=(*reply.buttons, stop))
        week = turn.today.strftime("%G-W%V")
        return draw.nudge(turn, reply, kind="tidy", subject="week", occasion=week, topic=None)
