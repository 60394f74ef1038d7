"""Nudges by member: which kinds they want, how many interrupted them today, what waits, and what
came of those they got."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.nudging import A_DAY, COUNTED, KINDS, PERSONAL, TOO_MANY, Answer, learned
from storage.base import Base, Recorded, belongs_to
from storage.handover import stand_in, stood_in_for
from storage.talk import Nudge
from storage.team import Member

REMEMBERED = timedelta(days=120)
"""What came of nudges longer ago teaches nothing any more."""

TOLD = ("sent", "later")
"""States of a nudge that interrupted somebody."""


class NudgeChoice(Recorded, Base):
    """Whether a member wants nudges of a kind; without one they do. ``by_itself``: they kept
    dismissing them, so Rabta stopped. ``chosen_at``: answers given until then are settled with
    that choice."""

    __tablename__ = "nudge_choice"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        UniqueConstraint("workspace_id", "member_id", "kind"),
    )

    member_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[bool] = mapped_column(Boolean)
    by_itself: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    chosen_at: Mapped[datetime | None]


def choices(session: Session, member: Member) -> dict[str, NudgeChoice]:
    """What a member chose, by kind."""
    rows = session.scalars(
        select(NudgeChoice).where(
            NudgeChoice.workspace_id == member.workspace_id,
            NudgeChoice.member_id == member.id,
        )
    )
    return {row.kind: row for row in rows}


def unwanted(session: Session, member: Member) -> set[str]:
    """The kinds that a member has stopped."""
    return {kind for kind, row in choices(session, member).items() if not row.wanted}


def choose(
    session: Session, member: Member, kind: str, at: datetime, *, wanted: bool,
    by_itself: bool = False,
) -> None:  # fmt: skip
    choice = choices(session, member).get(kind)
    if choice is None:
        choice = NudgeChoice(workspace_id=member.workspace_id, member_id=member.id, kind=kind)
        session.add(choice)
    choice.wanted, choice.by_itself, choice.chosen_at = wanted, by_itself, at


def a_day(member: Member) -> int:
    """How many may interrupt a member on a day."""
    return A_DAY if member.nudges_a_day is None else member.nudges_a_day


# --- whose they are -------------------------------------------------------------------------------


def heard_by(session: Session, member: Member, now: datetime) -> ColumnElement[bool]:
    """What a member is to hear of: their own, where nobody stands in for them, and what is of the
    customers of those for whom they stand in."""
    others = [other.id for other in stood_in_for(session, member, now)]
    is_away = stand_in(session, member, now) is not member
    own = Nudge.member_id == member.id
    mine = and_(own, Nudge.kind.in_(PERSONAL)) if is_away else own
    return and_(Nudge.member_id.in_([member.id, *others]), or_(mine, _theirs(member)))


def _theirs(member: Member) -> ColumnElement[bool]:
    """What may be told to whoever stands in for another member."""
    return and_(Nudge.member_id != member.id, Nudge.kind.not_in(PERSONAL))


def _got_by(member: Member) -> ColumnElement[bool]:
    """What a member got, for whomever it was meant."""
    return or_(Nudge.to_id == member.id, and_(Nudge.member_id == member.id, Nudge.to_id.is_(None)))


def _of(member: Member) -> Select[Nudge]:
    return select(Nudge).where(Nudge.workspace_id == member.workspace_id, Nudge.kind.in_(KINDS))


def due(session: Session, member: Member, now: datetime, most: int) -> list[Nudge]:
    """What is to be brought to a member by now, held until the end of the transaction."""
    rows = (
        _of(member)
        .where(heard_by(session, member, now), Nudge.due_at <= now)
        .order_by(Nudge.worth.desc(), Nudge.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Nudge)
    )
    return list(session.scalars(rows))


def waiting(session: Session, member: Member, today: date, now: datetime) -> list[Nudge]:
    """What waits for a member's agenda, the oldest first; of one who is away, all that is theirs:
    what may not be told to whoever stands in stays with them."""
    others = [other.id for other in stood_in_for(session, member, now)]
    longest = max(kind.waits for kind in KINDS.values())
    rows = _of(member).where(
        Nudge.member_id.in_([member.id, *others]),
        or_(Nudge.member_id == member.id, _theirs(member)),
        Nudge.day >= today - timedelta(days=longest),
        Nudge.state == "waiting",
    )
    return list(session.scalars(rows.order_by(Nudge.id)))


def interrupted(session: Session, member: Member, day: date) -> int:
    """How many letters of the budget a member got on a day."""
    sent = (
        select(func.count())
        .where(Nudge.workspace_id == member.workspace_id, Nudge.kind.in_(COUNTED))
        .where(_got_by(member), Nudge.day == day, Nudge.state.in_(TOLD))
    )
    return session.scalars(sent).one()


# --- what came of them ----------------------------------------------------------------------------


def answers(session: Session, member: Member, today: date) -> dict[str, Counter[Answer | None]]:
    """What a member made of the nudges of each kind: the answers, and under None how many of the
    older ones got none."""
    heard = today - timedelta(days=3)
    counts = (
        select(Nudge.kind, Nudge.answer, func.count())
        .where(Nudge.workspace_id == member.workspace_id, Nudge.kind.in_(KINDS))
        .where(_got_by(member), Nudge.day >= today - REMEMBERED, Nudge.state.in_(TOLD))
        .where(or_(Nudge.answer.is_not(None), Nudge.day < heard))
        .group_by(Nudge.kind, Nudge.answer)
    )
    found: dict[str, Counter[Answer | None]] = defaultdict(Counter)
    for kind, answer, count in session.execute(counts):
        found[kind][cast("Answer | None", answer)] += count
    return found


def unanswered(session: Session, member: Member, since: date) -> Sequence[Nudge]:
    """Letters that a member got since a day, of which nobody said what came of them."""
    here = _of(member).where(
        _got_by(member), Nudge.day >= since, Nudge.state.in_(TOLD), Nudge.answer.is_(None)
    )
    return session.scalars(here).all()


def helps(session: Session, member: Member, today: date) -> dict[str, float]:
    """How likely telling of each kind helps a member."""
    known = answers(session, member, today)
    return {kind: learned(kind, known.get(kind, {})) for kind in KINDS}


def latest_answers(session: Session, member: Member, kind: str) -> list[Answer]:
    """Their last answers to nudges of a kind since they chose whether they want it, the newest
    first."""
    choice = choices(session, member).get(kind)
    rows = (
        select(Nudge.answer)
        .where(Nudge.workspace_id == member.workspace_id, Nudge.kind == kind)
        .where(_got_by(member), Nudge.answer.is_not(None))
        .order_by(Nudge.answered_at.desc(), Nudge.id.desc())
        .limit(TOO_MANY)
    )
    if choice is not None and choice.chosen_at is not None:
        rows = rows.where(Nudge.answered_at > choice.chosen_at)
    return [cast("Answer", answer) for answer in session.scalars(rows)]


def counts(session: Session, member: Member, since: date) -> dict[str, int]:
    """How many letters of each kind a member got since a day."""
    got = (
        select(Nudge.kind, func.count())
        .where(Nudge.workspace_id == member.workspace_id, Nudge.kind.in_(KINDS))
        .where(_got_by(member), Nudge.day >= since, Nudge.state.in_(TOLD))
        .group_by(Nudge.kind)
    )
    return {row[0]: row[1] for row in session.execute(got)}


def owners_due(
    session: Session, spaces: Select[int], now: datetime, most: int
) -> Sequence[tuple[int, int]]:
    """Of which members anything is due by now: workspace and member."""
    rows = (
        select(Nudge.workspace_id, Nudge.member_id)
        .where(Nudge.workspace_id.in_(spaces), Nudge.kind.in_(KINDS), Nudge.due_at <= now)
        .order_by(Nudge.due_at)
        .limit(most)
    )
    return list(dict.fromkeys((space, owner) for space, owner in session.execute(rows)))


def over(rows: Collection[Nudge]) -> None:
    """Nobody is told of these any more."""
    for row in rows:
        row.state, row.due_at = "over", None
