"""Why deals are won and lost and where they come from, in a team's words: lists that learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import Boolean, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.money import Money
from storage.base import Base, Recorded
from storage.types import Json
from storage.work import Deal

Kind = Literal["won", "lost", "source"]

KINDS: tuple[Kind, ...] = ("won", "lost", "source")


class Label(Recorded, Base):
    """A reason or source by which deals are told apart.

    ``key`` stays for good; ``name`` is what the team calls it, null while it has the usual name,
    which every reader sees in their own language. ``also`` are other (folded) words for it.
    What was merged stays and leads on: ``into_id`` is the one that it is now. ``cost_minor``: what
    a lead of a source costs, where somebody said it.
    """

    __tablename__ = "label"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "key"),
        Index(None, "workspace_id", "kind", "id"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str | None] = mapped_column(String(60))
    also: Mapped[list[str] | None] = mapped_column(Json)
    into_id: Mapped[int | None]
    cost_minor: Mapped[int | None]
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    @property
    def cost(self) -> Money | None:
        """What a lead of this source costs."""
        if self.cost_minor is None or self.cost_currency is None:
            return None
        return Money(self.cost_minor, self.cost_currency)

    @cost.setter
    def cost(self, money: Money | None) -> None:
        self.cost_minor = money.minor if money else None
        self.cost_currency = money.currency if money else None


def labels_of(session: Session, workspace_id: int) -> list[Label]:
    """All of them, merged ones too, in order of their making."""
    query = select(Label).where(Label.workspace_id == workspace_id).order_by(Label.id)
    return list(session.scalars(query))


def now_called(labels: Iterable[Label]) -> dict[int, Label]:
    """Every label by its number, as what it is now: of one that was merged, the one it went into.

    A ring of merges (two members at once) ends where it began.
    """
    by_id = {label.id: label for label in labels}
    found = {}
    for label in by_id.values():
        now, seen = label, {label.id}
        while now.into_id in by_id and now.into_id not in seen:
            now = by_id[now.into_id]
            seen.add(now.id)
        found[label.id] = now
    return found


def most_used(
    session: Session, workspace_id: int, kind: Kind, labels: Sequence[Label]
) -> list[tuple[Label, int]]:
    """Of these labels those of a kind, with how many deals have each, the most used first."""
    column = Deal.source_id if kind == "source" else Deal.reason_id
    counted = (
        select(column, func.count())
        .where(Deal.workspace_id == workspace_id, column.is_not(None))
        .group_by(column)
    )
    if kind != "source":
        counted = counted.where(Deal.status == kind)
    now = now_called(labels)
    uses: dict[int, int] = {label.id: 0 for label in now.values() if label.kind == kind}
    for number, deals in session.execute(counted):
        if number in now and now[number].id in uses:
            uses[now[number].id] += deals
    found = [(now[number], deals) for number, deals in uses.items() if now[number].active]
    return sorted(found, key=lambda each: (-each[1], each[0].id))


def numbers_of(labels: Sequence[Label], keys: Iterable[str], *kinds: Kind) -> list[int]:
    """The numbers of all labels that are one of these now, merged ones too."""
    wanted = set(keys)
    return [
        number
        for number, label in now_called(labels).items()
        if label.kind in kinds and label.key in wanted
    ]
