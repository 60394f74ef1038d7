"""Tasks: what is to be done, when, and again; done, put off, listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select

from handlers.activities import write
from handlers.book import Chapter
from handlers.cards import task_line
from handlers.party import Party
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who
from language.folding import fold
from rules.calendar import RHYTHMS, Due, day_bounds, first_due
from storage import queries
from storage.models import Task

chapter = Chapter(__name__)

SHOWN = 12
"""Tasks in one answer; more are counted."""

PERIODS = ("today", "week", "overdue", "all")
"""What can be listed beside a single day."""

BUTTONS = 4
"""Tasks that get a [Done] of their own under a list."""


@chapter.command("task.add")
def add(
    turn: Turn,
    who: Party | None = None,
    text: str | None = None,
    due: Due | None = None,
    every: str | None = None,
) -> Reply:
    """Something to do, once or again and again."""
    if not who and (not text or fold(text) in turn.voice.words["remind_words"]["all"]):
        raise Ask("ask_text", "text", kind="text")
    if every and every not in RHYTHMS:
        raise Sorry("bad_due", value=every)
    task = Task(
        workspace_id=turn.workspace.id,
        text=text or turn.piece("follow_up"),
        contact_id=who.ids["contact"] if who else None,
        company_id=who.ids["company"] if who else None,
        zone=turn.member.zone,
        every=every,
        status="open",
        owner_id=turn.member.id,
        created_at=turn.now,
    )
    if every and due is None:
        due = first_due(every, turn.today)
    task.plan(due)
    turn.session.add(task)
    turn.session.flush()
    turn.focus(task=task.id, **(who.ids if who else {}))
    return Reply(
        (Title(turn.say("task_added", task=task.text)), *_card(turn, task)),
        (turn.undo(), *plan_buttons(turn, task)),
    )


def _card(turn: Turn, task: Task) -> list[Part]:
    turn.shows(task)
    when = turn.voice.due(task.due) if task.due else turn.say("no_date")
    every = turn.say("every_" + task.every.replace(":", "_")) if task.every else None
    parts: list[Part] = [_fields(turn, task, due=when, every=every)]
    quiet = turn.member.quiet
    if task.due_at and task.due_at <= turn.now:
        parts.append(Line(turn.say("past_already"), quiet=True))
    elif task.due_at and quiet and quiet.hold(task.due_at.astimezone(turn.local.tzinfo)):
        parts.append(Line(turn.say("in_quiet_hours", at=quiet.end), quiet=True))
    return parts


def _fields(turn: Turn, task: Task, **more: str | None) -> Fields:
    """Whom a task is about, where its words do not say so, and what else is to be told."""
    about = task.about if task.about and task.about not in task.text else None
    rows = {"about": about, **more}.items()
    return Fields(tuple((turn.say(f"field_{name}"), value) for name, value in rows if value))


def plan_buttons(turn: Turn, task: Task) -> tuple[Button, ...]:
    """A task without a date is offered one."""
    if task.due:
        return (turn.edit(),)
    return (
        turn.button("tomorrow_button", "task.snooze", task=task.id, by="tomorrow"),
        turn.button("next_week_button", "task.snooze", task=task.id, by="next_week"),
    )


@chapter.command("task.list")
def agenda(turn: Turn, on: Due | None = None, period: str | None = None) -> Reply:
    """What the member has to do: all, today (with what is late), a day, a week, what is late."""
    period = period or ("" if on else "all")
    if period and period not in PERIODS:
        raise Sorry("no_such_period")
    rows = due_tasks(turn, on, period)
    key = f"agenda_{period}" if period else "agenda_on"
    day = on.day if on else turn.today
    if not rows:
        return _nothing(turn, turn.say(f"{key}_empty", day=day))
    title = Title(turn.say(key, n=len(rows), day=day))
    more = [Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True)] if rows[SHOWN:] else []
    return Reply((title, _listed(turn, rows, period), *more), _dones(turn, rows, period))


def _listed(turn: Turn, rows: Sequence[Task], period: str) -> Items:
    """The tasks under numbers, by which they can be spoken of afterwards."""
    turn.lists(task.id for task in rows[:SHOWN])
    of_today = period == "today"
    lines = tuple(_dated(turn, task, of_today=of_today) for task in rows[:SHOWN])
    return Items(lines, numbered=True)


def _nothing(turn: Turn, line: str) -> Reply:
    """Nothing is to be done then: what comes next, if anything does."""
    left = due_tasks(turn, None, "all")
    if not left:
        return Reply((Line(line),), (turn.button("task_button", "task.add"),))
    coming = next((task for task in left if task.due and task.due.day >= turn.today), None)
    more = (Line(turn.say("next_up", task=task_line(turn, coming))),) if coming else ()
    return Reply((Line(line), *more), (turn.button("tasks_button", "task.list", period="all"),))


def _dated(turn: Turn, task: Task, *, of_today: bool = False) -> str:
    late = task.due and (
        task.due.day < turn.today or (task.due_at is not None and task.due_at < turn.now)
    )
    line = task_line(turn, task, of_today=of_today)
    return turn.say("late_task", task=line) if late else line


def _dones(turn: Turn, rows: Sequence[Task], period: str) -> tuple[Button, ...]:
    return tuple(
        turn.button(
            "done_n_button",
            "task.done",
            label_values={"n": number},
            task=task.id,
            then=period or "today",
        )
        for number, task in enumerate(rows[:BUTTONS], 1)
    )


def due_tasks(turn: Turn, on: Due | None, period: str) -> list[Task]:
    """The member's open tasks of a day or period, the most urgent first."""
    query = select(Task).where(
        Task.workspace_id == turn.workspace.id,
        Task.owner_id == turn.member.id,
        Task.status == "open",
    )
    today = turn.today
    if on:
        query = query.where((Task.due_day == on.day) | _reminded_on(turn, on.day, on.day))
    elif period == "overdue":
        query = query.where((Task.due_day < today) | (Task.due_at < turn.now))
    elif period == "week":
        sunday = today + timedelta(days=6 - today.weekday())
        query = query.where((Task.due_day <= sunday) | _reminded_on(turn, today, sunday))
    elif period != "all":
        query = query.where((Task.due_day <= today) | _reminded_on(turn, today, today))
    return list(turn.session.scalars(query.order_by(*queries.MOST_URGENT).limit(300)))


def _reminded_on(turn: Turn, first: date, last: date) -> ColumnElement[bool]:
    """Recurring ones whose present time was put off to these days; their ``due_day`` is later."""
    begin, end = day_bounds(first, last, turn.member.zone)
    return and_(Task.every.is_not(None), Task.remind_at >= begin, Task.remind_at < end)


@chapter.command("task.done")
def done(turn: Turn, task: Task, then: str | None = None) -> Reply:
    """Done. From a list, the list is shown again with what is left."""
    if task.status == "done":
        raise Sorry("task_done_already", task=task.text)
    task.done(at=turn.now)
    turn.session.flush()
    turn.focus(contact=task.contact_id, company=task.company_id)
    parts: list[Part] = [Title(turn.say("task_done", task=task.text))]
    coming = turn.voice.due(task.due) if task.every and task.due else None
    told = _fields(turn, task, next=coming)
    parts += [told] if told.rows else []
    if then is None:
        return Reply(tuple(parts), (turn.undo(), *_log_call(turn, task)))
    rows = due_tasks(turn, None, then)
    if not rows:
        return Reply(
            (*parts, Line(turn.say(f"agenda_{then}_empty", day=turn.today))), (turn.undo(),)
        )
    left = _listed(turn, rows, then)
    return Reply((*parts, left), (*_dones(turn, rows, then), turn.undo()))


def _log_call(turn: Turn, task: Task) -> tuple[Button, ...]:
    ids = {"contact": task.contact_id} if task.contact_id else {"company": task.company_id}
    if not any(ids.values()):
        return ()
    return (turn.button("log_call_button", "activity.log", kind="call", **ids),)


@chapter.command("task.snooze")
def snooze(turn: Turn, task: Task, due: Due | None = None, by: str | None = None) -> Reply:
    """Put it off, to a day or time, or ``by`` an hour, to tomorrow, to next week."""
    to = due.elsewhere(turn.member.zone, task.zone) if due else _later(turn, task, by)
    if to is None:
        raise Ask("ask_due", "due", kind="due")
    if task.status == "done":
        raise Sorry("task_done_already", task=task.text)
    title = Title(turn.say("snoozed" if task.due else "task_added", task=task.text))
    task.snooze(to)
    turn.focus(task=task.id, contact=task.contact_id, company=task.company_id)
    until = Due(to.day, to.at or task.due_time)
    return Reply((title, _fields(turn, task, due=turn.voice.due(until))), (turn.undo(),))


def _later(turn: Turn, task: Task, by: str | None) -> Due | None:
    local = turn.now.astimezone(ZoneInfo(task.zone)).replace(second=0, microsecond=0)
    match by:
        case "hour":
            return Due.of(local.astimezone(UTC) + timedelta(hours=1), task.zone)
        case "tomorrow":
            return Due(local.date() + timedelta(days=1), task.due_time)
        case "next_week":
            return Due(local.date() + timedelta(days=7 - local.weekday()), task.due_time)
        case _:
            return None


@chapter.command("task.called")
def called(turn: Turn, task: Task) -> Reply:
    """From a reminder: the call was made, so it is logged and the task is done."""
    if task.status == "done":
        raise Sorry("task_done_already", task=task.text)
    who = Who(task.contact, task.company)
    write(turn, who, "call", task.text)
    task.done(at=turn.now)
    turn.focus(**who.ids)
    return Reply(
        (Title(turn.say("called_and_done", name=who.name, task=task.text)),), (turn.undo(),)
    )


def reminder(turn: Turn, task: Task) -> Reply:
    """What the clock brings when a task is due."""
    buttons = [
        turn.button("done_button", "task.done", "primary", task=task.id),
        turn.button("snooze_hour_button", "task.snooze", task=task.id, by="hour"),
        turn.button("tomorrow_button", "task.snooze", task=task.id, by="tomorrow"),
        turn.button("next_week_button", "task.snooze", task=task.id, by="next_week"),
    ]
    if task.contact_id or task.company_id:
        buttons.insert(
            1, Button(turn.say("log_call_button"), Call("task.called", {"task": task.id}))
        )
    about = [(turn.say("field_about"), task.about)] if task.about else []
    phone = task.contact.phones[:1] if task.contact else []
    rows = (*about, *((turn.say("field_phone"), number) for number in phone))
    fields = (Fields(rows),) if rows else ()
    return Reply((Title(turn.say("reminder", task=task.text)), *fields), tuple(buttons))
