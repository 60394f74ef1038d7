"""Rows that are only written: straight into their table, past the session's bookkeeping."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, insert, inspect
from sqlalchemy.orm import Session

from storage.base import Base


def write(session: Session, rows: Sequence[Base]) -> None:
    """Insert rows of one table that nothing in this transaction looks at as objects again.

    What they refer to must be there already: nothing is put in order here.
    """
    if rows:
        session.execute(_insert(type(rows[0])), [_values(row) for row in rows])


@lru_cache(maxsize=64)
def _insert(kind: type[Base]) -> Insert:
    return insert(Base.metadata.tables[kind.__tablename__])


@lru_cache(maxsize=64)
def _names(kind: type[Base]) -> tuple[tuple[str, str], ...]:
    """Each attribute that is a column, with the column's name."""
    mapper = inspect(kind)
    return tuple((each.key, each.columns[0].name) for each in mapper.column_attrs)


def _values(row: Base) -> dict[str, Any]:
    given = row.__dict__
    return {column: given[key] for key, column in _names(type(row)) if key in given}
