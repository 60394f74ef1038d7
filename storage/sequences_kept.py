"""Sequences, as they are kept: their steps, who is in them, and which stages start them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rules.sequences import Step, as_steps, kept, there
from storage.base import Base, Recorded, belongs_to, waits
from storage.people import Contact
from storage.types import AT_ONCE

STATES = ("running", "paused", "stopped")


class Sequence(Recorded, Base):
    """Steps that customers are led through, one after the other.

    ``steps`` are ``rules.sequences.Step``, of those that are gone, too; ``state`` one of
    ``STATES``: of a stopped one nobody is in, and none comes in. One that is not ``active`` was
    removed: its numbers stay.
    """

    __tablename__ = "sequence"
    __table_args__ = (Index(None, "workspace_id", "name_key"),)

    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    steps: Mapped[list[dict[str, Any]]]
    state: Mapped[str] = mapped_column(String(10), default="running")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    by_id: Mapped[int]
    created_at: Mapped[datetime]

    @property
    def source(self) -> str:
        """What the sources of its messages begin with."""
        return f"sequence:{self.id}:"

    @property
    def plan(self) -> tuple[Step, ...]:
        return as_steps(self.steps)

    @plan.setter
    def plan(self, steps: tuple[Step, ...]) -> None:
        self.steps = kept(steps)

    @property
    def channels(self) -> set[str]:
        """On which it may write."""
        return {way for step in there(self.plan) for way in step.ways}


class SequenceRun(Recorded, Base):
    """A customer's way through a sequence, once.

    ``state``: running, finished, or stopped for a ``reason`` of ``rules.sequences.ENDS``. ``how``
    they came in: hand, many, segment, or stage (then ``deal_id`` and its ``stage``). ``round``
    counts how often they have been in it. ``last_step`` is the key of the step reached last,
    ``since`` the moment from which the next one's wait counts; ``message_id`` the message of a
    step that is on its way: until it has gone, or is not to go, nothing else comes. ``done`` tells
    each step with its moment and what came of it. ``next_check_at`` is when the clock looks next:
    at once after any change of what the customer does (``storage.sequence_marks``).
    """

    __tablename__ = "sequence_run"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("sequence", "sequence_id", "CASCADE"),
        Index(None, "workspace_id", "contact_id", "state"),
        Index(None, "workspace_id", "sequence_id", "state", "reason"),
        waits("next_check_at"),
    )

    sequence_id: Mapped[int]
    contact_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="running")
    reason: Mapped[str | None] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int]
    deal_id: Mapped[int | None]
    stage: Mapped[str | None] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(Integer, default=1)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(Integer)
    since: Mapped[datetime]
    message_id: Mapped[int | None]
    done: Mapped[list[dict[str, Any]]]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)

    contact: Mapped[Contact] = relationship(viewonly=True)
    sequence: Mapped[Sequence] = relationship(viewonly=True)

    def pass_step(self, step: Step, what: str, at: datetime, why: str | None = None) -> None:
        """A step is behind them: a message that was ``sent``, a ``task`` given, or ``left_out``."""
        told = {"step": step.key, "what": what, "at": at.isoformat()}
        self.done = [*self.done, {**told, "why": why} if why else told]
        self.last_step, self.since, self.message_id = step.key, at, None

    def end(self, reason: str | None, at: datetime) -> None:
        """They are through, or stopped for a reason."""
        self.state, self.reason = ("stopped" if reason else "finished"), reason
        self.ended_at, self.next_check_at = at, None


class SequenceStart(Recorded, Base):
    """Whenever a deal comes into a stage, whoever it is with comes into the sequence; or whoever
    enters a segment. ``stage``: the key of the stage, or ``segment:`` and the segment's number."""

    __tablename__ = "sequence_start"
    __table_args__ = (
        belongs_to("sequence", "sequence_id", "CASCADE"),
        UniqueConstraint("workspace_id", "stage", "sequence_id"),
    )

    sequence_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int]
    created_at: Mapped[datetime]

    @property
    def segment_id(self) -> int | None:
        """The segment that starts it; None of a stage."""
        kind, _, number = self.stage.partition(":")
        return int(number) if kind == "segment" and number.isdecimal() else None


def of_segment(segment_id: int) -> str:
    """What a start by that segment is kept under."""
    return f"segment:{segment_id}"


class SequenceCall(Base):
    """A deal came into a stage that starts a sequence: written by a trigger, taken by the clock."""

    __tablename__ = "sequence_call"
    __table_args__ = (waits("due_at"),)

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    sequence_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    deal_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stage: Mapped[str] = mapped_column(String(40))
    moved_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)
