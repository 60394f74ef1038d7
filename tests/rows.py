"""The rows of a PostgreSQL database between tests: deleted, or put back as they were taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import NullPool, create_engine, inspect

from storage.base import Base

_COUNTED = ("inbox", "workspace")
"""The tables that count their rows by a sequence."""


@dataclass(frozen=True)
class Taken:
    """All rows as PostgreSQL itself writes them, by table, and how far was counted."""

    rows: tuple[tuple[str, bytes], ...]
    counted: tuple[tuple[str, int, bool], ...]


class Rows:
    """By a connection that lasts: to open one for each test took longer than the rest."""

    OFTEN = 40
    """Tests after which the rows that they deleted are cleared away: else each one that looks
    through a table steps over all of them."""

    def __init__(self, url: str) -> None:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._connection = engine.connect()
        there = set(inspect(self._connection).get_table_names())
        self._tables = [t.name for t in Base.metadata.sorted_tables if t.name in there]
        self._tell("SET rabta.workspace = '*'")  # policies hold the owner of the tables, too
        self.can_put = self._tell("SHOW is_superuser").scalar_one() == "on"
        """Whether the user may put rows back past policies, triggers and keys."""
        quoted = [f'"{name}"' for name in self._tables]
        deletes = [f"DELETE FROM {name}" for name in reversed(quoted)]  # noqa: S608 - our own names
        restarts = [f"ALTER SEQUENCE {name}_id_seq RESTART" for name in _COUNTED]
        self._empty = "; ".join([*deletes, *restarts])
        self._clear = f"VACUUM {', '.join(quoted)}"
        self._times = 0

    def empty(self) -> None:
        """Far quicker than a database for each test: delete the rows, count from one again."""
        self._tell(self._empty)
        self._times += 1
        if self._times % self.OFTEN == 0:
            self._tell(self._clear)

    def take(self) -> Taken:
        """All that is there now."""
        rows = ((name, self._copied(name)) for name in self._tables if self._any(name))
        counted = (
            (name, *self._tell(f"SELECT last_value, is_called FROM {name}_id_seq").one())  # noqa: S608
            for name in _COUNTED
        )
        return Taken(tuple(rows), tuple(counted))

    def put(self, taken: Taken) -> None:
        """Into empty tables; what triggers would add stands among the rows already."""
        self._tell("SET session_replication_role = replica")
        for name, data in taken.rows:
            with self._cursor() as cursor, cursor.copy(f'COPY "{name}" FROM STDIN BINARY') as copy:
                copy.write(data)
        self._tell("RESET session_replication_role")
        for name, last, called in taken.counted:
            self._tell(f"SELECT setval('{name}_id_seq', {last}, {called})")

    def close(self) -> None:
        self._connection.close()

    def _any(self, name: str) -> bool:
        return bool(self._tell(f'SELECT EXISTS (SELECT FROM "{name}")').scalar_one())  # noqa: S608

    def _copied(self, name: str) -> bytes:
        with self._cursor() as cursor, cursor.copy(f'COPY "{name}" TO STDOUT BINARY') as copy:
            return b"".join(copy)

    def _cursor(self) -> Any:
        driver: Any = self._connection.connection.driver_connection
        return driver.cursor()

    def _tell(self, statement: str) -> Any:
        return self._connection.exec_driver_sql(statement)


@cache
def rows(url: str) -> Rows:
    """Those of a database that lasts as long as the tests do."""
    return Rows(url)
