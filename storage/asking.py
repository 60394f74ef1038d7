"""Questions that are asked for every message: made once, and past the session's bookkeeping.

To build a statement costs more than to answer it, and so does a list of which each length is a
statement of its own: lists of words go as one JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from storage.prepared import DirectSession

P = ParamSpec("P")
R = TypeVar("R")


def made_once(make: Callable[P, R]) -> Callable[P, R]:
    """What makes a statement, with what it made remembered for each kind of database and row."""
    kept: Any = cache(make)
    return kept  # type: ignore[no-any-return]


def dialect_of(session: Session) -> str:
    """The kind of database: ``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name


def asked(
    session: Session, question: Executable, said: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> Any:
    """The result of a statement over tables and columns (not over classes), which is made once.

    What the session has not written yet is written first.
    """
    session.flush()
    return answered(session, question, said)


def answered(
    session: Session, question: Executable, said: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> Any:
    """The same, while the session is writing, or has nothing to write that matters to it."""
    if isinstance(session, DirectSession):
        answer = session.answer(question, said)
        if answer is not None:
            return answer
    return session.connection().execute(question, said)


def seen(session: Session, question: Executable, said: Mapping[str, Any]) -> Any:
    """The result of a select over classes, without the rows that whoever is served may not see
    (``storage.privacy``)."""
    if session.dispatch.do_orm_execute:
        return session.execute(question, dict(said))
    return asked(session, question, said)


def answered_each(
    session: Session, question: Executable, said: Sequence[Mapping[str, Any]]
) -> Sequence[Any]:
    """The rows that a statement answers to each of these, together."""
    if isinstance(session, DirectSession):
        answers = [session.answer(question, one) for one in said]
        if None not in answers:
            return [row for answer in answers for row in answer or ()]
    return session.connection().execute(question, said).all()


_LIST = json.JSONEncoder(ensure_ascii=False)


def listed(words: Iterable[str | int]) -> str:
    return _LIST.encode(list(words))


def each_of(name: str, dialect: str, said: str | None = None) -> TableValuedAlias:
    """The words of a JSON list as rows of one column, ``value``; ``said``: the list, where the
    statement is not made once."""
    listed: Any = bindparam(name, type_=String)
    if said is not None:
        listed = bindparam(name, said, type_=String, unique=True)
    if dialect == "sqlite":
        return func.json_each(listed).table_valued("value")
    return func.jsonb_array_elements_text(cast(listed, JSONB)).table_valued("value")


def pairs_of(name: str, dialect: str) -> TableValuedAlias:
    """What a JSON object holds, as rows of ``key`` and ``value``."""
    told: Any = bindparam(name, type_=String)
    if dialect == "sqlite":
        return func.json_each(told).table_valued("key", "value")
    return func.jsonb_each_text(cast(told, JSONB)).table_valued("key", "value")


def these(
    session: Session, name: str, keys: Iterable[Sequence[Any]], *columns: Any
) -> tuple[Any, ColumnElement[bool]]:
    """Keys as a table to join with, and where these columns have one of them. The text of the
    statement is the same for any number of keys."""
    said = [dict(zip((each.key for each in columns), key, strict=True)) for key in keys]
    told: Any = bindparam(name, _LIST.encode(said), type_=String, unique=True)
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(told).table_valued("value").c.value
        found = ((func.json_extract(each, f"$.{one.key}"), one) for one in columns)
        parts = [type_coerce(value, one.type).label(one.key) for value, one in found]
        rows: Any = select(*parts).subquery(name)
    else:
        names = [column(one.key, one.type) for one in columns]
        table = func.jsonb_to_recordset(cast(told, JSONB)).table_valued(*names)
        rows = table.render_derived(name=name, with_types=True)
    return rows, and_(*(one == rows.c[one.key] for one in columns))


def one_of(
    column: Any,
    name: str,
    dialect: str,
    kind: type[TypeEngine[Any]] = String,
    said: str | None = None,
) -> ColumnElement[bool]:
    """Whether a column has one of the words of a JSON list; looked up in its index one by one.

    ``kind``: what the column holds, where the list is not one of words.
    """
    each = each_of(name, dialect, said)
    words = select(each.c.value if kind is String else cast(each.c.value, kind))
    return among(column, words, dialect)


def among(column: Any, words: Select[Any], dialect: str) -> ColumnElement[bool]:
    """Whether a column has one of these, looked up in its index one by one."""
    here: ColumnElement[bool] = (
        column.in_(words)
        if dialect == "sqlite"
        else column == any_(func.array(words.scalar_subquery()))
    )
    return here
