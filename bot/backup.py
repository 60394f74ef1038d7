"""``rabta backup`` and ``rabta restore``: where the database is, and whether it may be touched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.backup import NoBackup, copy, put_back
from storage.hold import file_of, hold

if TYPE_CHECKING:
    from bot.settings import Settings


def keep(settings: Settings, target: Path) -> None:
    """Copy the database, which may be in use. Raises NoBackup."""
    path = _file(settings, "pg_dump")
    if not path.exists():
        raise NoBackup("There is no database yet; rabta run makes it.")
    if target.exists():
        raise NoBackup(f"{target} is there already; give the copy a new name.")
    copy(path, target)


def bring_back(settings: Settings, backup: Path) -> Path | None:
    """Put it in the database's place; where that went. Raises NoBackup, and Held while it runs."""
    path = _file(settings, "pg_restore")
    try:
        with hold(settings.database_url, "restore"):
            return put_back(backup, path, datetime.now(UTC))
    except OSError as error:
        raise NoBackup(f"{backup} cannot be put in the place of {path}: {error}.") from None


def _file(settings: Settings, instead: str) -> Path:
    path = file_of(settings.database_url)
    if path is None:
        raise NoBackup(f"Only a SQLite file is copied so; for PostgreSQL use {instead}.")
    return path
