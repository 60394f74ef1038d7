"""Reminders at their time: each once, quiet hours kept, many at once as one list.

What was due while nobody rang the clock is brought when it rings again. It goes by members, each
locked while they are told: what one member gets at once is in one process's hands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from handlers.cards import task_line
from handlers.digest import digest
from handlers.reply import Line
from handlers.tasks import reminder
from handlers.turn import Turn
from scheduler.drawing import Draw, may_be_told, private_address
from scheduler.letters import Address
from scheduler.one_by_one import LATER, Due, one_by_one
from storage.handover import stand_in
from storage.models import Chat, Goal, Member, Task
from storage.scope import everywhere

AT_ONCE = 10
"""Reminders of one member that come one by one; more come as one list."""

STALE = timedelta(days=7)
"""What is later than this comes on a list only, where its day stands beside it."""

BATCH = 10
"""Members told in one transaction: between two of them, messages are answered."""

LOOKED_AT = 200
"""Due tasks looked at to find them: more than one process's batch, so that two get on."""

MOST = 500
"""Tasks of one member told at once; what is beyond comes on a further list."""


DUE = Due(Task.remind_at, Task.status == "open")


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Remind of what is due; how many letters were written."""

    def put_off(member: Member) -> None:
        for task in session.scalars(_due_of(member, now)):
            task.remind_at = now + LATER

    return one_by_one(
        session,
        _members(session, now),
        lambda member: _remind(session, draw, member, now),
        put_off,
    )


def _members(session: Session, now: datetime) -> Sequence[Member]:
    """Whose tasks are due, but for those whom another process tells just now."""
    due = (
        select(Task.workspace_id, Task.owner_id)
        .where(*DUE.by(now))
        .order_by(Task.remind_at)
        .limit(LOOKED_AT)
    )
    with everywhere(session):
        owners = list(dict.fromkeys((space, owner) for space, owner in session.execute(due)))
        if not owners:
            return ()
        locked = (
            select(Member)
            .where(tuple_(Member.workspace_id, Member.id).in_(owners))
            .limit(BATCH)
            .with_for_update(skip_locked=True, key_share=True, of=Member)
        )
        return session.scalars(locked).all()


def _due_of(member: Member, now: datetime) -> Select[Task]:
    return (
        select(Task)
        .where(Task.workspace_id == member.workspace_id, Task.owner_id == member.id)
        .where(Task.remind_at <= now, Task.status == "open")
        .order_by(Task.remind_at, Task.id)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Task)
    )


def _remind(session: Session, draw: Draw, member: Member, now: datetime) -> int:
    """Tell of what is due to a member, or to who stands in for them; how many letters it took."""
    due = session.scalars(_due_of(member, now)).all()
    other = stand_in(session, member, now)
    handed = [task for task in due if other is not member and goes_along(other, task)]
    own = [task for task in due if task not in handed]
    return sum(
        _tell(draw, draw.turn(session, ear, now), member, list(_of_theirs(ear, tasks)))
        for ear, tasks in ((member, own), (other, handed))
        if tasks
    )


def goes_along(other: Member, task: Task) -> bool:
    """A task about a customer goes to who has the customer; one's own errands stay."""
    return bool(task.contact_id or task.company_id or task.deal_id) and may_be_told(other, task)


def _tell(draw: Draw, turn: Turn, owner: Member, tasks: Sequence[Task]) -> int:
    quiet = turn.member.quiet
    if quiet and quiet.hold(turn.local):
        for task in tasks:
            task.remind_at = quiet.over_at(turn.local)
        return 0
    telling = Telling(draw, turn, owner)
    fresh = [task for task in tasks if task.remind_at and turn.now - task.remind_at <= STALE]
    stale = [task for task in tasks if task not in fresh]
    if len(fresh) > AT_ONCE:
        return telling.together([*fresh, *stale])
    return telling.apart(fresh) + telling.together(stale)


def _of_theirs(member: Member, tasks: Sequence[Task]) -> Iterator[Task]:
    """Without those about somebody who is private to another by now: nobody is reminded of them."""
    for task in tasks:
        if may_be_told(member, task):
            yield task
        else:
            task.remind_at = None


@dataclass(frozen=True)
class Telling:
    """To whom tasks are told, and whose they are."""

    draw: Draw
    turn: Turn
    owner: Member

    def apart(self, tasks: Sequence[Task]) -> int:
        """Each in a letter of its own."""
        return one_by_one(self.turn.session, tasks, self._alone, self._put_off)

    def _alone(self, task: Task) -> bool:
        reply = reminder(self.turn, task)
        if self.owner is not self.turn.member:
            line = Line(self.turn.say("nudge_stands_in", name=self.owner.name), quiet=True)
            reply = replace(reply, parts=(*reply.parts, line))
        topic = f"task:{task.id}"
        raised = self.draw.nudge(
            self.turn,
            reply,
            kind="reminder",
            subject=topic,
            occasion=_occasion(task),
            topic=topic,
            owner=self.owner,
        )
        _told(task, self.turn.now, raised=raised)
        return raised

    def together(self, tasks: Sequence[Task]) -> int:
        """All in one letter."""
        turn = self.turn
        address = private_address(turn.session, turn.member) if tasks else None
        listed: list[tuple[int, str]] = []

        def tell(task: Task) -> bool:
            line = task_line(turn, task, of_today=True)
            raised = address is not None and self.draw.is_news(
                turn,
                kind="reminder",
                subject=f"task:{task.id}",
                occasion=_occasion(task),
                owner=self.owner,
            )
            _told(task, turn.now, raised=raised)
            turn.session.flush()  # what fails is not listed
            if raised:
                listed.append((task.id, line))
            return raised

        one_by_one(turn.session, tasks, tell, self._put_off)
        if address is None or not listed:
            return 0
        turn.chat = _chat(turn, address) or turn.chat
        self.draw.send(turn, digest(turn, listed), address)
        return 1

    def _put_off(self, task: Task) -> None:
        task.remind_at = self.turn.now + LATER


def _occasion(task: Task) -> str:
    return task.remind_at.isoformat() if task.remind_at else ""


def _told(task: Task, now: datetime, *, raised: bool) -> None:
    """Whom nothing reaches has not been asked: it waits for the agenda."""
    task.reminded(at=now)
    if not raised and task.remind_at is None:
        task.reminded_at = None


def _chat(turn: Turn, address: Address) -> Chat | None:
    """The member's private chat, where the numbers of a list are understood."""
    here = select(Chat).where(Chat.workspace_id == turn.workspace.id)
    here = here.where(Chat.platform == address.platform, Chat.team == address.team)
    return turn.session.scalars(here.where(Chat.key == address.chat).with_for_update()).first()


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
