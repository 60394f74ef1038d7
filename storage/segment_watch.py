"""Who is told when somebody enters a segment, and who has been in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from storage.models import Brought, Change, Contact, Segment, SegmentSeen, SegmentWatch
from storage.sequences import starts_from


def watchers(session: Session, segment: Segment) -> Sequence[SegmentWatch]:
    query = select(SegmentWatch).where(
        SegmentWatch.workspace_id == segment.workspace_id, SegmentWatch.segment_id == segment.id
    )
    return session.scalars(query.order_by(SegmentWatch.id)).all()


def watches(session: Session, segment: Segment, member_id: int) -> bool:
    return any(each.member_id == member_id for each in watchers(session, segment))


def watch(session: Session, segment: Segment, member_id: int, now: datetime) -> None:
    """They are told from now on. Who is in it by now is no news."""
    if not watches(session, segment, member_id):
        session.add(
            SegmentWatch(
                workspace_id=segment.workspace_id, segment_id=segment.id, member_id=member_id,
                since=now,
            )
        )  # fmt: skip
    segment.check_at = now
    session.flush()


def unwatch(session: Session, segment: Segment, member_id: int) -> bool:
    """False where they were not told anyway."""
    theirs = [each for each in watchers(session, segment) if each.member_id == member_id]
    for row in theirs:
        session.delete(row)
    session.flush()
    if theirs and not watchers(session, segment) and not starts_from(session, segment):
        segment.check_at = None
        session.flush()
    return bool(theirs)


def forget(session: Session, segment: Segment) -> None:
    """Nobody watches it any more, and it starts no sequence: it goes."""
    for row in (*watchers(session, segment), *starts_from(session, segment)):
        session.delete(row)
    session.flush()


def look_at(session: Session, segment: Segment, at: datetime) -> None:
    """When the clock looks at it next: no change of its own, which an undo would stumble over."""
    table: Any = Segment.__table__
    session.execute(
        update(table)
        .where(table.c.workspace_id == segment.workspace_id, table.c.id == segment.id)
        .values(check_at=at)
    )
    set_committed_value(segment, "check_at", at)


def last_change(session: Session, space: int) -> int:
    """The number of what was written last in chat or by a file: after it nothing has changed."""
    last = (
        session.scalar(select(func.max(kind.id)).where(kind.workspace_id == space))
        for kind in (Change, Brought)
    )
    return max(each or 0 for each in last)


def remember(session: Session, segment: Segment, chosen: Select[int]) -> None:
    """All who are in it have been in it."""
    fresh = _fresh(segment, chosen)
    columns = (SegmentSeen.workspace_id, SegmentSeen.segment_id, SegmentSeen.contact_id)
    table: Any = SegmentSeen.__table__
    names = [each.key for each in columns]
    session.flush()
    session.execute(insert(table).from_select(names, fresh))


def entered(session: Session, segment: Segment, chosen: Select[int]) -> list[int]:
    """Who is in it and never was before."""
    fresh = _fresh(segment, chosen).subquery()
    return list(session.scalars(select(fresh.c[2])))


def _fresh(segment: Segment, chosen: Select[int]) -> Select[Any]:
    seen = select(SegmentSeen.contact_id).where(
        SegmentSeen.workspace_id == segment.workspace_id, SegmentSeen.segment_id == segment.id
    )
    space, number = literal(segment.workspace_id), literal(segment.id)
    fresh: Any = chosen.with_only_columns(space, number, Contact.id).where(
        ~seen.where(SegmentSeen.contact_id == Contact.id).exists()
    )
    return fresh  # type: ignore[no-any-return]  # other columns of the same question
