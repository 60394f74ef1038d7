"""Customers are led through sequences: the clock looks at whoever has something due.

What a step brings is written in the same transaction as that it was reached, so a restart or a
second process repeats nothing. Whether a message may go is looked at when it does
(``storage.touching``); the next step's wait begins only when it has gone, or is not to go.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from rules.calendar import Due as DueDay
from rules.segments import Misread
from rules.sequences import Step, due_at, next_step
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage.messages import Message, plan
from storage.models import (
    Contact,
    Deal,
    Member,
    Sequence,
    SequenceCall,
    SequenceRun,
    SequenceStart,
    Task,
    Workspace,
)
from storage.segments import Unknown, members
from storage.sequences import A_MOMENT, ending, look_next, person_of, rep_of, start

BATCH = 50
"""Customers looked at in one transaction: between two of them, messages are answered."""

DUE = Due(SequenceRun.next_check_at)
CALLED = Due(SequenceCall.due_at)

FRESH = timedelta(days=1)
"""A deal that came into a stage longer ago starts nothing: a file may tell of years."""

TAKEN_BACK = timedelta(days=1)
"""Whoever was stopped by something that was taken back within this time goes on."""

_BACK = frozenset({"opted_out", "bought", "answered", "taken_over", "moved_on"})


def is_due(now: Any) -> ColumnElement[bool]:
    return or_(DUE(now), CALLED(now))


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Let whoever a deal brings come in, and lead on whoever is due; how many."""
    del draw
    came = due_one_by_one(session, CALLED, now, BATCH, lambda row: _come_in(session, row, now))
    return came + due_one_by_one(
        session, DUE, now, BATCH, lambda run: look(session, run, now),
        then=(SequenceRun.id,), key_share=True,
    )  # fmt: skip


def _come_in(session: Session, call: SequenceCall, now: datetime) -> int:
    """Whoever the deal is with, if it is still there."""
    space, fresh = call.workspace_id, call.moved_at > now - FRESH
    sequence = session.get(Sequence, (space, call.sequence_id), populate_existing=True)
    deal = session.get(Deal, (space, call.deal_id), populate_existing=True)
    stage = call.stage
    session.delete(call)
    session.flush()
    wanted = select(SequenceStart.id).where(
        SequenceStart.workspace_id == space, SequenceStart.stage == stage,
        SequenceStart.sequence_id == (sequence.id if sequence else 0),
    )  # fmt: skip
    if not fresh or sequence is None or not sequence.active or sequence.state == "stopped":
        return 0
    if deal is None or not deal.is_open or deal.stage != stage:
        return 0
    contact = person_of(session, deal)
    if contact is None or session.scalars(wanted).first() is None:
        return 0
    run = start(
        session, sequence, contact, how="stage", by_id=deal.owner_id, now=now, deal=deal
    )  # fmt: skip
    return int(run is not None)


def look(session: Session, run: SequenceRun, now: datetime) -> int:
    """Lead somebody on, or out; whether anything came of it."""
    sequence = session.get_one(
        Sequence, (run.workspace_id, run.sequence_id), populate_existing=True
    )
    if run.state == "stopped":
        return _taken_back(session, run, sequence, now)
    if run.state != "running":
        look_next(session, run, None)
        return 0
    if reason := ending(session, run, sequence):
        run.end(reason, now)
        return 1
    if run.message_id is not None and not _settled(session, run, sequence, now):
        return 0
    if sequence.state != "running":
        look_next(session, run, None)
        return 0
    return _go_on(session, run, sequence, now)


def _taken_back(session: Session, run: SequenceRun, sequence: Sequence, now: datetime) -> int:
    """What they were stopped for was a mistake: they go on, and so does what had not gone yet."""
    late = run.ended_at is None or run.ended_at < now - TAKEN_BACK
    if late or run.reason not in _BACK or ending(session, run, sequence):
        look_next(session, run, None)
        return 0
    run.state, run.reason, run.ended_at = "running", None, None
    message = session.get(Message, (run.workspace_id, run.message_id or 0))
    if message is not None and message.state == "dropped":
        message.state, message.reason, message.due_at = "planned", None, now
    run.next_check_at = now
    return 1


def _settled(session: Session, run: SequenceRun, sequence: Sequence, now: datetime) -> bool:
    """Whether the message of the step they are at has gone, or is not to go."""
    message = session.get(Message, (run.workspace_id, run.message_id or 0), populate_existing=True)
    step = _step_of(sequence, message)
    if message is None or step is None:
        run.message_id = None
        return True
    match message.state:
        case "sent" | "unknown":
            run.pass_step(step, "sent", message.went_at or now)
        case "failed":
            run.pass_step(step, "left_out", now, "failed")
        case "dropped":
            run.pass_step(step, "left_out", now, (message.reason or "").partition(":")[0])
        case "ready" | "prepared" if message.lapses_at <= now:
            message.drop("too_late")
            run.pass_step(step, "left_out", now, "too_late")
        case _:
            look_next(session, run, max(message.lapses_at, now + LATEST))
            return False
    return True


LATEST = timedelta(hours=1)
"""A message that should have been let go of by now is asked for again after so long."""


def _step_of(sequence: Sequence, message: Message | None) -> Step | None:
    key = int(message.source.split(":")[2]) if message else 0
    return next((step for step in sequence.plan if step.key == key), None)


def _go_on(session: Session, run: SequenceRun, sequence: Sequence, now: datetime) -> int:
    """The next step, if its moment has come; steps that are not for them are passed over."""
    contact = session.get_one(Contact, (run.workspace_id, run.contact_id))
    while step := next_step(sequence.plan, run.last_step):
        due = max(due_at(step, run.since), run.started_at + A_MOMENT)
        if due > now:
            look_next(session, run, due)
            return 0
        if step.query and not _is_for(session, contact, step.query, now):
            run.pass_step(step, "left_out", now, "not_for_them")
        elif step.kind == "task":
            _give_task(session, run, contact, step, now)
            run.pass_step(step, "task", now)
        else:
            message = plan(
                session, contact, source=f"{sequence.source}{step.key}:{run.round}",
                ways=step.ways, by_id=rep_of(session, run, contact), now=now,
                template_id=step.template,
            )  # fmt: skip
            run.message_id = message.id
            settled = message.state in ("sent", "unknown", "failed", "dropped")
            run.next_check_at = now + LATEST if settled else message.lapses_at
            if settled and _settled(session, run, sequence, now):
                continue
            return 1
    run.end(None, now)
    return 1


def _is_for(session: Session, contact: Contact, query: str, now: datetime) -> bool:
    zone = session.get_one(Workspace, contact.workspace_id).timezone
    try:
        chosen = members(
            session, contact.workspace_id, query, now, zone, seen_by=contact.owner_id
        )  # fmt: skip
    except (Misread, Unknown):  # what it names is not there any more
        return False
    return session.scalars(chosen.where(Contact.id == contact.id)).first() is not None


def _give_task(
    session: Session, run: SequenceRun, contact: Contact, step: Step, now: datetime
) -> None:
    """A task for the rep, due at once: where that is in their quiet hours, after these."""
    number = rep_of(session, run, contact)
    member = session.get_one(Member, (run.workspace_id, number))
    local = now.astimezone(ZoneInfo(member.zone))
    if member.quiet and member.quiet.hold(local):
        local = member.quiet.over_at(local).astimezone(ZoneInfo(member.zone))
    task = Task(
        workspace_id=run.workspace_id, text=step.text or "", contact_id=contact.id,
        company_id=contact.company_id, zone=member.zone, status="open", owner_id=number,
        deal_id=run.deal_id, created_at=now,
    )  # fmt: skip
    task.plan(DueDay(local.date(), local.time().replace(second=0, microsecond=0)))
    session.add(task)
    session.flush()
