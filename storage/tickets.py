"""Tickets: what customers are in trouble with, how soon it is to be settled, and what was done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from rules.tickets import PRIORITIES, USUAL, Promise, Within, times, warned_of
from rules.worktime import USUAL as USUAL_HOURS
from rules.worktime import WorkTime
from storage.base import Base, Recorded, belongs_to, waits
from storage.people import Company, Contact
from storage.team import Setting, Workspace
from storage.types import AT_ONCE
from storage.workdays import work_days

HOURS = "work_hours"
"""The setting that tells from when to when a team works: ``09:00-18:00``."""

OPEN = ("open", "waiting", "reopened")


class Ticket(Recorded, Base):
    """Trouble of a customer. ``number`` is what people call it by: #12.

    ``status``: open, waiting (for the customer: its clock stands still), resolved, reopened.
    ``began_at`` is when its present clock began, ``waited`` the seconds of working time for which
    that stood still before ``waiting_since``; ``worked`` those that it took, kept when it is
    resolved, over all times that it was open; ``answer_worked`` those until the first answer.
    ``answer_due_at`` and ``due_at`` are when it is to be answered and settled, ``warn_at`` when its
    owner is warned. ``was_late``: it was settled too late before it was reopened.
    ``due_told_at`` is when somebody told by hand by when it is to be settled: ``due_at`` is theirs
    then, and neither the priority nor what the team promises moves it.
    ``chat_id`` and ``message`` are where it arose, ``next_check_at`` when the clock looks next.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        UniqueConstraint("workspace_id", "number"),
        Index(None, "workspace_id", "status", "due_at"),
        Index(None, "workspace_id", "owner_id", "status"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "workspace_id", "resolved_at"),
        Index(None, "workspace_id", "chat_id"),
        waits("next_check_at"),
    )

    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    priority: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="open")
    owner_id: Mapped[int]
    opened_by: Mapped[int]
    created_at: Mapped[datetime]
    began_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer_worked: Mapped[int | None] = mapped_column(Integer)
    answer_due_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    due_told_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    waited: Mapped[int] = mapped_column(Integer, default=0)
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None]
    worked: Mapped[int] = mapped_column(Integer, default=0)
    reopened: Mapped[int] = mapped_column(Integer, default=0)
    was_late: Mapped[bool] = mapped_column(Boolean, default=False)
    chat_id: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(String(80))
    asked_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE, onupdate=AT_ONCE)
    more: Mapped[dict[str, Any] | None]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)

    @property
    def is_open(self) -> bool:
        return self.status != "resolved"

    @property
    def about(self) -> str:
        """Whose trouble it is, as spoken: the company, else the person."""
        if self.company:
            return self.company.name
        return self.contact.name if self.contact else ""

    @property
    def ids(self) -> dict[str, int]:
        found = {"contact": self.contact_id, "company": self.company_id}
        return {name: number for name, number in found.items() if number is not None}

    def stands_still_at(self, now: datetime) -> datetime:
        """Until when its clock has run."""
        return self.resolved_at or self.waiting_since or now

    def is_late(self, now: datetime) -> bool:
        return self.stands_still_at(now) > self.due_at

    def is_answered_late(self, now: datetime) -> bool:
        return (self.answered_at or self.stands_still_at(now)) > self.answer_due_at

    def plan(self, service: Service) -> None:
        """When it is to be answered and settled, by what the team promises now, or as it was told
        by hand."""
        waited = timedelta(seconds=self.waited)
        promise = service.promises[self.priority]
        found = times(self.began_at, waited, promise, service.work, self.created_at)
        self.answer_due_at = found.answer_due
        if self.due_told_at is None:
            self.warn_at, self.due_at = found.warned_at, found.due
            return
        self.answer_due_at = min(found.answer_due, self.due_at)
        self.warn_at = warned_of(self.due_told_at, self.due_at, service.work)

    def promise(self, until: datetime | None, at: datetime, service: Service) -> None:
        """It is to be settled ``until`` then, also if it waits meanwhile; None: as usual again."""
        self.due_told_at = at if until else None
        self.due_at = until or self.due_at
        self.plan(service)

    def answer(self, at: datetime, service: Service) -> None:
        """The customer has heard of us, for the first time or again."""
        if self.answered_at is None:
            self.answered_at = at
            self.answer_worked = _seconds(service.work.between(self.created_at, at))

    def wait(self, at: datetime, service: Service) -> None:
        """It is for the customer now to do something: the clock stands still."""
        self.answer(at, service)
        self.status, self.waiting_since = "waiting", at

    def go_on(self, at: datetime, service: Service) -> None:
        """The customer has done it: the clock runs again."""
        self._stop_waiting(at, service)
        self.status = "reopened" if self.reopened else "open"
        self.plan(service)

    def resolve(self, at: datetime, by: int, service: Service) -> None:
        self._stop_waiting(at, service)
        self.plan(service)
        self.answer(at, service)
        self.worked += _seconds(service.work.between(self.began_at, at)) - self.waited
        self.status, self.resolved_at, self.resolved_by = "resolved", at, by

    def reopen(self, at: datetime, service: Service) -> None:
        """It was not settled after all: it has its whole time once more. What was promised by hand
        holds yet if it lies ahead."""
        self.was_late = self.was_late or self.is_late(at)
        if self.due_at <= at:
            self.due_told_at = None
        self.status, self.resolved_at, self.resolved_by = "reopened", None, None
        self.reopened += 1
        self.began_at, self.waited, self.waiting_since = at, 0, None
        self.plan(service)

    def _stop_waiting(self, at: datetime, service: Service) -> None:
        if self.waiting_since:
            self.waited += _seconds(service.work.between(self.waiting_since, at))
            self.waiting_since = None


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())


class TicketComment(Recorded, Base):
    """What was done or said about a ticket."""

    __tablename__ = "ticket_comment"
    __table_args__ = (
        belongs_to("ticket", "ticket_id"),
        Index(None, "workspace_id", "ticket_id", "at"),
    )

    ticket_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int]


# --- what a team promises -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Service:
    """When a team works, and within how much work a ticket of each priority is settled."""

    work: WorkTime
    promises: Mapping[str, Promise]


def promise_setting(what: str, priority: str) -> str:
    """What the setting is called that tells a team's own time; ``what``: answer or solve."""
    return f"ticket_{what}_{priority}"


def service_of(session: Session, workspace_id: int) -> Service:
    """As the team has told it, and as usual where it has not."""
    space = session.get_one(Workspace, workspace_id)
    names = [promise_setting(what, each) for what in ("answer", "solve") for each in PRIORITIES]
    rows = session.execute(
        select(Setting.name, Setting.value).where(
            Setting.workspace_id == workspace_id, Setting.name.in_([HOURS, *names])
        )
    )
    told: dict[str, str] = {row.name: row.value for row in rows}
    promises = {
        each: Promise(
            _within(told.get(promise_setting("answer", each)), USUAL[each].answer),
            _within(told.get(promise_setting("solve", each)), USUAL[each].solve),
        )
        for each in PRIORITIES
    }
    hours = hours_in(told.get(HOURS, "")) or USUAL_HOURS
    work = WorkTime(work_days(session, workspace_id), hours, space.timezone)
    return Service(work, promises)


def _within(said: str | None, usual: Within) -> Within:
    return Within.parse(said) if said else usual


def hours_in(said: str) -> tuple[time, time] | None:
    """``09:00-18:00``; None for anything else."""
    opens, _, closes = said.partition("-")
    try:
        found = time.fromisoformat(opens), time.fromisoformat(closes)
    except ValueError:
        return None
    return found if found[0] != found[1] else None


def plan_all(session: Session, workspace_id: int) -> None:
    """What a team promises, or when it works, has changed: its open tickets follow."""
    service = service_of(session, workspace_id)
    for ticket in session.scalars(open_tickets(workspace_id)):
        ticket.plan(service)
    session.flush()


# --- looking for them -----------------------------------------------------------------------------


def open_tickets(workspace_id: int) -> Select[Ticket]:
    return select(Ticket).where(Ticket.workspace_id == workspace_id, Ticket.status.in_(OPEN))


def next_number(session: Session, workspace_id: int) -> int:
    """Numbers are given in order; that of one that was taken back is given again."""
    here = select(Ticket.number).where(Ticket.workspace_id == workspace_id)
    last = here.order_by(Ticket.number.desc()).limit(1)
    return int(session.scalars(last).first() or 0) + 1


def numbered(session: Session, workspace_id: int, number: int) -> Ticket | None:
    here = select(Ticket).where(Ticket.workspace_id == workspace_id, Ticket.number == number)
    return session.scalars(here).first()


def tickets_of(
    workspace_id: int, contacts: Collection[int], companies: Collection[int]
) -> ColumnElement[bool]:
    """Whether it is of any of these people, or of these companies and their people; each is looked
    up by its own index."""
    people = select(Contact.id).where(
        Contact.workspace_id == workspace_id, Contact.company_id.in_(companies)
    )
    there = Ticket.__table__.alias().c
    here = there.workspace_id == workspace_id
    some = [select(there.id).where(here, there.contact_id.in_(contacts))] if contacts else []
    if companies:
        some += [
            select(there.id).where(here, there.company_id.in_(companies)),
            select(there.id).where(here, there.contact_id.in_(people)),
        ]
    if not some:
        return Ticket.id.is_(None)
    return Ticket.id.in_(some[0].union_all(*some[1:]))


def comments_of(session: Session, ticket: Ticket) -> Sequence[TicketComment]:
    """In the order in which they came."""
    here = select(TicketComment).where(
        TicketComment.workspace_id == ticket.workspace_id, TicketComment.ticket_id == ticket.id
    )
    return session.scalars(here.order_by(TicketComment.at, TicketComment.id)).all()


def in_thread(session: Session, workspace_id: int, chat_id: int) -> Ticket | None:
    """The ticket that arose in a thread, of several the last one that is open."""
    here = select(Ticket).where(Ticket.workspace_id == workspace_id, Ticket.chat_id == chat_id)
    order = (Ticket.resolved_at.is_not(None), Ticket.id.desc())
    return session.scalars(here.order_by(*order).limit(1)).first()


def of_message(session: Session, workspace_id: int, chat_id: int, message: str) -> Ticket | None:
    """The ticket that a message of a chat led to."""
    here = select(Ticket).where(
        Ticket.workspace_id == workspace_id, Ticket.chat_id == chat_id, Ticket.message == message
    )
    return session.scalars(here.order_by(Ticket.id.desc()).limit(1)).first()


def look_at(session: Session, ticket: Ticket, at: datetime | None) -> None:
    """When the clock looks at a ticket next: no change of it that anybody made."""
    table: Any = Ticket.__table__
    this = update(table).where(table.c.workspace_id == ticket.workspace_id, table.c.id == ticket.id)
    session.execute(this.values(next_check_at=at))
