"""By which rules new leads go to whom, and whose turn it was last."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.assigning import next_of
from storage.base import Base, Recorded
from storage.handover import stand_in
from storage.team import Member
from storage.types import Json


class LeadRule(Recorded, Base):
    """New leads of which something holds (``rules.assigning.Rule``) go to the members of these
    numbers: to the one, or turn by turn. ``key`` tells it from others of its kind."""

    __tablename__ = "lead_rule"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "key"),)

    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(String(100))
    member_ids: Mapped[list[int]] = mapped_column(Json)
    by_id: Mapped[int]
    created_at: Mapped[datetime]


class LeadTurn(Base):
    """To whom the last lead of a rule went: the one row that two processes ask in turn."""

    __tablename__ = "lead_turn"

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    rule_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last_id: Mapped[int | None]


def lead_rules(session: Session, workspace_id: int) -> list[LeadRule]:
    """In the order of their making, which is that of their numbers in chat."""
    here = select(LeadRule).where(LeadRule.workspace_id == workspace_id)
    return list(session.scalars(here.order_by(LeadRule.created_at, LeadRule.id)))


def at_work(session: Session, members: Collection[Member], now: datetime) -> Iterator[int]:
    """Who has handed their customers to nobody at this moment."""
    for member in members:
        if member.active and stand_in(session, member, now) is member:
            yield member.id


def take_turn(
    session: Session, workspace_id: int, rule_id: int, members: list[int], here: Collection[int]
) -> int | None:
    """Whose turn it is; it counts from now on. Another process that asks at the same moment waits
    until this one has ended, and finds what it left."""
    row = session.get(
        LeadTurn, (workspace_id, rule_id), with_for_update=True, populate_existing=True
    )
    if row is None:
        row = LeadTurn(workspace_id=workspace_id, rule_id=rule_id)
        session.add(row)
    chosen = next_of(members, row.last_id, here)
    if chosen is not None:
        row.last_id = chosen
    session.flush()
    return chosen
