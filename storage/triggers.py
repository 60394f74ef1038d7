"""Triggers that stand as the code has them: put there after migrations, taken away before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

AT_ONCE = "1970-01-01 00:00:00.000000"
"""``storage.types.AT_ONCE``, as SQL reads it."""


def there(connection: Connection, ours: Callable[[str], bool]) -> dict[str, str]:
    """Those that are there and by their names ours, with what each of them does."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = """SELECT tgname, prosrc FROM pg_trigger
            JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND tgenabled = 'O'
            AND relnamespace = current_schema()::regnamespace"""
    rows = connection.exec_driver_sql(found).all()
    return {name: said for name, said in rows if ours(name)}


def leave(connection: Connection, ours: Callable[[str], bool]) -> None:
    """Take them away."""
    for name in there(connection, ours):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")


def put(connection: Connection, meant: Mapping[str, str], called: Mapping[str, str]) -> None:
    """Make them. ``meant``: on SQLite the whole statement, on PostgreSQL what the trigger does;
    there ``called`` is when it does."""
    for name, said in meant.items():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(said)
            continue
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $does${said}$does$;"
            f" CREATE TRIGGER {name} AFTER {called[name]} EXECUTE FUNCTION {name}()"
        )


@dataclass(frozen=True)
class Marks:
    """Triggers that go row by row and mark for the clock what has changed.

    ``told``: when each is called and the statements that it runs; ``first``: what marks all that
    was there before them. ``{at_once}`` and ``{yes}`` stand for what each database calls so;
    ``{not_yet}`` lets whoever is marked already alone, on SQLite, where nobody else writes
    meanwhile. On PostgreSQL the clock may just be looking at them as they were.
    """

    prefix: str
    told: Mapping[str, tuple[str, Sequence[str]]]
    first: Sequence[str]

    def keep(self, connection: Connection) -> bool:
        """Put them there and mark what is; False if they were there as they should."""
        on_sqlite = connection.dialect.name == "sqlite"
        meant = self._on_sqlite() if on_sqlite else self._on_postgresql()
        if there(connection, self._is_ours) == meant:
            return False
        self.leave(connection)
        called = {self.prefix + name: _by_row(when) for name, (when, _) in self.told.items()}
        put(connection, meant, called)
        for each in self.first:
            connection.exec_driver_sql(each.format(**_said(on_sqlite)))
        return True

    def leave(self, connection: Connection) -> None:
        leave(connection, self._is_ours)

    def _is_ours(self, name: str) -> bool:
        return name.startswith(self.prefix)

    def _on_sqlite(self) -> dict[str, str]:
        said = _said(True)
        return {
            self.prefix + name: f"CREATE TRIGGER {self.prefix}{name} AFTER {when} BEGIN "
            + "".join(f"{each.format(**said)}; " for each in does) + "END"
            for name, (when, does) in self.told.items()
        }  # fmt: skip

    def _on_postgresql(self) -> dict[str, str]:
        said = _said(False)
        return {
            self.prefix + name: "BEGIN " + "".join(f"{each.format(**said)}; " for each in does)
            + "RETURN NULL; END"
            for name, (_, does) in self.told.items()
        }  # fmt: skip


def _said(on_sqlite: bool) -> dict[str, str]:
    if on_sqlite:
        waiting = f" AND next_check_at IS NOT '{AT_ONCE}'"
        return {"yes": "1", "at_once": f"'{AT_ONCE}'", "not_yet": waiting}
    return {"yes": "true", "at_once": f"'{AT_ONCE}+00'::timestamptz", "not_yet": ""}


def _by_row(told: str) -> str:
    """On PostgreSQL, which is told that it goes row by row."""
    what, _, condition = told.partition(" WHEN ")
    return f"{what} FOR EACH ROW" + (f" WHEN {condition}" if condition else "")
