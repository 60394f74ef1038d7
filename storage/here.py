"""Who is here already, of those who come in: by phone and e-mail, or by name and company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Select, and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session

from storage.asking import answered, listed, made_once, one_of
from storage.base import Base


@dataclass(slots=True, eq=False)
class Known:
    """A contact that is here, with what is compared and filled in."""

    id: int
    name_key: str
    company_id: int | None
    title: str | None
    language: str | None
    city: str | None
    source: str | None
    points: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)


def known_by_point(
    session: Session, space: int, member_id: int, values: Collection[str]
) -> Mapping[str, list[int]]:
    """Ids of those who are reached by each of these phones and e-mails; nobody else's private."""
    found: dict[str, list[int]] = defaultdict(list)
    if values:
        said = {"space": space, "me": member_id, "values": listed(values)}
        for number, value in sorted(_ask(session, _reached, said)):
            found[value].append(number)
    return found


def known_by_name(
    session: Session,
    space: int,
    member_id: int,
    name_keys: Collection[str],
    companies: Collection[int | None],
) -> Mapping[tuple[str, int | None], list[int]]:
    """Ids of those of each of these names at one of these companies, or of none and bare."""
    found: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    if name_keys:
        there = [each for each in companies if each is not None]
        said = {"names": listed(name_keys), "companies": listed(there)}
        asked = {"space": space, "me": member_id, **said}
        for number, key, company in sorted(_ask(session, _named, asked), key=itemgetter(0)):
            found[key, company].append(number)
    return found


def look_up(session: Session, space: int, ids: Collection[int]) -> dict[int, Known]:
    """These contacts, with all that they have."""
    if not ids:
        return {}
    said = {"space": space, "ids": listed(ids)}
    known = {row[0]: Known(*row) for row in _ask(session, _contacts, said)}
    for number, kind, value in _ask(session, _points, said):
        known[number].points.append((kind, value))
    for number, tag, _ in _ask(session, _tags, said):
        known[number].tags.append(tag)
    for number, field_id in _ask(session, _values, said):
        known[number].fields.append(field_id)
    return known


def _ask(session: Session, statement: Any, said: Mapping[str, Any]) -> Any:
    return answered(session, statement(session.get_bind().dialect.name), said)


# --- the statements, made once for each kind of database ------------------------------------------
# None of them is put in order: SQLite would walk all there is in that order, and look up nothing.

_contact = Base.metadata.tables["contact"]
_point = Base.metadata.tables["contact_point"]
_tag = Base.metadata.tables["contact_tag"]
_value = Base.metadata.tables["custom_value"]
_SPACE: BindParameter[Any] = bindparam("space")
_MINE = or_(not_(_contact.c.private), _contact.c.owner_id == bindparam("me"))


@made_once
def _reached(dialect: str) -> Select[Any]:
    same = and_(
        _contact.c.workspace_id == _point.c.workspace_id, _contact.c.id == _point.c.contact_id
    )
    rows = select(_point.c.contact_id, _point.c.value).join(_contact, same)
    here = rows.where(_point.c.workspace_id == _SPACE, one_of(_point.c.value, "values", dialect))
    return here.where(_MINE)


@made_once
def _named(dialect: str) -> Select[Any]:
    rows = select(_contact.c.id, _contact.c.name_key, _contact.c.company_id)
    here = rows.where(
        _contact.c.workspace_id == _SPACE, one_of(_contact.c.name_key, "names", dialect)
    )
    bare = not_(
        select(_point.c.id)
        .where(_point.c.workspace_id == _SPACE, _point.c.contact_id == _contact.c.id)
        .exists()
    )
    there = one_of(_contact.c.company_id, "companies", dialect, BigInteger)
    company = _contact.c.company_id
    return here.where(or_(there, and_(company.is_(None), bare)), _MINE)


@made_once
def _contacts(dialect: str) -> Select[Any]:
    names = ("id", "name_key", "company_id", "title", "language", "city", "source")
    return _of(_contact, "id", dialect, *names)


@made_once
def _points(dialect: str) -> Select[Any]:
    return _of(_point, "contact_id", dialect, "contact_id", "kind", "value")


@made_once
def _tags(dialect: str) -> Select[Any]:
    rows = _of(_tag, "contact_id", dialect, "contact_id", "tag")
    return rows.add_columns(_tag.c.id)  # or SQLite walks an index that has all the rest of it


@made_once
def _values(dialect: str) -> Select[Any]:
    return _of(_value, "contact_id", dialect, "contact_id", "field_id")


def _of(table: Any, owner: str, dialect: str, *names: str) -> Select[Any]:
    rows = select(*(table.c[name] for name in names)).where(table.c.workspace_id == _SPACE)
    return rows.where(one_of(table.c[owner], "ids", dialect, BigInteger))
