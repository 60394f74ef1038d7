"""Deals that need their seller: looked at when something may be due, told once for each cause.

It goes by members, each locked while their deals are looked at: the worthiest come as letters of
their own, as many a day as a member can bear, and the rest stands in the next morning's agenda.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, tuple_, update
from sqlalchemy.orm import Session

from handlers.nudges import deal_nudge, expected_worth
from handlers.turn import Turn
from rules.attention import KINDS, Finding, findings, next_look
from rules.calendar import wall_to_utc
from scheduler.drawing import Draw, may_be_told, private_address
from scheduler.letters import Address
from scheduler.one_by_one import LATER, one_by_one
from storage import nudges
from storage.attention import habits, look_at, standings
from storage.models import Deal, Member, Nudge, Workspace
from storage.scope import everywhere, within

BATCH = 5
"""Members whose deals are looked at in one transaction."""

LOOKED_AT = 400
"""Due deals looked at to find them."""

MOST = 100
"""Deals of one member looked at at once."""

EVENING = time(20)
"""From then on nobody is interrupted; it waits for the morning."""

NOT_REACHED = timedelta(days=7)
"""When a deal is looked at again whose seller nothing reaches, or who may not be told."""

REMEMBERED = timedelta(days=30)
"""How long what waits for an agenda waits for it."""

_DEALS: Any = Deal.__table__


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at the deals that are due; how many letters were written, and whether there are more."""
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
        .where(Deal.workspace_id.in_(select(Workspace.id)))  # its index is probed for each
        .where(Deal.next_check_at <= now)
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
            session.execute(these.where(Deal.status != "open").values(next_check_at=None))
    return sum(map(len, closed.values())), members


def look(session: Session, draw: Draw, member: Member, now: datetime) -> int:
    """Look at a member's deals that are due; how many letters were written, or 1 for more to do."""
    local = now.astimezone(ZoneInfo(member.zone))
    if member.quiet and member.quiet.hold(local):
        _put_off(session, member, now, member.quiet.over_at(local))
        return 0
    address = private_address(session, member) if member.active else None
    if address is None:
        _put_off(session, member, now, now + NOT_REACHED)
        return 0
    deals = session.scalars(_due_of(member, now)).all()
    if not deals:
        return 0
    turn = draw.turn(session, member, now)
    judging = Judging(turn, draw, address)
    found = judging.judge(deals)
    worthiest = sorted(deals, key=lambda deal: -expected_worth(turn, deal))

    def put_off(deal: Deal) -> None:
        look_at(session, deal, now + LATER)

    letters = one_by_one(session, worthiest, lambda deal: judging.tell(found[deal.id]), put_off)
    return letters or int(len(deals) == MOST)


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


@dataclass
class Found:
    """A deal, and what there is to tell of it; ``rows`` are the nudges that were raised before."""

    deal: Deal
    findings: Sequence[Finding]
    rows: Mapping[tuple[str, str], Nudge]
    next_day: date | None = None


class Judging:
    """Some deals of one member, looked at now."""

    def __init__(self, turn: Turn, draw: Draw, address: Address | None) -> None:
        self.turn, self.draw, self.address = turn, draw, address
        self.unwanted = nudges.unwanted(turn.session, turn.member)
        self.sent = nudges.interrupted(turn.session, turn.member, turn.today)
        clock = turn.local.time()
        is_day = clock >= turn.member.morning
        self.day = turn.today if is_day else turn.today - timedelta(days=1)
        """What is due on a day is due from its morning on."""
        self.may_interrupt = is_day and (clock < EVENING or turn.member.morning >= EVENING)

    def judge(self, deals: Sequence[Deal]) -> dict[int, Found]:
        session, space = self.turn.session, self.turn.workspace.id
        known = habits(session, space, self.turn.now)
        stand = standings(session, space, deals, self.turn.member.zone)
        rows = _raised(self.turn, deals)
        return {
            deal.id: Found(
                deal,
                [
                    each
                    for each in findings(stand[deal.id], known, self.day)
                    if each.kind not in self.unwanted
                ],
                rows[deal.id],
                next_look(stand[deal.id], known, self.day),
            )
            for deal in deals
        }

    def tell(self, found: Found) -> int:
        """Raise what is news, as a letter or for the agenda; how many letters it took."""
        turn, deal = self.turn, found.deal
        if not may_be_told(turn.member, deal):
            look_at(turn.session, deal, turn.now + NOT_REACHED)
            return 0
        news = [each for each in found.findings if self._is_news(found, each)]
        letter = bool(news) and self.may_interrupt and self.sent < nudges.A_DAY
        rows = [self._raised(found, each) for each in news]
        for row in rows:
            row.state = "along" if letter else "waiting"
        if letter and self.address:
            rows[0].state = "sent"
            self.sent += 1
            told = [*news, *(each for each in found.findings if each not in news)]
            reply = deal_nudge(turn, deal, rows[0].id, told, n=self.sent, most=nudges.A_DAY)
            topic = f"deal:{deal.id}:{turn.member.id}"
            self.draw.send(turn, reply, self.address, topic)
        turn.session.flush()
        look_at(turn.session, deal, self._next(found))
        return int(letter)

    def _is_news(self, found: Found, each: Finding) -> bool:
        row = found.rows.get((each.kind, each.cause))
        if row is None:
            return True
        return row.state == "later" and row.due_at is not None and row.due_at <= self.turn.now

    def _raised(self, found: Found, each: Finding) -> Nudge:
        """The one row of this cause."""
        turn = self.turn
        row = found.rows.get((each.kind, each.cause))
        if row is None:
            row = Nudge(
                workspace_id=turn.workspace.id,
                member_id=turn.member.id,
                kind=each.kind,
                subject=subject_of(found.deal),
                occasion=each.cause,
            )
            turn.session.add(row)
        row.day, row.raised_at, row.due_at = turn.today, turn.now, None
        return row

    def _next(self, found: Found) -> datetime | None:
        member = self.turn.member
        moments = [row.due_at for row in found.rows.values() if row.state == "later" and row.due_at]
        if found.next_day:
            morning = datetime.combine(found.next_day, member.morning)
            moments.append(wall_to_utc(morning, member.zone))
        return min(moments, default=None)


def subject_of(deal: Deal) -> str:
    return f"deal:{deal.id}"


def _raised(turn: Turn, deals: Sequence[Deal]) -> dict[int, dict[tuple[str, str], Nudge]]:
    """What the member was told of these deals before, or waits to be, by kind and cause."""
    by_subject = {subject_of(deal): deal.id for deal in deals}
    rows = turn.session.scalars(
        select(Nudge).where(
            Nudge.workspace_id == turn.workspace.id,
            Nudge.member_id == turn.member.id,
            Nudge.kind.in_(KINDS),
            Nudge.subject.in_(by_subject),
        )
    )
    found: dict[int, dict[tuple[str, str], Nudge]] = {deal.id: {} for deal in deals}
    for row in rows:
        found[by_subject[row.subject]][row.kind, row.occasion] = row
    return found


def for_agenda(turn: Turn, draw: Draw) -> list[tuple[Deal, Sequence[Finding]]]:
    """The deals that wait for a member's agenda and still need them, the worthiest first. They
    were told then."""
    session, member = turn.session, turn.member
    rows = nudges.waiting(session, member, turn.today - REMEMBERED, ["waiting"])
    ids = {int(row.subject.partition(":")[2]) for row in rows}
    here = select(Deal).where(Deal.workspace_id == member.workspace_id, Deal.id.in_(ids))
    deals = [
        deal
        for deal in (session.scalars(here) if ids else ())
        if deal.is_open and deal.owner_id == member.id and may_be_told(member, deal)
    ]
    judged = Judging(turn, draw, None).judge(deals)
    holds = {
        (subject_of(each.deal), finding.kind, finding.cause)
        for each in judged.values()
        for finding in each.findings
    }
    still = set()
    for row in rows:
        row.state = "agenda" if (row.subject, row.kind, row.occasion) in holds else "over"
        if row.state == "agenda":
            still.add(row.subject)
    told = [each for each in judged.values() if subject_of(each.deal) in still]
    told.sort(key=lambda each: -expected_worth(turn, each.deal))
    return [(each.deal, each.findings) for each in told]
