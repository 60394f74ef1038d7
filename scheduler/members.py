"""What comes to members at their own time: to each whose moment it is, outside of quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.one_by_one import Due, due_one_by_one
from storage.models import Member


def members_at(moment: InstrumentedAttribute[datetime | None]) -> Due:
    """Those whose ``moment`` it is."""
    return Due(moment, Member.active)


def each_due(
    session: Session,
    due: Due,
    now: datetime,
    most: int,
    bring: Callable[[Member], bool],
) -> int:
    """Bring it to the members who are ``due``, at most so many; how many got something.

    ``bring`` sets the next moment. In quiet hours it is their end, and after a failure later.
    """

    def tell(member: Member) -> bool:
        local = now.astimezone(ZoneInfo(member.zone))
        if member.quiet and member.quiet.hold(local):
            setattr(member, due.moment.key, member.quiet.over_at(local))
            return False
        return bring(member)

    return due_one_by_one(session, due, now, most, tell, key_share=True)
