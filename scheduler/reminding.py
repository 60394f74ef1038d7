"""What a reminder says, found when it is sent: how its tasks stand then, and for whom they are.

Raising it is moving rows (``scheduler.reminders``), however many are due at once; they are worded
at the pace at which they can go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.cards import task_line
from handlers.digest import SHOWN, digest
from handlers.reply import Line, Reply
from handlers.tasks import reminder
from handlers.turn import Turn
from rules.calendar import Due
from scheduler.drawing import Draw, may_be_told
from scheduler.letters import Address, Busy
from scheduler.one_by_one import LATER, one_by_one
from storage.models import Chat, Member, Task


class About(NamedTuple):
    """A task, and the day and time for which it is told: one that recurs has gone on since."""

    task: int
    day: str | None
    at: str | None

    @classmethod
    def of(cls, task: Task) -> About:
        due = task.due
        return cls.told(task.id, due.day if due else None, due.at if due else None)

    @classmethod
    def told(cls, task: int, day: date | None, at: time | None) -> About:
        return cls(task, day.isoformat() if day else None, at.isoformat() if day and at else None)

    @property
    def due(self) -> Due | None:
        at = time.fromisoformat(self.at) if self.at else None
        return Due(date.fromisoformat(self.day), at) if self.day else None


@dataclass(frozen=True)
class Reminder:
    """A letter that has no words yet: ``to`` whom, ``of`` whose tasks; ``listed``: as a list, which
    a few can be too."""

    to: int
    of: int
    tasks: tuple[About, ...]
    listed: bool

    def packed(self) -> dict[str, Any]:
        return {"reminds": [self.to, self.of, self.listed, [list(each) for each in self.tasks]]}

    @classmethod
    def unpacked(cls, words: dict[str, Any]) -> Reminder:
        to, of, listed, tasks = words["reminds"]
        return cls(to, of, tuple(About(*each) for each in tasks), listed)


def worded(
    draw: Draw,
    session: Session,
    workspace_id: int,
    packed: dict[str, Any],
    address: Address,
    now: datetime,
) -> Reply | None:
    """What it says, with tokens in its buttons; None where nothing is left to tell. Raises Busy."""
    told = Reminder.unpacked(packed)
    member = session.get_one(Member, (workspace_id, told.to))
    turn = draw.turn(session, member, now)
    tasks = _left(turn, told)
    looked_at = tasks[:SHOWN] if told.listed else tasks
    dues = {each.task: each.due for each in told.tasks}
    lines: list[tuple[int, str]] = []
    alone: list[Reply] = []

    def word(task: Task) -> bool:
        if told.listed:
            lines.append((task.id, task_line(turn, task, dues[task.id], of_today=True)))
        else:
            alone.append(_alone(turn, task, told))
        return True

    def put_off(task: Task) -> None:
        task.remind_at = now + LATER

    said = one_by_one(session, looked_at, word, put_off)
    if not said:
        return None
    if told.listed:
        turn.chat = _chat(turn, address) or turn.chat
        reply = digest(turn, lines, len(tasks) - len(looked_at) + said)
    else:
        reply = alone[0]
    reply = replace(reply, rtl=turn.voice.rtl)
    return draw.with_tokens(session, reply, member, None, now)


def _left(turn: Turn, told: Reminder) -> list[Task]:
    """What still waits for an answer, and may still be told."""
    numbers = [each.task for each in told.tasks]
    space = turn.workspace.id
    here = select(Task).where(Task.workspace_id == space, Task.id.in_(numbers))
    rows = turn.session.scalars(here)
    found = {row.id: row for row in rows if row.is_asked and may_be_told(turn.member, row)}
    return [found[number] for number in numbers if number in found]


def _alone(turn: Turn, task: Task, told: Reminder) -> Reply:
    reply = reminder(turn, task)
    if told.of == told.to:
        return reply
    owner = turn.session.get_one(Member, (turn.workspace.id, told.of))
    line = Line(turn.say("nudge_stands_in", name=owner.name), quiet=True)
    return replace(reply, parts=(*reply.parts, line))


def _chat(turn: Turn, address: Address) -> Chat | None:
    """The member's private chat, where the numbers of a list are understood."""
    here = select(Chat).where(Chat.workspace_id == turn.workspace.id)
    here = here.where(Chat.platform == address.platform, Chat.team == address.team)
    here = here.where(Chat.key == address.chat)
    free = turn.session.scalars(here.with_for_update(skip_locked=True)).first()
    if free is None and turn.session.scalars(here).first() is not None:
        raise Busy
    return free


def is_of_customer(task: Any) -> bool:
    """Of whose tasks who stands in hears; one's own errands stay."""
    return bool(task.contact_id or task.company_id or task.deal_id)


def goes_along(other: Member, task: Task) -> bool:
    """A task about a customer goes to who has the customer; one's own errands stay."""
    return is_of_customer(task) and may_be_told(other, task)
