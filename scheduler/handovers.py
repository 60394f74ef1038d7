"""That somebody stands in is told to whom it concerns: when it begins and when it is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.handover import TOLD, told
from scheduler.drawing import Draw, private_address
from scheduler.one_by_one import Due, due_one_by_one
from storage.handover import Handover
from storage.models import Member, Nudge

BATCH = 50

DUE = Due(Nudge.due_at, Nudge.kind == TOLD)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell of what begins or ends; how many letters were written."""
    return due_one_by_one(
        session,
        DUE,
        now,
        BATCH,
        lambda row: _tell(session, draw, row, now),
        then=(Nudge.id,),
    )


def _tell(session: Session, draw: Draw, row: Nudge, now: datetime) -> bool:
    """What was taken back or ended early meanwhile is not told as if it held."""
    handover = session.get(Handover, (row.workspace_id, int(row.subject.partition(":")[2])))
    member = session.get(Member, (row.workspace_id, row.member_id))
    address = private_address(session, member) if member and member.active else None
    if handover is None or member is None or address is None or _is_told(handover, row, now):
        row.state, row.due_at = "over", None
        return False
    turn = draw.turn(session, member, now)
    if member.quiet and member.quiet.hold(turn.local):
        row.due_at = member.quiet.over_at(turn.local)
        return False
    draw.send(turn, told(turn, handover), address)
    row.state, row.due_at = "sent", None
    return True


def _is_told(handover: Handover, row: Nudge, now: datetime) -> bool:
    """That it began is no news when it is over, nor is its end where it was ended early."""
    if row.occasion == "begins":
        return handover.ends_at <= now
    planned = (row.about or {}).get("at")
    return row.occasion == "ends" and handover.ends_at.isoformat() != planned
