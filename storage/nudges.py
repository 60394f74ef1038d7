"""Nudges by member: which kinds they want, how many interrupted them today, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Boolean, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.attention import KINDS
from storage.base import Base, Recorded, belongs_to
from storage.talk import Nudge
from storage.team import Member

A_DAY = 5
"""Letters about deals that may interrupt a member on a day."""


class NudgeChoice(Recorded, Base):
    """Whether a member wants nudges of a kind; without one they do. ``by_itself``: they kept
    dismissing them, so Rabta stopped."""

    __tablename__ = "nudge_choice"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        UniqueConstraint("workspace_id", "member_id", "kind"),
    )

    member_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[bool] = mapped_column(Boolean)
    by_itself: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")


def unwanted(session: Session, member: Member) -> set[str]:
    """The kinds that a member has stopped."""
    stopped = select(NudgeChoice.kind).where(
        NudgeChoice.workspace_id == member.workspace_id,
        NudgeChoice.member_id == member.id,
        NudgeChoice.wanted.is_(False),
    )
    return set(session.scalars(stopped))


def choose(session: Session, member: Member, kind: str, *, wanted: bool) -> None:
    choice = session.scalars(
        select(NudgeChoice).where(
            NudgeChoice.workspace_id == member.workspace_id,
            NudgeChoice.member_id == member.id,
            NudgeChoice.kind == kind,
        )
    ).first()
    if choice is None:
        choice = NudgeChoice(workspace_id=member.workspace_id, member_id=member.id, kind=kind)
        session.add(choice)
    choice.wanted = wanted


def interrupted(session: Session, member: Member, day: date) -> int:
    """How many letters about deals a member got on a day."""
    sent = select(func.count()).where(
        Nudge.workspace_id == member.workspace_id,
        Nudge.member_id == member.id,
        Nudge.day == day,
        Nudge.kind.in_(KINDS),
        Nudge.state.in_(("sent", "later")),
    )
    return session.scalars(sent).one()


def waiting(session: Session, member: Member, since: date, states: Sequence[str]) -> list[Nudge]:
    """What was found about a member's deals since that day and stands so, the oldest first."""
    found = select(Nudge).where(
        Nudge.workspace_id == member.workspace_id,
        Nudge.member_id == member.id,
        Nudge.day >= since,
        Nudge.kind.in_(KINDS),
        Nudge.state.in_(states),
    )
    return list(session.scalars(found.order_by(Nudge.id)))
