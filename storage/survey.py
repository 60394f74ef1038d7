"""What PostgreSQL knows of tables that one transaction fills.

It plans by what it counted when it last looked at a table. Of one that an import has just filled it
knows nothing, takes all indexes for equally good, and may read everybody to find one. Its own
surveys come after the transaction, which is too late.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.base import Base

FIRST = 2000
"""Rows after which it looks for the first time; then each time that there are `FURTHER` as many."""
FURTHER = 8

_GROWN = """
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    AND pg_relation_size(oid) > 2 * (8 + relpages) * current_setting('block_size')::int
"""


class Survey:
    """Has PostgreSQL look at the tables that have grown to twice of what it has seen of them."""

    def __init__(self, session: Session) -> None:
        self.session, self._next = session, FIRST

    def after(self, taken: int) -> None:
        """``taken``: records that this transaction has brought in so far."""
        line = self.session.connection()
        if taken < self._next or line.dialect.name != "postgresql":
            return
        self._next = taken * FURTHER
        if grown := Base.metadata.tables.keys() & {*line.exec_driver_sql(_GROWN).scalars()}:
            _look(line, grown)


def _look(line: Connection, tables: Iterable[str]) -> None:
    """As their owner; not at all where somebody else just looks at one of them."""
    role = line.exec_driver_sql("SHOW role").scalar()
    patience = line.exec_driver_sql("SHOW lock_timeout").scalar()
    names = ", ".join(f'"{name}"' for name in sorted(tables))
    try:
        with line.begin_nested():
            line.exec_driver_sql("SET LOCAL ROLE NONE; SET LOCAL lock_timeout = '100ms'")
            line.exec_driver_sql(f"ANALYZE {names}")
            line.exec_driver_sql(f"SET LOCAL ROLE {role}; SET LOCAL lock_timeout = '{patience}'")
    except OperationalError:  # what was set has gone with the savepoint
        return
