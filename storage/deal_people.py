"""Who else is in a deal, beside the one it is with, and as what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Base, Recorded, belongs_to
from storage.people import Contact
from storage.work import Deal


class DealContact(Recorded, Base):
    """Somebody who has a part in a deal. ``role`` is a key of the usual ones, or as it was said."""

    __tablename__ = "deal_contact"
    __table_args__ = (
        belongs_to("deal", "deal_id"),
        belongs_to("contact", "contact_id"),
        UniqueConstraint("workspace_id", "deal_id", "contact_id"),
        Index(None, "workspace_id", "contact_id"),
    )

    deal_id: Mapped[int]
    contact_id: Mapped[int]
    role: Mapped[str | None] = mapped_column(String(60))

    deal: Mapped[Deal] = relationship(viewonly=True)
    contact: Mapped[Contact] = relationship(viewonly=True)


def people_in(session: Session, deal: Deal) -> list[DealContact]:
    """Those with a part in a deal, in the order in which they came; of the one it is with, the
    part alone may be told."""
    here = select(DealContact).where(
        DealContact.workspace_id == deal.workspace_id, DealContact.deal_id == deal.id
    )
    return sorted(session.scalars(here), key=lambda person: person.id)


def parts_of(
    session: Session, workspace_id: int, contacts: Sequence[int], *, status: str | None = "open"
) -> list[DealContact]:
    """The parts that these people have in deals that are with somebody else, the newest first."""
    here = (
        select(DealContact)
        .join(DealContact.deal)
        .where(
            DealContact.workspace_id == workspace_id,
            Deal.workspace_id == workspace_id,
            DealContact.contact_id.in_(contacts),
            Deal.contact_id.is_(None) | Deal.contact_id.not_in(contacts),
        )
    )
    if status:
        here = here.where(Deal.status == status)
    return list(session.scalars(here.order_by(DealContact.id.desc()).limit(20)))
