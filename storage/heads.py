"""What somebody said that a column of their files means, so that nobody is asked again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded

LONGEST = 200


class KnownHead(Recorded, Base):
    """The head of a column and the slot it fills (``exchange.headers``); "" is a field of its own,
    ``nothing`` is left out."""

    __tablename__ = "known_head"
    __table_args__ = (UniqueConstraint("workspace_id", "head"),)

    head: Mapped[str] = mapped_column(String(LONGEST))
    slot: Mapped[str] = mapped_column(String(40))


def known_heads(session: Session, workspace_id: int) -> dict[str, str]:
    """All that were said in a workspace: slots by heads."""
    rows = session.execute(
        select(KnownHead.head, KnownHead.slot).where(KnownHead.workspace_id == workspace_id)
    )
    return {row.head: row.slot for row in rows}


def keep_heads(session: Session, workspace_id: int, said: Mapping[str, str]) -> None:
    """Remember what heads mean; what was said last holds."""
    here = select(KnownHead).where(
        KnownHead.workspace_id == workspace_id, KnownHead.head.in_(list(said))
    )
    there = {row.head: row for row in session.scalars(here)}
    for head, slot in said.items():
        if len(head) > LONGEST:
            continue
        if head in there:
            there[head].slot = slot
        else:
            session.add(KnownHead(workspace_id=workspace_id, head=head, slot=slot))
    session.flush()
