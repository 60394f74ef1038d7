"""How many there are, and how many have a word in their name or are of a company: as far as it
tells how much a likeness says. These figures are shown to nobody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from storage.asking import asked, listed, made_once, one_of
from storage.base import Base
from storage.lasting import once
from storage.models import Company, Contact
from storage.names import POSTINGS

MOST = 10_000
"""People that are counted; that they are more changes little, and to count them all would cost."""

_SPACE = bindparam("space", type_=Integer)


def how_many(session: Session, kind: type[Contact | Company], space: int) -> int:
    """All people or companies, up to ``MOST``; where there are so many, counted once."""
    table = kind.__tablename__
    if ("many", table, space) in session.info.get("once", ()):
        return MOST
    count: int = asked(session, _some(table), {"space": space}).scalar() or 0
    return once(session, ("many", table, space), lambda: MOST) if count == MOST else count


def with_word(
    session: Session, kind: type[Contact | Company], space: int, words: Collection[str]
) -> dict[str, int]:
    """In how many names each of these words is."""
    question = _with_word(kind.__tablename__, session.get_bind().dialect.name)
    said = {"space": space, "words": listed(words)}
    return dict(map(tuple, asked(session, question, said))) if words else {}


def at_company(session: Session, space: int, companies: Collection[int]) -> dict[int, int]:
    """How many people each of these companies has."""
    question = _at_company(session.get_bind().dialect.name)
    said = {"space": space, "companies": listed(companies)}
    return dict(map(tuple, asked(session, question, said))) if companies else {}


@made_once
def _some(table: str) -> Select[Any]:
    row = Base.metadata.tables[table].c
    some = select(row.id).where(row.workspace_id == _SPACE).limit(MOST).subquery()
    return select(func.count()).select_from(some)


@made_once
def _with_word(table: str, dialect: str) -> Select[Any]:
    word = Base.metadata.tables["name_word"].c
    here = (word.workspace_id == _SPACE, one_of(word.word, "words", dialect))
    return select(word.word, word[POSTINGS[table]]).where(*here)


@made_once
def _at_company(dialect: str) -> Select[Any]:
    row = Base.metadata.tables["contact"].c
    theirs = one_of(row.company_id, "companies", dialect, BigInteger)
    some = select(row.company_id, func.count()).where(row.workspace_id == _SPACE, theirs)
    return some.group_by(row.company_id)
