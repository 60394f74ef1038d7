"""The morning agenda: what is on today, and, once more, what was not done yesterday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.cards import task_line
from handlers.nudges import evidence
from handlers.reply import Items, Line, Part, Reply, Title
from handlers.turn import Turn
from rules.attention import Finding
from rules.calendar import next_at
from scheduler import deals
from scheduler.drawing import Draw, may_be_told, private_address
from scheduler.members import each_due
from storage import queries
from storage.models import Deal, Member, Task
from storage.workdays import works_on

BATCH = 100
SHOWN = 10
DEALS = 5
"""Deals of an agenda that are told."""

LOOKED_AT = 1000
"""A member's open tasks that an agenda counts at most."""


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Bring the agenda to every member whose morning it is; how many got one."""
    return each_due(
        session, Member.agenda_at, now, BATCH, lambda member: _bring(session, draw, member, now)
    )


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    due_at = member.agenda_at or now
    member.agenda_at = next_at(member.morning, member.zone, now)
    if private_address(session, member) is None:
        return False  # nothing is carried on an agenda that reaches nobody
    turn = draw.turn(session, member, now)
    deals.look(session, draw, member, now)
    needing = deals.for_agenda(turn, draw)
    tasks = queries.tasks_of_member(session, member, LOOKED_AT)
    tasks = [task for task in tasks if may_be_told(member, task)]
    for task in tasks:
        _catch_up(turn, task)
    today = [task for task in tasks if task.due and task.due.day == turn.today]
    late = [task for task in tasks if task.due and task.due.day < turn.today]
    again = [task for task in late if task.carried_day is None and not _is_news(task, due_at, now)]
    works = works_on(turn.session, turn.workspace.id, turn.today)
    if not today and not ((again or needing) and works):
        return False  # what was not done can wait until there is work again
    for task in again:
        task.carried_day = turn.today
    older = sum(task.carried_day is not None for task in late) - len(again)
    reply = _with_deals(turn, _agenda(turn, today, again, older), needing)
    return draw.nudge(
        turn, reply, kind="agenda", subject="day", occasion=turn.today.isoformat(), topic=None
    )


def _with_deals(
    turn: Turn, agenda: Reply, needing: Sequence[tuple[Deal, Sequence[Finding]]]
) -> Reply:
    """And the deals that need them, beyond those that came as letters of their own."""
    if not needing:
        return agenda
    lines = tuple(evidence(turn, deal, found) for deal, found in needing[:DEALS])
    parts: list[Part] = [Line(turn.say("morning_deals", n=len(needing))), Items(lines)]
    button = turn.button("needing_button", "nudge.deals")
    return replace(agenda, parts=(*agenda.parts, *parts), buttons=(*agenda.buttons, button))


def _is_news(task: Task, due_at: datetime, now: datetime) -> bool:
    """An agenda that comes late, after a time in which nobody rang the clock, does not carry what
    a reminder brings at the same time: that waits for the next morning."""
    is_coming = task.remind_at is not None and task.remind_at <= now
    return is_coming or (task.reminded_at is not None and task.reminded_at > due_at)


def _catch_up(turn: Turn, task: Task) -> None:
    """A recurring task of a day without a time goes on by itself when its day is over."""
    if task.every and task.due_time is None and task.due_day and task.due_day < turn.today:
        yesterday = turn.local.replace(tzinfo=None).toordinal() - 1
        task.move_on(datetime.fromordinal(yesterday))


def _agenda(turn: Turn, today: list[Task], again: list[Task], older: int) -> Reply:
    parts: list[Part] = [Title(turn.say("morning", name=turn.member.name, day=turn.today))]
    if today:
        parts.append(Line(turn.say("morning_today")))
        parts.append(Items(tuple(task_line(turn, task, of_today=True) for task in today[:SHOWN])))
    if again:
        parts.append(Line(turn.say("morning_late")))
        parts.append(Items(tuple(task_line(turn, task) for task in again[:SHOWN])))
    buttons = [turn.button("tasks_button", "task.list", period="today")]
    if older:
        parts.append(Line(turn.say("older_late", n=older), quiet=True))
        buttons.append(turn.button("overdue_button", "task.list", period="overdue"))
    return Reply(tuple(parts), tuple(buttons))
