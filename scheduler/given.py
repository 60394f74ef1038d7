"""A member hears of leads that were given to them by the team's rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.given import TOLD, told
from scheduler.drawing import Draw, private_address
from scheduler.one_by_one import Due, due_one_by_one
from storage.models import Company, Contact, Member, Nudge
from storage.raising import subject_of

BATCH = 50

DUE = Due(Nudge.due_at, Nudge.kind == TOLD)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell whose leads are new; how many letters were written."""
    return due_one_by_one(
        session,
        DUE,
        now,
        BATCH,
        lambda row: _tell(session, draw, row, now),
        then=(Nudge.id,),
    )


def _tell(session: Session, draw: Draw, row: Nudge, now: datetime) -> bool:
    """What was taken back meanwhile, or went to another, is not told."""
    member = session.get(Member, (row.workspace_id, row.member_id))
    address = private_address(session, member) if member and member.active else None
    about = subject_of(session, row)
    gone = not row.subject.startswith("lead_rule:") and (
        not isinstance(about, Contact | Company) or about.owner_id != row.member_id
    )
    if member is None or address is None or gone:
        row.state, row.due_at = "over", None
        return False
    turn = draw.turn(session, member, now)
    if member.quiet and member.quiet.hold(turn.local):
        row.due_at = member.quiet.over_at(turn.local)
        return False
    who = about if isinstance(about, Contact | Company) else None
    draw.send(turn, told(turn, row, who), address)
    row.state, row.due_at = "sent", None
    return True
