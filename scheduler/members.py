"""What comes to members at their own time: to each whose moment it is, outside of quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.one_by_one import LATER, one_by_one
from storage.models import Member, Workspace
from storage.scope import everywhere


def each_due(
    session: Session,
    moment: InstrumentedAttribute[datetime | None],
    now: datetime,
    most: int,
    bring: Callable[[Member], bool],
) -> int:
    """Bring it to those whose ``moment`` has come, at most so many; how many got something.

    ``bring`` sets the next moment. In quiet hours it is their end, and after a failure later.
    """
    query = (
        select(Member)
        .where(Member.workspace_id.in_(select(Workspace.id)))  # its index is probed for each
        .where(moment <= now, Member.active)
        .order_by(moment)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True, of=Member)
    )
    with everywhere(session):
        members = session.scalars(query).all()

    def put_off(member: Member) -> None:
        setattr(member, moment.key, now + LATER)

    def tell(member: Member) -> bool:
        local = now.astimezone(ZoneInfo(member.zone))
        if member.quiet and member.quiet.hold(local):
            setattr(member, moment.key, member.quiet.over_at(local))
            return False
        return bring(member)

    return one_by_one(session, members, tell, put_off)
