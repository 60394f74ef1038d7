"""Who may be in twice: pairs that share a number, an address, or all or most words of a name.

Nobody is held against everybody: what two share is looked up by its index, a bounded number of
each kind, and what too many share (a switchboard, a usual name) tells nothing and is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.name_keys import WHOLE
from storage.fetching import fetched, fill
from storage.models import Company, CompanyWord, Contact, ContactPoint, ContactWord
from storage.search import find

SHARED = 300
"""Numbers, addresses or whole names that several have which are looked at."""

CROWD = 6
"""What more than so many have makes nobody one."""

NEWEST = 150
"""Those entered last for whom like names are looked for."""

NEAR = 0.55
"""Names less alike than this (0 to 1) are not looked at."""

Pair = tuple[int, int]
"""Two numbers of records, the smaller first."""


def reaching(
    session: Session, kind: type[Contact | Company], space: int, values: Collection[str]
) -> list[int]:
    """Numbers of those who have one of these phones or e-mail addresses."""
    if not values:
        return []
    if kind is Contact:
        query = select(ContactPoint.contact_id).where(
            ContactPoint.workspace_id == space, ContactPoint.value.in_(values)
        )
        return list(session.scalars(query.limit(CROWD * len(values)), execution_options=_UNSEEN))
    return [
        number
        for column in (Company.phone, Company.email)
        for number in session.scalars(
            select(Company.id)
            .where(Company.workspace_id == space, column.in_(values))
            .limit(CROWD * len(values))
        )
    ]


def named_like(
    session: Session, kind: type[Contact | Company], space: int, name_key: str
) -> list[int]:
    """Numbers of those whose names are like this one, in either script."""
    hits = find(session, kind.__tablename__, space, name_key, limit=8)
    return [hit.id for hit in hits if hit.score >= NEAR]


def whole(
    session: Session,
    kind: type[Contact | Company],
    space: int,
    numbers: Iterable[int],
    *,
    private: bool | None = None,
) -> list[Any]:
    """These records with all that tells who they are; ``private``: only those so, or not so."""
    rows: list[Any] = fetched(session, kind, space, list(dict.fromkeys(numbers)))
    if kind is Contact and private is not None:
        rows = [row for row in rows if row.private == private]
    lists = ("own_values", "points") if kind is Contact else ("own_values",)
    fill(session, space, kind, rows, *lists)
    return rows


def pairs(session: Session, kind: type[Contact | Company], space: int) -> set[Pair]:
    """Pairs that are worth a closer look."""
    found: set[Pair] = set()
    for group in (*_by_reach(session, kind, space), *_by_whole_name(session, kind, space)):
        found.update(combinations(sorted(group), 2))
    for one, other in _by_like_name(session, kind, space):
        found.add((min(one, other), max(one, other)))
    return found


_UNSEEN = {"rabta_drawn": False}
"""Numbers alone show nobody anything."""


def _groups(session: Session, rows: Any) -> Iterator[list[int]]:
    """What follows each other with the same first value, where neither one nor a crowd has it."""
    together: dict[Any, set[int]] = {}
    for value, number in session.execute(rows, execution_options=_UNSEEN):
        together.setdefault(value, set()).add(number)
    return (sorted(each) for each in together.values() if 1 < len(each) <= CROWD)


def _by_reach(
    session: Session, kind: type[Contact | Company], space: int
) -> Iterator[Sequence[int]]:
    if kind is Contact:
        yield from _sharing(
            session, ContactPoint, ContactPoint.value, ContactPoint.contact_id, space
        )
        return
    for column in (Company.phone, Company.email):
        yield from _sharing(session, Company, column, Company.id, space)


def _by_whole_name(
    session: Session, kind: type[Contact | Company], space: int
) -> Iterator[Sequence[int]]:
    word: Any = ContactWord if kind is Contact else CompanyWord
    owner = ContactWord.contact_id if kind is Contact else CompanyWord.company_id
    yield from _sharing(
        session, word, word.key, owner, space, word.key >= WHOLE, word.key < chr(ord(WHOLE) + 1)
    )


def _sharing(
    session: Session, kind: Any, value: Any, owner: Any, space: int, *only: Any
) -> Iterator[list[int]]:
    """Those who share a value, by values of which the index alone tells that several have them."""
    here = (kind.workspace_id == space, value.is_not(None), *only)
    several = (
        select(value)
        .where(*here)
        .group_by(value)
        .having(func.count().between(2, CROWD))
        .limit(SHARED)
    )
    values = list(session.scalars(several, execution_options=_UNSEEN))
    if not values:
        return iter(())
    return _groups(session, select(value, owner).where(*here, value.in_(values)))


def _by_like_name(session: Session, kind: type[Contact | Company], space: int) -> Iterator[Pair]:
    newest = (
        select(kind.id, kind.name_key)
        .where(kind.workspace_id == space)
        .order_by(kind.id.desc())
        .limit(NEWEST)
    )
    for number, name_key in session.execute(newest, execution_options=_UNSEEN).all():
        for other in named_like(session, kind, space, name_key):
            if other != number:
                yield number, other
