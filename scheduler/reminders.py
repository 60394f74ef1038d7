"""Reminders at their time: each once, quiet hours kept, many at once as one list.

What was due while nobody rang the clock is brought when it rings again. It goes by members, each
locked while they are told: what one member gets at once is in one process's hands. Of many members
all is read and written together, by a handful of statements for some hundreds of tasks. What a
letter says is found when it is sent (``scheduler.reminding``).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, joinedload

from rules.access import Thing
from scheduler.drawing import Draw, may_hear, private_addresses
from scheduler.letters import Address
from scheduler.one_by_one import LATER, Due
from scheduler.outbox import row_of, usual_of
from scheduler.reminding import About, Reminder, is_of_customer
from storage.asking import these
from storage.base import Base
from storage.handover import stand_ins
from storage.models import Goal, Member, Nudge, Outbox, Task
from storage.scope import everywhere
from storage.types import new_id
from storage.writing import change_all, insert_new, write_values

AT_ONCE = 10
"""Reminders of one member that come one by one; more come as one list."""

STALE = timedelta(days=7)
"""What is later than this comes on a list only, where its day stands beside it."""

MOST = 500
"""Tasks told in one transaction: between two of them, messages are answered. Of one member what is
beyond comes on a further list."""

FEW, SHARE = 10, 4
"""Members told in one transaction: those few, or the fourth part of all that are found, so that
several processes get on beside each other."""

LOOKED_AT = MOST * SHARE
"""Due tasks looked at to find them."""

ONCE = ("workspace_id", "member_id", "kind", "subject", "occasion")
"""What there is one nudge of."""

log = logging.getLogger("rabta.clock")

Key = tuple[int, int]
"""The workspace and number of a member."""


DUE = Due(Task.remind_at, Task.status == "open")


def tick(session: Session, _draw: Draw, now: datetime) -> int:
    """Remind of what is due; how many letters were written, or 1 for more to do."""
    with everywhere(session):
        members = _members(session, now)
        if not members:
            return 0
        rows = _due_of(session, members, now)
        telling = Telling(session, members, now, len(rows))
        for key, tasks in groupby(rows, lambda task: (task.workspace_id, task.owner_id)):
            telling.tell(members[key], list(tasks))
        return telling.written() or int(bool(rows))


def _members(session: Session, now: datetime) -> dict[Key, Member]:
    """Whose tasks are due, but for those whom another process tells just now."""
    due = (
        select(Task.workspace_id, Task.owner_id, Task.remind_at)
        .where(*DUE.by(now))
        .order_by(Task.remind_at)
        .limit(LOOKED_AT)
        .subquery()
    )
    each = (due.c.workspace_id, due.c.owner_id)
    first = func.min(due.c.remind_at)
    owners = session.execute(select(*each).group_by(*each).order_by(first)).all()
    if not owners:
        return {}
    told, are_they = these(session, "told", owners, Member.workspace_id, Member.id)
    locked = (
        select(Member)
        .options(joinedload(Member.workspace))
        .join(told, are_they)
        .limit(max(FEW, -(-len(owners) // SHARE)))
        .with_for_update(skip_locked=True, key_share=True, of=Member)
    )
    return {(each.workspace_id, each.id): each for each in session.scalars(locked)}


def _due_of(session: Session, members: Mapping[Key, Member], now: datetime) -> Sequence[Any]:
    """All that is due of these members, by member, with what of its contact matters for who may
    hear of it. Where that is too much at once, all of those whose tasks it is are there whole."""
    told, theirs = these(session, "told", members, _task.c.workspace_id, _task.c.owner_id)
    due = and_(_task.c.remind_at <= now, _task.c.status == "open")
    if session.get_bind().dialect.name == "postgresql":
        tasks, source = _looked_up(told, and_(theirs, _task.c.remind_at <= now))
    else:
        tasks = source = select(*_READ).join(told, theirs).where(due).subquery("tasks")
    here = (_contact.c.workspace_id == tasks.c.workspace_id, _contact.c.id == tasks.c.contact_id)
    rows = session.execute(
        select(*tasks.c, _contact.c.private, _contact.c.owner_id.label("holder"))
        .select_from(source)
        .outerjoin(_contact, and_(*here))
        .order_by(tasks.c.workspace_id, tasks.c.owner_id, tasks.c.remind_at, tasks.c.id)
        .limit(MOST)
    ).all()
    owners = [(row.workspace_id, row.owner_id) for row in rows]
    cut = owners[-1] if len(rows) == MOST and owners[0] != owners[-1] else None
    return [
        row for row, owner in zip(rows, owners, strict=True) if owner != cut and _waits(row, now)
    ]


def _waits(task: Any, now: datetime) -> bool:
    """Whether it is due yet, now that nobody else can change it."""
    return task.status == "open" and task.remind_at is not None and task.remind_at <= now


def _looked_up(told: Any, theirs: ColumnElement[bool]) -> tuple[Any, Any]:
    """The tasks that PostgreSQL locks, and what to select them from: member by member and task by
    task, whatever it believes of tables that it has not measured yet."""
    each = select(_task.c.id, _task.c.remind_at).where(theirs).order_by(_task.c.remind_at)
    found = each.limit(MOST).correlate(told).lateral("found")
    chosen = (
        select(told.c.workspace_id, found.c.id)
        .select_from(told.join(found, true()))
        .order_by(told.c.workspace_id, told.c.owner_id, found.c.remind_at, found.c.id)
        .limit(MOST)
        .subquery("chosen")
    )
    this = (_task.c.workspace_id == chosen.c.workspace_id, _task.c.id == chosen.c.id)
    locked = select(*_READ).where(*this).with_for_update(skip_locked=True, of=_task)
    tasks = locked.correlate(chosen).lateral("tasks")
    return tasks, chosen.join(tasks, true())


_task, _contact = Base.metadata.tables["task"], Base.metadata.tables["contact"]

_PLAN = (
    "id", "zone", "due_day", "due_time", "due_at", "remind_at", "reminded_at", "every", "first_day",
)  # fmt: skip
"""What of a task says when it is due."""

_READ = [
    _task.c[name]
    for name in (
        *_PLAN, "workspace_id", "owner_id", "version", "status", "contact_id", "company_id",
        "deal_id",
    )
]  # fmt: skip


class Stands(NamedTuple):
    """How a task stands from now on."""

    remind_at: datetime | None
    reminded_at: datetime | None
    due_day: date | None
    due_time: time | None
    due_at: datetime | None

    @classmethod
    def of(cls, plan: Any) -> Stands:
        return cls(*(getattr(plan, name) for name in cls._fields))


@dataclass(slots=True)
class Reminded:
    """A task as it was found, how it stands once it was told, what there is to tell of it, and the
    number of the nudge that it was."""

    row: Any
    stands: Stands
    about: About
    nudge: int

    @property
    def subject(self) -> str:
        return f"task:{self.row.id}"


@dataclass(frozen=True)
class Letter:
    """Of these tasks of ``owner`` the ``ear`` is told."""

    ear: Member
    owner: Member
    tasks: Sequence[Reminded]
    listed: bool


class Telling:
    """What comes of tasks that are due: how they stand then, and what is told of them to whom."""

    def __init__(
        self, session: Session, members: Mapping[Key, Member], now: datetime, count: int
    ) -> None:
        self.session, self.now = session, now
        self._numbers = iter(new_id.several(2 * count))  # of a nudge and a letter for each task
        self._days: dict[str, str] = {}
        self._away = stand_ins(session, members.values(), now)
        ears = (*members.values(), *self._away.values())
        self._addresses = private_addresses(session, ears)
        self._changes: list[dict[str, Any]] = []
        self._letters: list[Letter] = []

    def tell(self, owner: Member, tasks: Sequence[Any]) -> None:
        """What is due of a member goes to them, or to who stands in for them. Where that cannot be
        it is put off, and holds up nobody else's."""
        changes, letters = len(self._changes), len(self._letters)
        other = self._away.get((owner.workspace_id, owner.id), owner)
        try:
            handed = [task for task in tasks if other is not owner and _goes_along(other, task)]
            self._tell(owner, owner, [task for task in tasks if task not in handed])
            self._tell(owner, other, handed)
        except Exception:
            log.exception("member %s cannot be told", owner.id)
            del self._changes[changes:], self._letters[letters:]
            for task in tasks:
                self._look_again(task, self.now + LATER)

    def _tell(self, owner: Member, ear: Member, tasks: Sequence[Any]) -> None:
        local = self.now.astimezone(ZoneInfo(ear.zone))
        quiet = ear.quiet
        theirs = []
        for task in tasks:
            if not may_hear(ear, _thing(task)):  # private to another by now
                self._look_again(task, None)
            elif quiet and quiet.hold(local):
                self._look_again(task, quiet.over_at(local))
            else:
                theirs.append(task)
        fresh = [task for task in theirs if self.now - task.remind_at <= STALE]
        stale = [task for task in theirs if self.now - task.remind_at > STALE]
        if len(fresh) > AT_ONCE:
            fresh, stale = [], fresh + stale
        for task in fresh:
            self._write(owner, ear, [task], listed=False)
        self._write(owner, ear, stale, listed=True)

    def _write(self, owner: Member, ear: Member, tasks: Sequence[Any], *, listed: bool) -> None:
        told = [due for task in tasks if (due := self._moved_on(task))]
        if told:
            self._letters.append(Letter(ear, owner, told, listed))

    def _moved_on(self, row: Any) -> Reminded | None:
        """It has its reminder, and goes on to its next time if it recurs."""
        try:
            ZoneInfo(row.zone)  # where there is none such, it cannot be told either
            if row.every:
                plan = _plan(row)
                about = About.of(plan)
                plan.reminded(at=self.now)
                stands = Stands.of(plan)
            else:
                about = About.told(row.id, row.due_day, row.due_time)
                stands = Stands(None, self.now, row.due_day, row.due_time, row.due_at)
        except Exception:
            log.exception("task %s cannot be told", row.id)
            self._look_again(row, self.now + LATER)
            return None
        return Reminded(row, stands, about, next(self._numbers))

    def _look_again(self, row: Any, at: datetime | None) -> None:
        self._change(row, Stands.of(row)._replace(remind_at=at))

    def written(self) -> int:
        """Write it all, but for what was told before; how many letters there are."""
        reached = [each for each in self._letters if self._address(each.ear)]
        nudges = [self._nudge(each, due) for each in reached for due in each.tasks]
        news = insert_new(
            self.session, Nudge, ONCE, nudges,
            kind="reminder", state="sent", worth=0, raised_at=self.now,
        )  # fmt: skip
        rows = []
        for letter in self._letters:
            told = [due for due in letter.tasks if due.nudge in news]
            for due in letter.tasks:
                stands = due.stands
                if due.nudge not in news and stands.remind_at is None:
                    stands = stands._replace(reminded_at=None)  # not asked: it waits for the agenda
                self._change(due.row, stands)
            if told:
                rows.append(self._row(letter, told))
        change_all(self.session, _task, self._changes)
        write_values(self.session, Outbox, rows, **usual_of("nudge", self.now))
        return len(rows)

    def _change(self, row: Any, stands: Stands) -> None:
        key = {"workspace_id": row.workspace_id, "id": row.id, "version": row.version + 1}
        self._changes.append(key | stands._asdict())

    def _address(self, ear: Member) -> Address | None:
        return self._addresses.get((ear.workspace_id, ear.id))

    def _nudge(self, letter: Letter, due: Reminded) -> dict[str, Any]:
        return {
            "workspace_id": due.row.workspace_id, "id": due.nudge, "member_id": letter.owner.id,
            "to_id": None if letter.ear is letter.owner else letter.ear.id,
            "subject": due.subject, "occasion": due.row.remind_at.isoformat(),
            "day": self._day(letter.ear),
        }  # fmt: skip

    def _day(self, ear: Member) -> str:
        zone = ear.zone
        if zone not in self._days:
            self._days[zone] = self.now.astimezone(ZoneInfo(zone)).date().isoformat()
        return self._days[zone]

    def _row(self, letter: Letter, told: Sequence[Reminded]) -> dict[str, Any]:
        ear, about = letter.ear, tuple(due.about for due in told)
        reminder = Reminder(ear.id, letter.owner.id, about, letter.listed)
        return row_of(
            self._addresses[ear.workspace_id, ear.id], reminder.packed(),
            number=next(self._numbers), workspace_id=ear.workspace_id, language=ear.tongue,
            topic=None if letter.listed else told[0].subject,
        )  # fmt: skip


def _goes_along(other: Member, task: Any) -> bool:
    return is_of_customer(task) and may_hear(other, _thing(task))


def _thing(task: Any) -> Thing:
    """As private as its contact."""
    return Thing(task.workspace_id, task.holder if task.private else None, bool(task.private))


def _plan(row: Any) -> Task:
    """What the task says of its times, as one that no session knows."""
    return Task(**{name: getattr(row, name) for name in _PLAN})


def next_moment(session: Session, after: datetime) -> datetime | None:
    """When the next reminder, agenda or look at a goal is due after a moment: for those who skip
    the clock."""
    with everywhere(session):
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
        goal = session.scalars(
            select(Goal.check_at).where(Goal.check_at > after).order_by(Goal.check_at).limit(1)
        ).first()
    moments = [moment for moment in (remind, morning, goal) if moment]
    return min(moments) if moments else None
