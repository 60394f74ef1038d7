"""Custom fields: what a team keeps of its customers beyond the usual, and the values of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, Recorded, belongs_to
from storage.types import Json


class CustomField(Recorded, Base):
    """A field that the team made, for ``contact``, for ``company`` or (null) for both.

    ``kind``: text, number, date or choice; ``choices`` are those of the last. ``key`` stays for
    good, ``name`` is what the team calls it. What was removed stays, with its values, as not
    ``active``.
    """

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    choices: Mapped[list[str] | None] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class CustomValue(Recorded, Base):
    """What a contact or company has in a custom field.

    ``value`` is the text as typed, a plain decimal number, or a day as YYYY-MM-DD;
    ``value_key`` its letters and digits alone, by which it is looked up.
    """

    __tablename__ = "custom_value"
    __table_args__ = (
        belongs_to("custom_field", "field_id"),
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "field_id", "value_key"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
    )

    field_id: Mapped[int]
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    value: Mapped[str] = mapped_column(String(500))
    value_key: Mapped[str] = mapped_column(String(500))

    field: Mapped[CustomField] = relationship(lazy="joined", viewonly=True)
