"""Custom fields: what a team keeps of its customers beyond the usual, and the values of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from rules.day_keys import day_key
from storage.base import Base, Recorded, belongs_to
from storage.keyed import follow, key_beside
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
    ``value_key`` its letters and digits alone, by which it is looked up, ``day_key`` the month and
    day of one that is a day.
    """

    __tablename__ = "custom_value"
    __table_args__ = (
        belongs_to("custom_field", "field_id"),
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "field_id", "value_key"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "day_key"),
    )

    field_id: Mapped[int]
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    value: Mapped[str] = mapped_column(String(500))
    value_key: Mapped[str] = mapped_column(String(500))
    day_key: Mapped[str | None] = key_beside("value", day_key)

    field: Mapped[CustomField] = relationship(lazy="joined", viewonly=True)


follow(CustomValue, "value", "day_key", day_key)


class Holder:
    """Who can have values in custom fields: a contact or a company."""

    __tablename__: str
    workspace_id: Mapped[int]
    id: Mapped[int]
    own_values: Mapped[list[CustomValue]]

    def has(self, field: CustomField) -> CustomValue | None:
        """What stands in a field."""
        return next((value for value in self.own_values if value.field_id == field.id), None)

    def keep(self, field: CustomField, value: str, value_key: str) -> None:
        """Put a value in the place of the one that is there; an empty one takes that out."""
        session = object_session(self)
        if session is None:
            raise RuntimeError("only what is kept already can hold values")
        there = self.has(field)
        if not value and there:
            session.delete(there)
        elif there:
            there.value, there.value_key = value, value_key
        elif value:
            about = {f"{self.__tablename__}_id": self.id}
            session.add(
                CustomValue(
                    workspace_id=self.workspace_id,
                    field_id=field.id,
                    value=value,
                    value_key=value_key,
                    **about,
                )
            )
        session.flush()
        session.expire(self, ["own_values"])


def fields_of(session: Session, workspace_id: int) -> list[CustomField]:
    """All fields, removed ones too, in order of their making."""
    return list(
        session.scalars(
            select(CustomField)
            .where(CustomField.workspace_id == workspace_id)
            .order_by(CustomField.id)
        )
    )


def values_in(session: Session, field: CustomField) -> int:
    """How many customers have something in a field."""
    query = select(func.count()).where(
        CustomValue.workspace_id == field.workspace_id, CustomValue.field_id == field.id
    )
    return session.scalar(query) or 0


def holding(
    session: Session, fields: Sequence[CustomField], value_key: str, limit: int
) -> list[CustomValue]:
    """Values of these fields that are this one; where none is, those that begin so."""
    here = select(CustomValue).where(
        CustomValue.workspace_id.in_({field.workspace_id for field in fields}),
        CustomValue.field_id.in_([field.id for field in fields]),
    )
    ways = (
        CustomValue.value_key == value_key,
        CustomValue.value_key.startswith(value_key[:400], autoescape=True),
    )
    for fits in ways if value_key else ():
        found = session.scalars(here.where(fits).order_by(CustomValue.id).limit(limit)).all()
        if found:
            return list(found)
    return []
