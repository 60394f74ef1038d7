"""The pipelines of a workspace: one way of a sale each, with stages of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded

MAIN = "sales"
"""The pipeline that every workspace begins with."""


class Pipeline(Recorded, Base):
    """A way that deals go. ``key`` stays for good, stages hold it; ``name`` is null while it has
    the usual name. What was removed stays as not ``active``: past moves went through it. The first
    by ``position`` is the one that is meant where none is said."""

    __tablename__ = "pipeline"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "position"),
    )

    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


def pipelines_of(session: Session, workspace_id: int) -> list[Pipeline]:
    """All pipelines, removed ones too, in their order."""
    query = select(Pipeline).where(Pipeline.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Pipeline.position, Pipeline.id)))
