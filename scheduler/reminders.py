"""Reminders at their due time: each once, quiet hours kept, recurring ones moved on."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.tasks import reminder
from scheduler.drawing import Draw
from scheduler.one_by_one import LATER, one_by_one
from storage.models import Member, Task, Workspace

BATCH = 200
"""Reminders raised in one transaction."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Remind of what is due; how many reminders were raised."""
    due = session.scalars(
        select(Task)
        .where(Task.workspace_id.in_(select(Workspace.id)))  # its index is probed for each
        .where(Task.remind_at <= now, Task.status == "open")
        .order_by(Task.remind_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Task)
    ).all()

    def put_off(task: Task) -> None:
        task.remind_at = now + LATER

    return one_by_one(session, due, lambda task: _remind(session, draw, task, now), put_off)


def _remind(session: Session, draw: Draw, task: Task, now: datetime) -> bool:
    member = session.get_one(Member, (task.workspace_id, task.owner_id))
    local = now.astimezone(ZoneInfo(member.zone))
    if member.quiet and member.quiet.hold(local):
        task.remind_at = member.quiet.over_at(local)
        return False
    occasion = (task.remind_at or now).isoformat()
    turn = draw.turn(session, member, now)
    raised = draw.nudge(
        turn,
        reminder(turn, task),
        kind="reminder",
        subject=f"task:{task.id}",
        occasion=occasion,
        topic=f"task:{task.id}",
    )
    task.reminded(at=now)
    if not raised and task.remind_at is None:
        task.reminded_at = None
    return raised


def next_moment(session: Session, after: datetime) -> datetime | None:
    """When the next reminder or agenda is due after a moment: for those who skip the clock."""
    remind = session.scalars(
        select(Task.remind_at)
        .where(Task.remind_at > after, Task.status == "open")
        .order_by(Task.remind_at)
        .limit(1)
    ).first()
    morning = session.scalars(
        select(Member.agenda_at)
        .where(Member.agenda_at > after, Member.active)
        .order_by(Member.agenda_at)
        .limit(1)
    ).first()
    moments = [moment for moment in (remind, morning) if moment]
    return min(moments) if moments else None
