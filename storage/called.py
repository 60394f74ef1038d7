"""People and companies by their names: those that are called so, and those nearly so.

Names come folded. ``called`` is for what was spelt as it is kept, whole or in part; ``like``, for
the rest, ranks what ``storage.search`` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Integer, Select, String, bindparam, func, select, true
from sqlalchemy.orm import Session

from rules.name_keys import words_of
from rules.sounds import is_urdu
from storage.across import is_written_across
from storage.asking import asked, listed, made_once, one_of
from storage.base import Base
from storage.beginning import beginning
from storage.fetching import fetched
from storage.merged import once_called
from storage.models import Company, Contact
from storage.names import POSTINGS
from storage.search import LONGEST, WORDS, Hit, find

Row = TypeVar("Row", bound=Contact | Company)

MOST = 400
"""Rows of one name that are given at most, the newest."""

MOST_BEGUN = 200
"""The same, where only the beginnings of words were said."""


def called(
    session: Session,
    kind: type[Row],
    space: int,
    key: str,
    at: Sequence[int] | None = None,
    most: int = MOST,
) -> list[Row]:
    """Those of exactly this name; else those with all its words; else with words that begin so.

    ``at``: people of these companies only; ``most``: of so many the newest.
    """
    found = wholly(session, kind, space, key, at, most)
    return found or _beginning(session, kind, space, key, at, most)


def numbers(
    session: Session, kind: type[Row], space: int, key: str, *, begun: bool = True
) -> list[int]:
    """The same as ``called``, of whom the numbers are enough; ``begun``: also those with words that
    begin so."""
    found = _wholly(session, kind, space, key[:LONGEST], None)
    return found or (_begun(session, kind, space, key) if begun else [])


def wholly(
    session: Session,
    kind: type[Row],
    space: int,
    key: str,
    at: Sequence[int] | None = None,
    most: int = MOST,
) -> list[Row]:
    """The same, without those whose words only begin so."""
    key = key[:LONGEST]
    found = _rows(session, kind, space, _wholly(session, kind, space, key, at)[:most])
    return found or (_once(session, kind, space, key, at) if key else [])


def _wholly(
    session: Session, kind: type[Row], space: int, key: str, at: Sequence[int] | None
) -> list[int]:
    if not key:
        return []
    said: dict[str, Any] = {"space": space, "key": key}
    there = at is not None and kind is Contact
    if there:
        said["at"] = listed(at or ())
    question = _exactly(session.get_bind().dialect.name, kind, there)
    exact = list(asked(session, question, said).scalars().all())
    return exact or _with_all(session, kind, space, words_of(key), at)


def _once(
    session: Session, kind: type[Row], space: int, key: str, at: Sequence[int] | None
) -> list[Row]:
    """Those who had this name until they were merged."""
    rows = _rows(session, kind, space, once_called(session, kind.__tablename__, space, key))
    return rows if at is None else [row for row in rows if getattr(row, "company_id", 0) in at]


def like(
    session: Session,
    kind: type[Row],
    space: int,
    key: str,
    worth: Callable[[Hit], bool] = lambda _: True,
) -> list[tuple[float, Row]]:
    """Those whose names are most like this one, and how much (0 to 1), the likeliest first; of
    the eight likeliest those that are ``worth`` a look."""
    hits = [hit for hit in find(session, kind.__tablename__, space, key, limit=8) if worth(hit)]
    rows = {row.id: row for row in _rows(session, kind, space, [hit.id for hit in hits])}
    return [(hit.score, rows[hit.id]) for hit in hits if hit.id in rows]


def heard(session: Session, kind: type[Row], space: int, key: str) -> list[tuple[float, Row]]:
    """The same, of those that are written in the other script."""
    if not is_written_across(session, space, words_of(key[:LONGEST])):
        return []
    urdu = is_urdu(key)
    return like(session, kind, space, key, lambda hit: any(map(is_urdu, hit.words)) != urdu)


def _with_all(
    session: Session, kind: type[Row], space: int, words: list[str], at: Sequence[int] | None
) -> list[int]:
    table = kind.__tablename__
    counting, having = _statements(session.get_bind().dialect.name, table, at is not None)
    said: dict[str, Any] = {"space": space, "words": listed(words)}
    counts = {word: count for word, count in asked(session, counting, said) if count}
    if not words or len(counts) < len(words):
        return []
    rarest = min(words, key=counts.__getitem__)
    said |= {"key": rarest, "count": len(words), "most": MOST}
    if at is not None:
        said["at"] = listed(at)
    return list(asked(session, having, said).scalars().all())


def _beginning(
    session: Session, kind: type[Row], space: int, key: str, at: Sequence[int] | None, most: int
) -> list[Row]:
    ids = _begun(session, kind, space, key)
    if at is None:
        return _rows(session, kind, space, ids[:most])
    rows = _rows(session, kind, space, ids)
    return [row for row in rows if getattr(row, "company_id", 0) in at][:most]


def _begun(session: Session, kind: type[Row], space: int, key: str) -> list[int]:
    words = words_of(key[:LONGEST])[:WORDS]
    return beginning(session, kind.__tablename__, space, words, MOST_BEGUN)


def _rows(session: Session, kind: type[Row], space: int, ids: Sequence[int]) -> list[Row]:
    return sorted(fetched(session, kind, space, ids), key=lambda row: row.id, reverse=True)


@made_once
def _exactly(dialect: str, kind: Any, at: bool) -> Select[Any]:
    row = Base.metadata.tables[kind.__tablename__]
    newest = (row.c.id + 0).desc()  # so that no planner walks through all ids for the order
    here = select(row.c.id).where(
        row.c.workspace_id == bindparam("space", type_=Integer),
        row.c.name_key == bindparam("key", type_=String),
    )
    if at:
        here = here.where(one_of(row.c.company_id, "at", dialect, BigInteger))
    return here.order_by(newest).limit(MOST)


@made_once
def _statements(dialect: str, table: str, at: bool) -> tuple[Any, Any]:
    """How many have each word; and who has one word and all others."""
    tables = Base.metadata.tables
    word, owner = tables["name_word"], f"{table}_id"
    have, beside = (tables[f"{table}_word"].alias(name) for name in ("have", "beside"))
    space = bindparam("space", type_=Integer)
    counting = select(word.c.word, word.c[POSTINGS[table]]).where(
        word.c.workspace_id == space, one_of(word.c.word, "words", dialect)
    )
    others = select(func.count()).where(
        beside.c.workspace_id == space,
        beside.c[owner] == have.c[owner],
        one_of(beside.c.key + "", "words", dialect),  # of these few, not of all that have it
    )
    having = select(have.c[owner]).where(
        have.c.workspace_id == space,
        have.c.key == bindparam("key", type_=String),
        others.correlate(have).scalar_subquery() == bindparam("count", type_=Integer),
    )
    if at:
        row = tables[table]
        there = select(true()).where(
            row.c.workspace_id == space,
            row.c.id == have.c[owner],
            one_of(row.c.company_id, "at", dialect, BigInteger),
        )
        having = having.where(there.exists().correlate(have))
    most = bindparam("most", type_=Integer)
    return counting, having.order_by(have.c[owner].desc()).limit(most)
