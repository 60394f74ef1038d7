"""How well each lead fits, kept: one row a person, the rules that a team gave points to, and what
was learned from its own deals.

Triggers (``storage.score_marks``) make the row of every new person and mark it whenever something
of what is scored changes; the clock looks at what is marked, at each row again when time alone
changes its score, and at all of them, some at a time, when the rules have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Executable,
    Float,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    bindparam,
    false,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.util import identity_key

from storage.asking import answered, asked, listed, made_once, one_of
from storage.base import Base, Recorded, told, waits
from storage.types import AT_ONCE, Json

BASE = "base"
"""The kind of the one rule that says what everybody begins with."""

SCORED = ("owner_id", "score", "reasons", "probability", "model", "scored_at", "next_check_at")
"""What is reckoned of a person."""

SWEPT = 500
"""People marked in one transaction when the rules have changed."""


class LeadScore(Base):
    """A person. ``score`` is 0 to 100, None of whoever is no lead, or was not looked at yet.

    ``reasons`` are the points that make it up, as ``rules.scoring.Reason`` has them, the heaviest
    first; ``probability`` that a deal with them is won, where that was learned, by the model of
    that number. ``next_check_at`` is when the clock looks next: at once after any change.
    """

    __tablename__ = "lead_score"
    __table_args__ = (
        waits("next_check_at"),
        told("score", "contact_id", where="score"),
        told("owner_id", "score", where="score"),
    )

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner_id: Mapped[int | None]
    score: Mapped[int | None] = mapped_column(SmallInteger)
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    probability: Mapped[float | None] = mapped_column(Float)
    model: Mapped[int | None] = mapped_column(Integer)
    scored_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)


class LeadModel(Base):
    """How a workspace's scores are kept up, and what was learned of its own deals last.

    ``sweep_from``: all scores are being reckoned anew, and those up to this person are; None: none
    are. ``learned`` are the weights and how they did on deals they had not seen; ``used``: they
    did better than the base rate. ``won`` and ``lost``: how many deals it was learned from;
    ``number`` counts the models, ``changes`` the deals that were decided since. ``fit_at`` is the
    night in which it is learned next.
    """

    __tablename__ = "lead_model"
    __table_args__ = (waits("sweep_from"), waits("fit_at"))

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    sweep_from: Mapped[int | None]
    fit_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)
    fitted_at: Mapped[datetime | None]
    won: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    lost: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    used: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    changes: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    learned: Mapped[dict[str, Any] | None]


class ScoreRule(Recorded, Base):
    """So many points where something holds (``rules.scoring.Rule``); of 0 points it switches off a
    rule that holds for everybody else. ``field_id``: of which custom field, of the kind ``own``,
    else 0. ``key`` tells it from others of its kind."""

    __tablename__ = "score_rule"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "field_id", "key"),)

    kind: Mapped[str] = mapped_column(String(10))
    field_id: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    key: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(String(100))
    points: Mapped[int] = mapped_column(SmallInteger)
    by_id: Mapped[int]
    created_at: Mapped[datetime]


def rules_of(session: Session, workspace_id: int) -> list[ScoreRule]:
    """A team's own, in order of their making."""
    here = select(ScoreRule).where(ScoreRule.workspace_id == workspace_id)
    return list(session.scalars(here.order_by(ScoreRule.created_at, ScoreRule.id)))


def score_of(session: Session, workspace_id: int, contact_id: int) -> LeadScore | None:
    """Of a person, as it was reckoned last."""
    here = select(LeadScore).where(
        LeadScore.workspace_id == workspace_id, LeadScore.contact_id == contact_id
    )
    return session.scalars(here).first()


def to_be_scored(session: Session, workspace_id: int, ids: Iterable[int]) -> list[int]:
    """Of these people those of whom a score is kept, theirs alone to be reckoned until the
    transaction ends; rows that a message is writing at this moment wait for the next look."""
    question = _held(session.get_bind().dialect.name)
    rows = asked(session, question, {"space": workspace_id, "ids": listed(ids)})
    return list(rows.scalars().all())


def keep_scores(
    session: Session, workspace_id: int, scores: Mapping[int, Mapping[str, Any]]
) -> None:
    """Write what was ``SCORED``, by the person."""
    rows = [
        {"space": workspace_id, "person": number, **{f"its_{name}": row[name] for name in SCORED}}
        for number, row in scores.items()
    ]
    answered(session, _KEEP, rows)
    for number in scores:  # whoever has it as an object reads it anew
        known = session.identity_map.get(identity_key(LeadScore, (workspace_id, number)))
        if known is not None:
            session.expire(known)


def model_of(session: Session, workspace_id: int) -> LeadModel:
    """As it is; of a workspace that is new, one that is to be learned."""
    row = session.get(LeadModel, workspace_id)
    if row is None:
        row = LeadModel(workspace_id=workspace_id, fit_at=AT_ONCE)
        session.add(row)
        session.flush()
    return row


def mark_swept(session: Session, workspace_id: int) -> int:
    """Mark the next people, in order of their making, where the rules have changed; how many. A
    rule that changes meanwhile waits for this to end, and lets it all begin anew; whoever is being
    scored by the old rules at this moment is marked after that."""
    here = select(LeadModel.sweep_from).where(
        LeadModel.workspace_id == workspace_id, LeadModel.sweep_from.is_not(None)
    )
    start = session.scalars(here.with_for_update(skip_locked=True)).first()
    if start is None:
        return 0
    after = (
        select(LeadScore.contact_id)
        .where(LeadScore.workspace_id == workspace_id, LeadScore.contact_id > start)
        .order_by(LeadScore.contact_id)
        .limit(SWEPT)
    )
    ids = session.scalars(after).all()
    if ids:
        these = (LeadScore.workspace_id == workspace_id, LeadScore.contact_id.in_(ids))
        session.execute(_SCORES.where(*these).values(next_check_at=AT_ONCE))
    reached = ids[-1] if len(ids) == SWEPT else None
    model = (LeadModel.workspace_id == workspace_id,)
    session.execute(_MODEL.where(*model).values(sweep_from=reached))
    return len(ids)


_SCORES: Any = update(LeadScore.__table__)  # type: ignore[arg-type]
_MODEL: Any = update(LeadModel.__table__)  # type: ignore[arg-type]


@made_once
def _held(dialect: str) -> Executable:
    here = (
        LeadScore.workspace_id == bindparam("space"),
        one_of(LeadScore.contact_id, "ids", dialect, BigInteger),
    )
    some = select(LeadScore.contact_id).where(*here).order_by(LeadScore.contact_id)
    return some.with_for_update(skip_locked=True)


_TABLE: Any = LeadScore.__table__
_KEEP = (
    update(_TABLE)
    .where(_TABLE.c.workspace_id == bindparam("space"), _TABLE.c.contact_id == bindparam("person"))
    .values({name: bindparam(f"its_{name}", type_=_TABLE.c[name].type) for name in SCORED})
)
