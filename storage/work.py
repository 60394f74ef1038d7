"""What is in hand: deals with their moves, and tasks."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Date, Index, String, Text, Time, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rules.calendar import Due, next_due
from rules.money import Money
from storage.amounts import Amounted
from storage.base import Base, Recorded, belongs_to, waits
from storage.people import Company, Contact
from storage.types import AT_ONCE

UNLABELLED = "reason_id IS NULL"
"""Of a deal that was closed for a reason of which the team has no label."""


class Deal(Amounted, Recorded, Base):
    """A sale in the making. ``status``: open, won or lost; a closed deal keeps its last stage.

    ``reason`` and ``source`` are as they were said, ``reason_id`` and ``source_id`` the labels by
    which they count. ``counted``: nobody said its amount; it is what its lines come to.
    ``more`` is what came with it from elsewhere and has no column here, by the name it had there;
    so it is on all that can come in. ``next_check_at`` is when the clock looks next whether it
    needs its seller: at once after whatever wrote it, and not at all once it is closed.
    """

    __tablename__ = "deal"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "status", "stage"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "closed_at"),
        Index(None, "workspace_id", "created_at"),
        Index(
            None,
            "workspace_id",
            "reason",
            sqlite_where=text(UNLABELLED),
            postgresql_where=text(UNLABELLED),
        ),
        waits("next_check_at"),
    )

    title: Mapped[str | None] = mapped_column(String(300))
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    quantity: Mapped[str | None] = mapped_column(String(40))
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    stage: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str | None] = mapped_column(Text)
    reason_id: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[int | None]
    counted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    close_day: Mapped[date | None] = mapped_column(Date)
    owner_id: Mapped[int]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE, onupdate=AT_ONCE)
    more: Mapped[dict[str, Any] | None]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)
    moves: Mapped[list[DealMove]] = relationship(
        back_populates="deal", order_by="DealMove.id", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def buyer(self) -> str:
        """Whom it is with, as spoken: the company, else the person, else its title."""
        if self.company:
            return self.company.name
        return self.contact.name if self.contact else (self.title or "")

    def move(self, stage: str, *, by: int, at: datetime) -> None:
        self.stage = stage
        self._note("open", by, at)

    def stood_in(self, stage: str, *, by: int, at: datetime) -> None:
        """It is closed, and was in another stage than was told when it ended."""
        self.stage = stage
        self._note(self.status, by, at)

    def win(self, amount: Money | None, *, by: int, at: datetime) -> None:
        """It leaves the pipeline as revenue."""
        self.amount = amount
        self._close("won", by, at)

    def lose(self, reason: str | None, *, by: int, at: datetime) -> None:
        self.reason = reason
        self._close("lost", by, at)

    def reopen(self) -> None:
        """It was closed by mistake, or by somebody else too early."""
        self.status, self.closed_at = "open", None
        self.reason = self.reason_id = None

    def _close(self, status: str, by: int, at: datetime) -> None:
        self.status = status
        self.closed_at = at
        self._note(status, by, at)

    def _note(self, status: str, by: int, at: datetime) -> None:
        self.moves.append(
            DealMove(
                workspace_id=self.workspace_id, stage=self.stage, status=status, at=at, by_id=by
            )
        )


class DealMove(Recorded, Base):
    """When a deal came into a stage or was closed, and by whom. Where it came from says the move
    before it. ``assumed``: nobody told when; it came in with a file that tells where it stands."""

    __tablename__ = "deal_move"
    __table_args__ = (
        belongs_to("deal", "deal_id"),
        Index(None, "workspace_id", "deal_id", "at"),
    )

    deal_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    by_id: Mapped[int]
    assumed: Mapped[bool] = mapped_column(Boolean, default=False)
    deal: Mapped[Deal] = relationship(back_populates="moves")


REMINDS = text("status = 'open' AND remind_at IS NOT NULL")
"""Of tasks: what the clock looks for. One member's are looked up by another index: who asks for
those says nothing of the status, so that PostgreSQL, which goes by what it measured last, cannot
take this one."""


class Task(Recorded, Base):
    """Something to do. ``due_at`` is the instant at which the clock reminds; null: only a day.

    ``zone`` is the one in which day and time were meant; ``first_day`` is what a recurrence
    counts from, so that the 31st comes back after February. ``remind_at`` is when the clock looks
    next, ``reminded_at`` when it last reminded without an answer yet, ``carried_day`` the day on
    whose agenda the unanswered task came once more. ``deal_id``: it is a step of that deal.
    """

    __tablename__ = "task"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "remind_at", postgresql_where=REMINDS),
        waits("owner_id", "remind_at"),
        Index(None, "workspace_id", "owner_id", "status", "due_day"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "deal_id"),
    )

    text: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    deal_id: Mapped[int | None]
    due_day: Mapped[date | None] = mapped_column(Date)
    due_time: Mapped[time | None] = mapped_column(Time)
    zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    carried_day: Mapped[date | None] = mapped_column(Date)
    every: Mapped[str | None] = mapped_column(String(20))
    first_day: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(10), default="open")
    owner_id: Mapped[int]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    more: Mapped[dict[str, Any] | None]

    contact: Mapped[Contact | None] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(viewonly=True)

    @property
    def due(self) -> Due | None:
        if self.is_put_off and self.remind_at:
            return Due.of(self.remind_at, self.zone)
        return Due(self.due_day, self.due_time) if self.due_day else None

    @property
    def is_put_off(self) -> bool:
        """A recurring one whose present time was put off, while ``due_day`` is the next already."""
        if not self.every or self.remind_at is None:
            return False
        return self.due_at is None or self.remind_at < self.due_at

    @property
    def is_asked(self) -> bool:
        """It was brought, and nobody has answered yet."""
        return self.status == "open" and self.reminded_at is not None

    @property
    def about(self) -> str:
        """Whom it is about, as spoken."""
        if self.contact:
            return self.contact.name
        return self.company.name if self.company else ""

    def plan(self, due: Due | None) -> None:
        """Plan it anew; what recurs is counted from there."""
        self.first_day = due.day if due and self.every else None
        self.reminded_at = self.carried_day = None
        self.set_due(due)

    def set_due(self, due: Due | None) -> None:
        """The clock will remind at the instant, if a time was given."""
        self.due_day = due.day if due else None
        self.due_time = due.at if due else None
        self.due_at = self.remind_at = due.instant(self.zone) if due else None

    def snooze(self, due: Due) -> None:
        """Put it off, in its own zone. Of a recurring one only this once is put off."""
        due = Due(due.day, due.at or self.due_time)
        if self.every and self.due_day and due.at:
            until = datetime.combine(due.day, due.at)
            is_asked = self.reminded_at or self.is_put_off
            self.move_on(until if is_asked else max(until, self._planned))
            self.remind_at = due.instant(self.zone)
        else:
            self.set_due(due)
        self.reminded_at = self.carried_day = None

    def done(self, *, at: datetime) -> None:
        """Done. A recurring one goes on to its next time, unless its reminder already did that."""
        if not self.every or self.due_day is None:
            self.status = "done"
            self.done_at = at
            self.remind_at = None
        elif self.is_put_off:
            self.remind_at = self.due_at
        elif self.reminded_at is None:
            self._move_past(at, max(self._local(at), self._planned))
        self.reminded_at = self.carried_day = None

    def reminded(self, *, at: datetime) -> None:
        """Its reminder went out: once for this time; a recurring one is planned anew."""
        self.remind_at = None
        self.reminded_at = at
        self._move_past(at, self._local(at))

    def move_on(self, after: datetime) -> None:
        """A recurring task goes to its first time after ``after`` (naive local)."""
        if self.every and self.due_day:
            start = Due(self.first_day or self.due_day, self.due_time)
            self.set_due(next_due(start, self.every, after))

    def _move_past(self, moment: datetime, after: datetime) -> None:
        """The same, and past a moment too: in the second of two equal hours what is later by the
        clock on the wall may have been already, in the first."""
        self.move_on(after)
        while self.every and self.due_at and self.due_at <= moment:
            self.move_on(self._planned)

    @property
    def _planned(self) -> datetime:
        return datetime.combine(self.due_day or date.min, self.due_time or time.min)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
