"""What is known of records that are one, or are not: whom they were before, and whom they are not.

``Former`` leads on from a record that was merged: its number, on buttons and in questions that are
still about, means the one that it is now, and so does its name. ``Apart`` are two of whom somebody
said that they are not one, so that nobody is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Index, Select, String, UniqueConstraint, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.asking import asked, listed, made_once, one_of
from storage.base import Base, Recorded, belongs_to

MOST = 50
"""Those of one former name that are given at most."""


class Former(Recorded, Base):
    """A record that was merged: its number, and the name of both that went."""

    __tablename__ = "former"
    __table_args__ = (
        belongs_to("contact", "contact_id"),
        belongs_to("company", "company_id"),
        Index(None, "workspace_id", "former_id"),
        Index(None, "workspace_id", "name_key"),
        Index(None, "workspace_id", "contact_id"),
        Index(None, "workspace_id", "company_id"),
    )

    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    former_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))


class Apart(Recorded, Base):
    """Two contacts or companies (``kind``) that are two; ``one_id`` is the smaller number."""

    __tablename__ = "apart"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "one_id", "other_id"),
        Index(None, "workspace_id", "kind", "other_id"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    one_id: Mapped[int]
    other_id: Mapped[int]


class Merged:
    """What others may have been merged into: a contact or company."""

    name_key: Mapped[str]
    formers: Mapped[list[Former]]

    @property
    def also_called(self) -> list[str]:
        """The other names under which it was known before."""
        names = {each.name_key: each.name for each in self.formers}
        return [name for key, name in names.items() if key != self.name_key]


def merged_into(session: Session, table: str, space: int, number: int) -> int | None:
    """The number of the record that the one of this number is now."""
    column = Former.contact_id if table == "contact" else Former.company_id
    here = select(column).where(
        Former.workspace_id == space, Former.former_id == number, column.is_not(None)
    )
    return session.scalars(here.order_by((Former.id + 0).desc()).limit(1)).first()


def once_called(session: Session, table: str, space: int, key: str) -> list[int]:
    """Numbers of those who had this folded name until they were merged, the newest first."""
    found = asked(session, _once_called(table), {"space": space, "key": key}).scalars().all()
    return list(dict.fromkeys(found))


@made_once
def _once_called(table: str) -> Select[Any]:
    former: Any = Former.__table__.c
    number = former.contact_id if table == "contact" else former.company_id
    here = select(number).where(
        former.workspace_id == bindparam("space"),
        former.name_key == bindparam("key"),
        number.is_not(None),
    )
    newest = (former.id + 0).desc()  # so that no planner walks through all for the order
    return here.order_by(newest).limit(MOST)


def apart_from(session: Session, table: str, space: int, number: int) -> set[int]:
    """Numbers of those of whom somebody said that this is not one of them."""
    pairs = pairs_apart(session, table, space, [number])
    return {other if one == number else one for one, other in pairs}


def pairs_apart(
    session: Session, table: str, space: int, numbers: Iterable[int]
) -> set[tuple[int, int]]:
    """The same for many, as pairs with the smaller number first."""
    said = {"space": space, "kind": table, "numbers": listed(numbers)}
    found = asked(session, _pairs_apart(session.get_bind().dialect.name), said)
    return {(one, other) for one, other in found}


@made_once
def _pairs_apart(dialect: str) -> Select[Any]:
    apart: Any = Apart.__table__.c
    here = (apart.workspace_id == bindparam("space"), apart.kind == bindparam("kind"))
    these = (
        one_of(each, "numbers", dialect, BigInteger) for each in (apart.one_id, apart.other_id)
    )
    return select(apart.one_id, apart.other_id).where(*here, or_(*these))


def keep_apart(session: Session, table: str, space: int, one: int, other: int) -> bool:
    """Remember that these are two; False where that is known."""
    first, second = sorted((one, other))
    if (first, second) in pairs_apart(session, table, space, [first]):
        return False
    session.add(Apart(workspace_id=space, kind=table, one_id=first, other_id=second))
    session.flush()
    return True


def carry_apart(session: Session, table: str, space: int, gone: int, kept: int) -> None:
    """What was said of one that is merged holds for the one that it is now."""
    known = pairs_apart(session, table, space, [kept])
    for row in _apart_rows(session, table, space, [gone]):
        other = row.other_id if row.one_id == gone else row.one_id
        first, second = sorted((kept, other))
        if other == kept or (first, second) in known:
            session.delete(row)
        else:
            row.one_id, row.other_id = first, second
            known.add((first, second))


def _apart_rows(session: Session, table: str, space: int, numbers: Iterable[int]) -> list[Any]:
    wanted = list(numbers)
    here = select(Apart).where(Apart.workspace_id == space, Apart.kind == table)
    return list(
        session.scalars(here.where(or_(Apart.one_id.in_(wanted), Apart.other_id.in_(wanted))))
    )
