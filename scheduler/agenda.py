"""The morning agenda: what is on today, and, once more, what was not done yesterday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.cards import task_line
from handlers.reply import Items, Line, Part, Reply, Title
from handlers.turn import Turn
from rules.calendar import next_at
from scheduler import birthdays, deals, nudging
from scheduler.drawing import Draw, may_be_told, private_address
from scheduler.members import each_due, members_at
from scheduler.nudging import Heap
from scheduler.reminding import goes_along
from storage import queries
from storage.handover import stand_in, stood_in_for
from storage.models import Member, Task
from storage.workdays import works_on

BATCH = 100
SHOWN = 10
NEEDING = 5
"""Deals and customers of an agenda that are told."""

LOOKED_AT = 1000
"""A member's open tasks that an agenda counts at most."""


DUE = members_at(Member.agenda_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Bring the agenda to every member whose morning it is; how many got one."""
    return each_due(session, DUE, now, BATCH, lambda member: _bring(session, draw, member, now))


def _bring(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    due_at = member.agenda_at or now
    member.agenda_at = next_at(member.morning, member.zone, now)
    if private_address(session, member) is None:
        return False  # nothing is carried on an agenda that reaches nobody
    turn = draw.turn(session, member, now)
    deals.look(session, draw, member, now)
    birthdays.look(turn)
    nudging.bring(session, draw, member, now)
    needing = list(nudging.for_agenda(turn, draw))
    tasks = list(_tasks(session, member, now))
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
    reply = _with_nudges(turn, _agenda(turn, today, again, older), needing)
    return draw.nudge(
        turn, reply, kind="agenda", subject="day", occasion=turn.today.isoformat(), topic=None
    )


def _tasks(session: Session, member: Member, now: datetime) -> Iterator[Task]:
    """A member's own, but for what went to who stands in for them; and what came to them so."""
    other = stand_in(session, member, now)
    for task in queries.tasks_of_member(session, member, LOOKED_AT):
        if may_be_told(member, task) and (other is member or not goes_along(other, task)):
            yield task
    for away in stood_in_for(session, member, now):
        for task in queries.tasks_of_member(session, away, LOOKED_AT):
            if goes_along(member, task):
                yield task


def _with_nudges(turn: Turn, agenda: Reply, needing: Sequence[tuple[Heap, str]]) -> Reply:
    """And what needs them, beyond what came as letters of its own."""
    if not needing:
        return agenda
    are_deals = [heap.first.subject.startswith("deal:") for heap, _ in needing]
    key = "morning_deals" if all(are_deals) else "morning_nudges"
    lines = tuple(told for _, told in needing[:NEEDING])
    parts: list[Part] = [Line(turn.say(key, n=len(needing))), Items(lines)]
    button = [turn.button("needing_button", "nudge.deals")] if any(are_deals) else []
    return replace(agenda, parts=(*agenda.parts, *parts), buttons=(*agenda.buttons, *button))


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
