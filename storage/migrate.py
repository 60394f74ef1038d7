"""Bring a database to the newest shape; safe to call at every start."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database
from storage.models import Base

_LOCK = 0x7261627461  # "rabta": one process migrates, the others wait


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> bool:
    """Apply what is missing, in one transaction; True if there was something to do."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _revision(connection) == newest():
            return False
        command.upgrade(alembic_config(connection), "head")
        return True


def is_current(database: Database) -> bool:
    with database.engine.begin() as connection:
        return _revision(connection) == newest()


def newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def differences(database: Database) -> list[object]:
    """What the models have and the migrated database has not, or the other way round."""
    with database.engine.begin() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return list(found)


def write_revision(database: Database, message: str) -> None:
    """For developers: draw up a migration from what the models have and the database lacks."""
    with database.engine.begin() as connection:
        command.revision(alembic_config(connection), message, autogenerate=True)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
