"""The stages of a workspace's pipeline: the usual four, until the team makes its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.pipeline import USUAL
from storage.base import Base, Recorded
from storage.work import Deal


class Stage(Recorded, Base):
    """A step of a sale on its way. Won and lost are no stages: they end it.

    ``key`` stays for good, deals and their moves hold it; ``name`` is what the team calls it,
    null while it has the usual name, which every reader sees in their own language.
    ``probability`` is in percent, ``days`` how long a deal usually stays. What was removed
    stays as not ``active``: past moves speak of it.
    """

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "position"),
    )

    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer)
    probability: Mapped[int] = mapped_column(Integer)
    days: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


def begin_pipeline(session: Session, workspace_id: int) -> None:
    """Give a new workspace the usual stages."""
    for position, (key, (probability, days)) in enumerate(USUAL.items()):
        session.add(
            Stage(
                workspace_id=workspace_id,
                key=key,
                position=position,
                probability=probability,
                days=days,
            )
        )
    session.flush()


def stages_of(session: Session, workspace_id: int) -> list[Stage]:
    """All stages, removed ones too, in their order."""
    return list(
        session.scalars(
            select(Stage).where(Stage.workspace_id == workspace_id).order_by(Stage.position)
        )
    )


def are_usual(stages: Sequence[Stage]) -> bool:
    """Whether these are the stages that every workspace begins with, as they were then."""
    untouched = all(stage.active and stage.name is None for stage in stages)
    return untouched and [stage.key for stage in stages] == list(USUAL)


def astray(session: Session, workspace_id: int) -> bool:
    """Whether an open deal stands in a stage that is not there, or no longer."""
    stage = select(Stage.id).where(
        Stage.workspace_id == Deal.workspace_id, Stage.key == Deal.stage, Stage.active
    )
    deal = select(Deal.id).where(
        Deal.workspace_id == workspace_id, Deal.status == "open", ~stage.exists()
    )
    return session.scalars(deal.limit(1)).first() is not None
