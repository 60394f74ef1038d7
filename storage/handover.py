"""Who stands in for whom: a member's customers, in another's hands for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Date, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.asking import these
from storage.base import Base, Recorded, belongs_to
from storage.team import Member


class Handover(Recorded, Base):
    """From ``begins_at`` until ``ends_at`` what the clock would tell ``member_id`` of customers
    goes to ``to_id``. ``last_day``: the last one of it, as the member said it; an early end sets
    ``ends_at`` alone."""

    __tablename__ = "handover"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        belongs_to("member", "to_id", "CASCADE"),
        Index(None, "workspace_id", "member_id", "ends_at"),
        Index(None, "workspace_id", "to_id", "ends_at"),
    )

    member_id: Mapped[int]
    to_id: Mapped[int]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    last_day: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime]


def handovers(session: Session, member: Member, now: datetime) -> list[Handover]:
    """Those of and to a member that hold or are to come, the next to end first."""
    theirs = select(Handover).where(
        Handover.workspace_id == member.workspace_id,
        or_(Handover.member_id == member.id, Handover.to_id == member.id),
        Handover.ends_at > now,
    )
    return list(session.scalars(theirs.order_by(Handover.ends_at, Handover.id)))


def stand_in(session: Session, member: Member, now: datetime) -> Member:
    """Who hears of a member's customers now: they themselves, or whoever they, and those after
    them, handed them to."""
    passed, here = {member.id}, member
    while after := _next(session, here, now):
        if after.id in passed or not after.active:
            return member if after.id in passed else here
        passed.add(after.id)
        here = after
    return here


def stand_ins(
    session: Session, members: Collection[Member], now: datetime
) -> dict[tuple[int, int], Member]:
    """The same of many, of several workspaces: those in whose place another hears now, by the
    workspace and number of whom they stand in for."""
    known = {(each.workspace_id, each.id): each for each in members}
    told, theirs = these(session, "told", known, Handover.workspace_id, Handover.member_id)
    away = (
        select(Handover.workspace_id, Handover.member_id)
        .join(told, theirs)
        .where(Handover.begins_at <= now, Handover.ends_at > now)
        .distinct()
    )
    keys = [(space, number) for space, number in session.execute(away)]
    found = ((known[key], stand_in(session, known[key], now)) for key in keys)
    return {(here.workspace_id, here.id): other for here, other in found if other is not here}


def _next(session: Session, member: Member, now: datetime) -> Member | None:
    holds = (
        select(Handover.to_id)
        .where(Handover.workspace_id == member.workspace_id, Handover.member_id == member.id)
        .where(Handover.begins_at <= now, Handover.ends_at > now)
        .order_by(Handover.id.desc())
        .limit(1)
    )
    number = session.scalars(holds).first()
    return session.get(Member, (member.workspace_id, number)) if number is not None else None


def stood_in_for(session: Session, member: Member, now: datetime) -> list[Member]:
    """Whose customers a member hears of now beside their own."""
    found: list[Member] = []
    look = [member]
    while look:
        handed = (
            select(Member)
            .join(Handover, Handover.member_id == Member.id)
            .where(Handover.workspace_id == member.workspace_id)
            .where(Member.workspace_id == member.workspace_id)
            .where(Handover.to_id == look.pop().id)
            .where(Handover.begins_at <= now, Handover.ends_at > now)
            .order_by(Member.id)
        )
        for other in session.scalars(handed):
            if other.id != member.id and other not in found:
                found.append(other)
                look.append(other)
    return [other for other in found if stand_in(session, other, now) is member]
