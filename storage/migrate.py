"""Bring a database to the newest shape; safe to call at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage import (
    journey_marks,
    outlook_marks,
    plans,
    row_security,
    score_marks,
    sequence_marks,
    sums_kept,
)
from storage.database import Database
from storage.models import Base
from storage.revisions import TooNew, known, newest, revision_of

_LOCK = 0x7261627461  # "rabta": one process migrates, the others wait


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> bool:
    """Apply what is missing, all or nothing; True if there was something to do. Raises TooNew.

    On PostgreSQL every table then has its policy, whatever the migration that made it says; the
    sums of deals are kept, and whatever happens with a customer marks what is expected of them and
    how well they fit.
    """
    with database.engine.connect() as connection, _without_foreign_keys(connection):
        with connection.begin():
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            present = revision_of(connection)
            missing = present != newest()
            if present and present not in known():
                raise TooNew(str(present))
            if missing:
                sums_kept.leave(connection)
                outlook_marks.leave(connection)
                score_marks.leave(connection)
                sequence_marks.leave(connection)
                journey_marks.leave(connection)
                command.upgrade(alembic_config(connection), "head")
                _check_foreign_keys(connection)
                plans.tell(connection)
            missing = sums_kept.keep(connection) or missing
            missing = outlook_marks.keep(connection) or missing
            missing = score_marks.keep(connection) or missing
            missing = sequence_marks.keep(connection) or missing
            missing = journey_marks.keep(connection) or missing
            if not database.is_sqlite:
                missing = row_security.protect(connection) or missing
                database.role.known = False
                plans.measure(connection)
        return missing


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """On SQLite a table is changed by making it anew: with the keys on, what points to its rows
    would be deleted with the old one. They can be switched only outside of a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def _check_foreign_keys(connection: Connection) -> None:
    """They were off: nothing may point to what is not there any more."""
    if connection.dialect.name == "sqlite":
        astray = connection.execute(text("PRAGMA foreign_key_check")).all()
        if astray:
            raise AssertionError(f"rows that point nowhere after migrating: {astray[:3]}")


def differences(database: Database) -> list[object]:
    """What the models have and the migrated database has not, or the other way round."""
    with database.engine.begin() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return list(found)


def write_revision(database: Database, message: str) -> None:
    """For developers: draw up a migration from what the models have and the database lacks."""
    with database.engine.begin() as connection:
        command.revision(alembic_config(connection), message, autogenerate=True)
