"""Two records that are one: all that hangs on the one that goes moves to the one that stays.

Whatever refers to a contact or company by a foreign key comes along, of whichever table: new ones
need nothing here. Only what both have (the same number, tag, or a value in one field) is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.base import Recorded, link
from storage.merged import Former, carry_apart
from storage.models import (
    Base,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    CustomValue,
    Deal,
    DealContact,
)

COLUMNS = {
    "contact": ("name", "company_id", "title", "city", "source", "owner_id"),
    "company": ("name", "phone", "email", "city", "source", "owner_id"),
}
"""What a record says of itself, of which there is one only."""

ALONG = {"name": ("name_key", "sound_key")}
"""Columns that go with another."""

ONCE: dict[type[Any], tuple[str, ...]] = {
    ContactPoint: ("kind", "value"), ContactTag: ("tag",), CustomValue: ("field_id",),
    DealContact: ("deal_id",),
}  # fmt: skip
"""What tells of two rows that they are the same: one of them is enough."""


@lru_cache(maxsize=2)
def pointing_at(table: str) -> tuple[type[Any], ...]:
    """Every model whose rows belong to a record of this table, and keep a history."""
    kinds: Any = (mapper.class_ for mapper in Base.registry.mappers)
    return tuple(
        kind
        for kind in sorted(kinds, key=lambda kind: str(kind.__tablename__))
        if issubclass(kind, Recorded) and f"{table}_id" in kind.__table__.c
    )


def own_field(field_id: int) -> str:
    """What a custom field is called among ``COLUMNS``."""
    return f"own:{field_id}"


def values_of(row: Contact | Company) -> dict[str, Any]:
    """All of which a record has one only, by the name of the field; nothing for what is empty."""
    told = {name: getattr(row, name) for name in COLUMNS[row.__tablename__]}
    told |= {own_field(each.field_id): each.value for each in row.own_values}
    return {name: value for name, value in told.items() if value not in (None, "")}


def differing(kept: Contact | Company, gone: Contact | Company) -> dict[str, tuple[Any, Any]]:
    """The fields in which both have something, and not the same."""
    ours, theirs = values_of(kept), values_of(gone)
    return {
        name: (ours[name], theirs[name])
        for name in ours
        if name in theirs and ours[name] != theirs[name]
    }


def fold_into(
    session: Session,
    kept: Contact | Company,
    gone: Contact | Company,
    takes: Mapping[str, bool] | None = None,
) -> None:
    """Move everything from ``gone`` to ``kept``, fill its gaps, and remove ``gone``.

    ``takes``: fields in which the value of ``gone`` replaces the one that ``kept`` has.
    """
    table, space = kept.__tablename__, kept.workspace_id
    taken = {name for name, wanted in (takes or {}).items() if wanted}
    taken |= values_of(gone).keys() - values_of(kept).keys()
    names = {kept.name_key: kept.name, gone.name_key: gone.name}
    _columns(kept, gone, taken)
    names.pop(kept.name_key)
    other_key, other = next(iter(names.items()), (kept.name_key, kept.name))
    carry_apart(session, table, space, gone.id, kept.id)
    for row in list(belonging(session, gone)):
        _move(session, row, kept, gone, taken)
    session.flush()
    session.add(
        Former(
            workspace_id=space,
            former_id=gone.id,
            name=other,
            name_key=other_key,
            **{f"{table}_id": kept.id},
        )
    )
    session.flush()
    session.expire(kept)
    session.expire(gone)
    session.delete(gone)
    session.flush()


def _columns(kept: Contact | Company, gone: Contact | Company, taken: set[str]) -> None:
    for name in COLUMNS[kept.__tablename__]:
        if name in taken:
            for column in (name, *ALONG.get(name, ())):
                setattr(kept, column, getattr(gone, column))


def belonging(session: Session, gone: Contact | Company | Deal) -> Iterator[Any]:
    """All rows that belong to the one that goes, whatever they are."""
    for kind in pointing_at(gone.__tablename__):
        column = getattr(kind, f"{gone.__tablename__}_id")
        here = select(kind).where(kind.workspace_id == gone.workspace_id, column == gone.id)
        yield from session.scalars(here.order_by(kind.id)).all()


def _move(
    session: Session, row: Any, kept: Contact | Company, gone: Contact | Company, taken: set[str]
) -> None:
    """Let a row belong to the one that stays; one that is there already goes instead."""
    table = kept.__tablename__
    double = _double(session, row, table, kept)
    if double is not None:
        wins = isinstance(row, CustomValue) and own_field(row.field_id) in taken
        session.delete(double if wins else row)
        if not wins:
            return
    if hasattr(row, table):
        link(row, table, kept)
    else:
        setattr(row, f"{table}_id", kept.id)
    if isinstance(gone, Contact) and gone.company_id is None:
        _with_company(row, kept)


def _double(session: Session, row: Any, table: str, kept: Contact | Company) -> Any:
    """The row by which the one that stays has the same already."""
    columns = ONCE.get(type(row))
    if columns is None:
        return None
    kind = type(row)
    here = select(kind).where(
        kind.workspace_id == row.workspace_id, getattr(kind, f"{table}_id") == kept.id
    )
    same = (getattr(kind, column) == getattr(row, column) for column in columns)
    return session.scalars(here.where(*same).limit(1)).first()


def _with_company(row: Any, kept: Any) -> None:
    """A deal with somebody of whom no company was known is one with theirs."""
    if hasattr(row, "company") and row.company_id is None and kept.company_id:
        link(row, "company", kept.company)
