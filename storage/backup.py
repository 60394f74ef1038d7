"""A SQLite database copied while it is in use, looked at, and put back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

BESIDE = ("", "-wal", "-shm")
"""A database is its file and what SQLite keeps beside it."""


class NoBackup(Exception):
    """Why it cannot be, in a sentence."""


def problem(path: Path) -> str:
    """What is wrong with a database file, in SQLite's words; empty where it is whole."""
    try:
        with closing(_opened(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else str(found)


def copy(source: Path, target: Path) -> None:
    """A whole copy of what stands there at this moment, or none. Raises NoBackup.

    It is one file, for its owner's eyes only, and stands under its name once it is checked and on
    the disk. Whoever writes meanwhile is not held up.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_opened(source)) as there, closing(sqlite3.connect(part)) as here:
            there.backup(here)
            here.execute("PRAGMA journal_mode=DELETE").close()
        wrong = problem(part)
        if wrong:
            raise NoBackup(f"{source} cannot be copied: it is damaged ({wrong}).")
        _on_disk(part)
        part.replace(target)
        _on_disk(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise NoBackup(f"{source} cannot be copied to {target}: {error}.") from None
    finally:
        for tail in (*BESIDE, "-journal"):
            part.with_name(part.name + tail).unlink(missing_ok=True)


def put_back(backup: Path, path: Path, now: datetime) -> Path | None:
    """The backup in the place of the database; where the former one was set aside.

    Nobody may use the database meanwhile. Raises NoBackup, and then nothing has changed.
    """
    _look_at(backup)
    fresh = path.with_name(f"{path.name}.new")
    copy(backup, fresh)
    aside = _set_aside(path, now) if path.exists() else None
    for tail in BESIDE[1:]:
        path.with_name(path.name + tail).unlink(missing_ok=True)
    fresh.replace(path)
    _on_disk(path.parent)
    return aside


def _set_aside(path: Path, now: datetime) -> Path:
    """With what is beside it, and that first: never an old log beside a new file."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()  # else it goes along
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}")
    for tail in reversed(BESIDE):
        with suppress(FileNotFoundError):
            path.with_name(path.name + tail).rename(aside.with_name(aside.name + tail))
    return aside


def _look_at(backup: Path) -> None:
    """Is it a whole database of Rabta's? Raises NoBackup."""
    if not backup.is_file():
        raise NoBackup(f"There is no file {backup}.")
    wrong = problem(backup)
    if wrong:
        raise NoBackup(f"{backup} is no whole SQLite database: {wrong}.")
    try:
        with closing(_opened(backup)) as connection:
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        raise NoBackup(f"{backup} is no database of Rabta's.") from None


def _opened(path: Path) -> sqlite3.Connection:
    """To read; nothing is made where there is nothing, and nobody's log is folded in."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=30)
    connection.execute("PRAGMA query_only=ON").close()
    connection.execute("PRAGMA wal_autocheckpoint=0").close()
    return connection


def _on_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # pragma: no cover - a folder cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
