"""Who entered a watched segment, told to whoever watches it, each once; and let into the sequences
that it starts.

A watched segment is looked at after something was written in its workspace, and on each day's
morning, as time alone brings people in, too. Each says itself when that is (``check_at``, indexed),
so a tick costs what is due; where nothing was written, a look is one question for a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from handlers.segments import entered_news
from rules.segments import Misread
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage import segment_watch
from storage.models import Contact, Member, Segment, SequenceStart, Workspace
from storage.models import Sequence as Steps
from storage.privacy import seeing
from storage.segments import Unknown, members
from storage.sequences import start_some, starts_from

BATCH = 5
"""Segments looked at in one transaction: between two of them, messages are answered."""

OFTEN = timedelta(minutes=10)
"""A segment is looked at again after so long at the earliest."""

MORNING = time(9)
"""From then on a segment that nobody watches is looked at once more on each day."""

TOLD = 10
"""Names in one letter."""

DUE = Due(Segment.check_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at each watched segment whose moment it is; how many letters were written."""
    return due_one_by_one(
        session, DUE, now, BATCH, lambda segment: _look(session, draw, segment, now)
    )


def _look(session: Session, draw: Draw, segment: Segment, now: datetime) -> int:
    watching, starting = _watching(session, segment), starts_from(session, segment)
    if not watching and not starting:
        segment.check_at = None
        return 0
    quiet = [
        each.quiet.over_at(local)
        for each in watching
        if each.quiet and each.quiet.hold(local := now.astimezone(ZoneInfo(each.zone)))
    ]
    if quiet:
        segment.check_at = max(quiet)
        return 0
    segment.check_at = now + OFTEN
    last = segment_watch.last_change(session, segment.workspace_id)
    space = session.get_one(Workspace, segment.workspace_id)
    zone, morning = (
        (watching[0].zone, watching[0].morning) if watching else (space.timezone, MORNING)
    )
    local = now.astimezone(ZoneInfo(zone))
    is_morning = local.time() >= morning and segment.looked_on != local.date()
    if last == segment.seen_change and not is_morning:
        return 0
    segment.seen_change = last
    if local.time() >= morning:
        segment.looked_on = local.date()
    let_in = _let_in(session, segment, starting, now, space.timezone) if starting else None
    told = _tell(session, draw, segment, watching, now)
    if let_in is not None:
        segment_watch.remember(session, segment, let_in)
    return told


def _let_in(
    session: Session, segment: Segment, starting: Sequence[SequenceStart], now: datetime, zone: str
) -> Select[int] | None:
    """Whoever entered comes into the sequences; the question for all who are in the segment."""
    try:
        theirs = members(session, segment.workspace_id, segment.query, now, zone)
    except (Misread, Unknown):  # what it names is not there any more: nobody enters
        return None
    ids = segment_watch.entered(session, segment, theirs)
    for rule in starting if ids else ():
        row = session.get(Steps, (segment.workspace_id, rule.sequence_id), populate_existing=True)
        if row is not None and row.active and row.state != "stopped":
            start_some(session, row, ids, by_id=rule.by_id, now=now)
    return theirs


def _watching(session: Session, segment: Segment) -> list[Member]:
    """Members who still see it, the first to have asked first."""
    found = []
    for row in segment_watch.watchers(session, segment):
        member = session.get(Member, (row.workspace_id, row.member_id))
        if member and member.active and (segment.shared or segment.owner_id == member.id):
            found.append(member)
    return found


def _tell(
    session: Session, draw: Draw, segment: Segment, watching: Sequence[Member], now: datetime
) -> int:
    """Each watcher hears of those who entered as far as they may see them."""
    told, chosen = 0, []
    for member in watching:
        try:
            theirs = members(
                session, segment.workspace_id, segment.query, now, member.zone, seen_by=member.id
            )
        except (Misread, Unknown):  # what it names is not there any more: nobody enters
            return told
        chosen.append(theirs)
        with seeing(session, member, alone=True):
            ids = segment_watch.entered(session, segment, theirs)
            rows = _first_of(session, segment, ids)
            if not rows:
                continue
            turn = draw.turn(session, member, now)
            reply = entered_news(turn, segment, rows, len(ids))
            told += draw.nudge(
                turn, reply, kind="segment", subject=f"segment:{segment.id}",
                occasion=now.isoformat(),
            )  # fmt: skip
    for theirs in chosen:
        segment_watch.remember(session, segment, theirs)
    return told


def _first_of(session: Session, segment: Segment, ids: Sequence[int]) -> list[Contact]:
    query = select(Contact).where(
        Contact.workspace_id == segment.workspace_id, Contact.id.in_(sorted(ids)[-TOLD:])
    )
    return list(session.scalars(query.order_by(Contact.id.desc())))
