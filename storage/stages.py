"""The stages of a workspace's pipelines: the usual four, until the team makes its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.pipeline import USUAL
from storage.base import Base, Recorded
from storage.pipelines import MAIN, Pipeline
from storage.work import Deal


class Stage(Recorded, Base):
    """A step of a sale on its way. Won and lost are no stages: they end it.

    ``key`` stays for good, deals and their moves hold it; so it tells two of one name in two
    pipelines apart. ``name`` is what the team calls it, null while it has the usual name, which
    every reader sees in their own language; ``formerly`` what it was called before, and ``until``
    when. ``position`` is within its ``pipeline``. ``probability`` is in percent, ``days`` how long
    a deal is expected to stay. What was removed stays as not ``active``: past moves speak of it.
    """

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "position"),
    )

    key: Mapped[str] = mapped_column(String(40))
    pipeline: Mapped[str] = mapped_column(String(40), default=MAIN)
    name: Mapped[str | None] = mapped_column(String(60))
    formerly: Mapped[list[dict[str, Any]] | None]
    position: Mapped[int] = mapped_column(Integer)
    probability: Mapped[int] = mapped_column(Integer)
    days: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    @property
    def usual(self) -> str | None:
        """Which of the usual stages it is, while it is called as that one is."""
        base = self.key.rstrip("0123456789").rstrip("_")
        return base if self.name is None and base in USUAL else None

    def rename(self, name: str, *, at: datetime) -> None:
        """Another name from now on; the past goes on to speak of the former."""
        before = {"name": self.name, "until": at.isoformat()}
        self.formerly = [*(self.formerly or ()), before][-FORMER:]
        self.name = name

    def name_at(self, moment: datetime) -> str | None:
        """What it was called then, null for the usual name."""
        for former in self.formerly or ():
            if moment < datetime.fromisoformat(former["until"]):
                return former["name"]  # type: ignore[no-any-return]  # as it was put in
        return self.name


FORMER = 50
"""Former names of a stage that are kept."""


def begin_pipeline(session: Session, workspace_id: int) -> None:
    """Give a new workspace its pipeline, with the usual stages."""
    session.add(Pipeline(workspace_id=workspace_id, key=MAIN, position=0, active=True))
    session.add_all(usual_stages(workspace_id, MAIN, {key: key for key in USUAL}))
    session.flush()


def usual_stages(workspace_id: int, pipeline: str, keys: dict[str, str]) -> list[Stage]:
    """The usual stages for a pipeline; ``keys`` are those that they get there."""
    return [
        Stage(
            workspace_id=workspace_id,
            key=keys[usual],
            pipeline=pipeline,
            position=position,
            probability=probability,
            days=days,
            active=True,
        )
        for position, (usual, (probability, days)) in enumerate(USUAL.items())
    ]


def stages_of(session: Session, workspace_id: int) -> list[Stage]:
    """All stages, removed ones too: pipeline by pipeline, each in its order."""
    way = and_(Pipeline.workspace_id == Stage.workspace_id, Pipeline.key == Stage.pipeline)
    return list(
        session.scalars(
            select(Stage)
            .outerjoin(Pipeline, way)
            .where(Stage.workspace_id == workspace_id)
            .order_by(Pipeline.position, Stage.position, Stage.id)
        )
    )


def are_usual(stages: Sequence[Stage]) -> bool:
    """Whether these are the stages that every workspace begins with, as they were then."""
    usual = [(key, MAIN, probability, days) for key, (probability, days) in USUAL.items()]
    untouched = all(stage.active and stage.name is None for stage in stages)
    told = [(stage.key, stage.pipeline, stage.probability, stage.days) for stage in stages]
    return untouched and told == usual


def astray(session: Session, workspace_id: int) -> bool:
    """Whether an open deal stands in a stage that is not there, or no longer; or such a stage in a
    pipeline that is not."""
    there = select(Pipeline.id).where(
        Pipeline.workspace_id == Stage.workspace_id, Pipeline.key == Stage.pipeline, Pipeline.active
    )
    stage = select(Stage.id).where(
        Stage.workspace_id == Deal.workspace_id, Stage.key == Deal.stage, Stage.active
    )
    deal = select(Deal.id).where(
        Deal.workspace_id == workspace_id, Deal.status == "open", ~stage.exists()
    )
    lost = select(Stage.id).where(
        Stage.workspace_id == workspace_id,
        Stage.active,
        ~there.exists(),
        or_(
            Stage.pipeline != MAIN,
            select(Pipeline.id).where(Pipeline.workspace_id == workspace_id).exists(),
        ),
    )
    return any(session.scalars(some.limit(1)).first() is not None for some in (deal, lost))
