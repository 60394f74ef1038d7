"""Records by their numbers, as objects of the session, past what SQLAlchemy does for any select.

On SQLite, where a statement is asked directly (``storage.prepared``), of what it costs to load one
person nine tenths are SQLAlchemy's preparations for any select at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, inspect, select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, manager_of_class, set_committed_value

from storage.asking import asked, listed, made_once, one_of
from storage.base import Base
from storage.models import Company, Contact
from storage.prepared import DirectSession
from storage.writing import columns_of_kind


def fetched(session: Session, kind: Any, space: int, ids: Sequence[int]) -> list[Any]:
    """Those that are there, people with their companies. Who may not see them all (see
    ``storage.privacy``) gets them as by any other question."""
    if not ids:
        return []
    if not isinstance(session, DirectSession) or "sight" in session.info:
        return list(session.scalars(_with_ids(kind), {"space": space, "ids": list(ids)}))
    said = {"space": space, "ids": listed(ids)}
    rows = [_row(session, kind, each) for each in asked(session, _columns_of(kind), said)]
    if kind is Contact:
        _with_companies(session, space, rows)
    return rows


def fill(
    session: Session, space: int, kind: type[Contact | Company], rows: Sequence[Any], *lists: str
) -> None:
    """Have at hand what these rows hold under these names, by one statement each."""
    for name in lists:
        lacking = {row.id: row for row in rows if name not in instance_dict(row)}
        held: dict[int, list[Any]] = {number: [] for number in lacking}
        for each in _held(session, space, kind, name, list(lacking)):
            held[getattr(each, f"{kind.__tablename__}_id")].append(each)
        for number, row in lacking.items():
            set_committed_value(row, name, held[number])


def _held(
    session: Session, space: int, kind: type[Contact | Company], name: str, ids: Sequence[int]
) -> list[Any]:
    """The rows of a list, in its order, which is that of their numbers."""
    if not ids:
        return []
    mapper: Any = inspect(kind)
    their = mapper.relationships[name].mapper.class_
    if not isinstance(session, DirectSession) or "sight" in session.info:
        question = _of_these(their, kind.__tablename__)
        return list(session.scalars(question, {"space": space, "ids": list(ids)}))
    said = {"space": space, "ids": listed(ids)}
    found = asked(session, _columns_of(their, f"{kind.__tablename__}_id"), said)
    return sorted((_row(session, their, each) for each in found), key=attrgetter("id"))


def _row(session: Session, kind: Any, values: Any) -> Any:
    """The session's own object of a row, where it has it; it knows better what is in it."""
    mapper = inspect(kind)
    key = mapper.identity_key_from_primary_key((values.workspace_id, values.id))
    known = session.identity_map.get(key)
    if known is not None:
        return known
    row = manager_of_class(kind).new_instance()
    instance_dict(row).update(zip(columns_of_kind(kind), values, strict=True))
    make_transient_to_detached(row)
    session.add(row)
    return row


def _with_companies(session: Session, space: int, people: Iterable[Contact]) -> None:
    lacking = [row for row in people if "company" not in instance_dict(row)]
    numbers = {row.company_id for row in lacking if row.company_id is not None}
    companies = {row.id: row for row in fetched(session, Company, space, list(numbers))}
    for row in lacking:
        set_committed_value(row, "company", companies.get(row.company_id))


@made_once
def _columns_of(kind: Any, by: str = "id") -> Select[Any]:
    table = Base.metadata.tables[kind.__tablename__]
    here = (
        table.c.workspace_id == bindparam("space"),
        one_of(table.c[by], "ids", "sqlite", BigInteger),
    )
    return select(*columns_of_kind(kind).values()).where(*here)


@made_once
def _of_these(kind: Any, table: str) -> Select[Any]:
    theirs = getattr(kind, f"{table}_id").in_(bindparam("ids", expanding=True))
    return select(kind).where(kind.workspace_id == bindparam("space"), theirs).order_by(kind.id)


@made_once
def _with_ids(kind: Any) -> Select[Any]:
    return select(kind).where(
        kind.workspace_id == bindparam("space"), kind.id.in_(bindparam("ids", expanding=True))
    )
