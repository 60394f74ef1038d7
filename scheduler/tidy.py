"""The weekly tidy-up: to owners and managers, who may be in twice; nothing where nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.duplicates import listed
from rules.calendar import TIDY_DAY, next_on
from scheduler.drawing import Draw, private_address
from scheduler.one_by_one import LATER, one_by_one
from storage.models import Member, Workspace
from storage.privacy import seeing
from storage.scope import everywhere

BATCH = 2
"""Members for whom is looked in one transaction: between two of them, messages are answered."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look for every member whose week is over; how many got something to tidy."""
    query = (
        select(Member)
        .where(Member.workspace_id.in_(select(Workspace.id)))  # its index is probed for each
        .where(Member.tidy_at <= now, Member.active)
        .order_by(Member.tidy_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True, of=Member)
    )
    with everywhere(session):
        members = session.scalars(query).all()

    def put_off(member: Member) -> None:
        member.tidy_at = now + LATER

    return one_by_one(session, members, lambda member: _bring(session, draw, member, now), put_off)


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(member.zone))
    if member.quiet and member.quiet.hold(local):
        member.tidy_at = member.quiet.over_at(local)
        return False
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
