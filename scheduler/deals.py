"""Deals that need their seller: looked at when something may be due, raised once for each cause.

It goes by members, each locked while their deals are looked at. What is found is brought to them,
or to who stands in for them, by ``scheduler.nudging``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, tuple_, update
from sqlalchemy.orm import Session

from handlers.deal_nudges import deal_case
from rules.attention import findings, next_look
from rules.calendar import wall_to_utc
from scheduler.drawing import Draw
from scheduler.one_by_one import LATER, Due, one_by_one
from storage.attention import habits, look_at, standings
from storage.models import Deal, Member
from storage.raising import raise_nudge
from storage.scope import everywhere, within

BATCH = 5
"""Members whose deals are looked at in one transaction."""

LOOKED_AT = 400
"""Due deals looked at to find them."""

MOST = 100
"""Deals of one member looked at at once."""

NOT_THERE = timedelta(days=7)
"""When a deal is looked at again whose seller is not there any more."""

_DEALS: Any = Deal.__table__


DUE = Due(Deal.next_check_at, Deal.status != "won")


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at the deals that are due; how many nudges were raised, or 1 for more."""
    let_go, members = _members(session, now)

    def put_off(member: Member) -> None:
        _put_off(session, member, now, now + LATER)

    return let_go + one_by_one(
        session, members, lambda member: look(session, draw, member, now), put_off
    )


def _members(session: Session, now: datetime) -> tuple[int, Sequence[Member]]:
    """How many deals were let go that are closed by now, and whose others are due."""
    due = (
        select(Deal.workspace_id, Deal.id, Deal.owner_id, Deal.status)
        .where(*DUE.by(now))
        .order_by(Deal.next_check_at)
        .limit(LOOKED_AT)
    )
    closed: dict[int, list[int]] = defaultdict(list)
    owners: dict[tuple[int, int], None] = {}
    with everywhere(session):
        for space, number, owner, status in session.execute(due):
            if status == "open":
                owners[space, owner] = None
            else:
                closed[space].append(number)
        locked = (
            select(Member)
            .where(tuple_(Member.workspace_id, Member.id).in_(list(owners)))
            .limit(BATCH)
            .with_for_update(skip_locked=True, key_share=True, of=Member)
        )
        members = session.scalars(locked).all() if owners else ()
    for space, ids in closed.items():
        with within(session, space):
            these = update(_DEALS).where(Deal.workspace_id == space, Deal.id.in_(ids))
            session.execute(these.where(Deal.status == "lost").values(next_check_at=None))
    return sum(map(len, closed.values())), members


def look(session: Session, draw: Draw, member: Member, now: datetime) -> int:
    """Look at a member's deals that are due; how many nudges were raised, or 1 for more to do."""
    if not member.active:
        _put_off(session, member, now, now + NOT_THERE)
        return 0
    deals = session.scalars(_due_of(member, now)).all()
    if not deals:
        return 0
    turn = draw.turn(session, member, now)
    known = habits(session, member.workspace_id, now)
    stand = standings(session, member.workspace_id, deals, member.zone)
    day = turn.today
    if turn.local.time() < member.morning:
        day -= timedelta(days=1)  # what is due on a day is due from its morning on

    def tell(deal: Deal) -> int:
        found = findings(stand[deal.id], known, day)
        raised = [
            raise_nudge(
                session, member, now, kind=each.kind, subject=f"deal:{deal.id}",
                occasion=each.cause, case=deal_case(turn, deal, each),
            )
            for each in found
        ]  # fmt: skip
        next_day = next_look(stand[deal.id], known, day)
        at = datetime.combine(next_day, member.morning) if next_day else None
        look_at(session, deal, wall_to_utc(at, member.zone) if at else None)
        return sum(row is not None for row in raised)

    def put_off(deal: Deal) -> None:
        look_at(session, deal, now + LATER)

    return one_by_one(session, deals, tell, put_off) or int(len(deals) == MOST)


def _due_of(member: Member, now: datetime) -> Select[Deal]:
    return (
        select(Deal)
        .where(Deal.workspace_id == member.workspace_id, Deal.owner_id == member.id)
        .where(Deal.next_check_at <= now, Deal.status == "open")
        .order_by(Deal.next_check_at, Deal.id)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Deal)
    )


def _put_off(session: Session, member: Member, now: datetime, to: datetime) -> None:
    theirs = update(_DEALS).where(
        Deal.workspace_id == member.workspace_id,
        Deal.owner_id == member.id,
        Deal.next_check_at <= now,
        Deal.status == "open",
    )
    session.execute(theirs.values(next_check_at=to))
