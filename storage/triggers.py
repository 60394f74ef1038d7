"""Triggers that stand as the code has them: put there after migrations, taken away before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection


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
