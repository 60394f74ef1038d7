"""Whoever blocks the bot is missed by nobody but the owner: who is told, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from handlers.reply import Line, Reply
from scheduler import undelivered
from scheduler.drawing import Draw
from scheduler.one_by_one import one_by_one
from scheduler.undelivered import is_quiet, owners
from storage.models import Member, Unreachable
from storage.scope import within
from storage.unreachable import identity_at, workspace_at

BATCH = 50


_UNTOLD = Unreachable.told_at.is_(None)


def is_due(_now: Any) -> ColumnElement[bool]:
    return or_(select(Unreachable.platform).where(_UNTOLD).exists(), undelivered.is_any())


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell owners of places where nothing arrives any more, and of what may not have arrived; how
    many were told."""
    rows = session.scalars(
        select(Unreachable)
        .where(_UNTOLD)
        .order_by(Unreachable.since)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()

    def put_off(row: Unreachable) -> None:
        row.told_at = now  # it stays on the doctor's list

    told = one_by_one(session, rows, lambda row: _tell(session, draw, row, now), put_off)
    return told + undelivered.tick(session, draw, now)


def _tell(session: Session, draw: Draw, row: Unreachable, now: datetime) -> int:
    """Those whose quiet hours hold are told later; that others are told twice, nudges prevent."""
    identity = identity_at(session, row)
    workspace_id = identity.workspace_id if identity else workspace_at(session, row)
    if workspace_id is None:
        row.told_at = now
        return 0
    with within(session, workspace_id):
        lost = identity.member if identity else None
        told = owners(session, workspace_id)
        awake = [owner for owner in told if owner is not lost and not is_quiet(owner, now)]
        if len(awake) == sum(owner is not lost for owner in told):
            row.told_at = now
        return sum(_nudge(session, draw, row, owner, lost, now) for owner in awake)


def _nudge(
    session: Session,
    draw: Draw,
    row: Unreachable,
    owner: Member,
    lost: Member | None,
    now: datetime,
) -> bool:
    turn = draw.turn(session, owner, now)
    platform = turn.say(f"platform_{row.platform}")
    if lost:
        told = turn.say("unreachable_member", name=lost.name, platform=platform)
    else:
        told = turn.say("unreachable_chat", name=row.key, platform=platform)
    return draw.nudge(
        turn,
        Reply((Line(told),)),
        kind="unreachable",
        subject=f"{row.platform}:{row.key}"[:60],
        occasion=row.since.isoformat(),
    )
