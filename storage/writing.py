"""Rows that are only written: straight into their table, past the session's bookkeeping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Insert, insert, inspect
from sqlalchemy.orm import Session

from storage.asking import asked, made_once
from storage.base import Base


def write(session: Session, rows: Sequence[Any]) -> None:
    """Insert rows of one table that nothing in this transaction looks at as objects again.

    What they refer to must be there already: nothing is put in order here.
    """
    if rows:
        asked(session, _insert(type(rows[0])), [_values(row) for row in rows])


def columns_of(row: Any) -> dict[str, Column[Any]]:
    """Each attribute of a row that is a column."""
    return _columns(type(row))


@made_once
def _insert(kind: Any) -> Insert:
    return insert(Base.metadata.tables[kind.__tablename__])


@made_once
def _columns(kind: Any) -> dict[str, Column[Any]]:
    return {each.key: each.columns[0] for each in inspect(kind).column_attrs}


@made_once
def _usual(kind: Any) -> dict[str, Any]:
    """What stands where nothing is said."""
    defaults: Any = ((key, each.default) for key, each in _columns(kind).items())
    return {key: default.arg for key, default in defaults if default and default.is_scalar}


def _values(row: Any) -> dict[str, Any]:
    """What is to be written; the row has it then."""
    for key, value in _usual(type(row)).items():
        if row.__dict__.get(key) is None:
            setattr(row, key, value)
    given = row.__dict__
    return {each.name: given[key] for key, each in columns_of(row).items() if key in given}
