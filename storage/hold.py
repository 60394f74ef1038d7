"""Who holds a SQLite file: one ``run`` or ``chat`` at a time, by a lock that dies with its process.

The lock is the system's, on a file beside the database. What stands in that file (process and
moment) is only told to whoever comes second: a kill leaves it behind, but not the lock.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import URL, make_url

PATIENCE = 0.5
"""Seconds in which somebody who only looks at the lock, or is just ending, lets go of it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process, its command (run, chat), and since when (ISO, UTC)."""

    process: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"rabta {self.command}, process {self.process}, since {self.since}"


class Held(Exception):
    """Another process holds the database."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.path, self.holder = path, holder
        super().__init__(
            f"{path} is in use ({holder or 'another Rabta'}). SQLite serves one rabta run or chat "
            "at a time: stop that one first, or set RABTA_DATABASE_URL to PostgreSQL."
        )


@contextmanager
def hold(url: str, command: str, patience: float = PATIENCE) -> Iterator[None]:
    """Be the one that writes, as long as this lasts; nothing to hold on PostgreSQL. Raises Held."""
    path = file_of(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock_file(path).open("a+") as file:
        deadline = time.monotonic() + patience
        while not _locked(file):
            if time.monotonic() > deadline:
                raise Held(path, _written(file))
            time.sleep(0.05)
        holder = Holder(os.getpid(), command, datetime.now(UTC).isoformat(" ", "seconds"))
        file.truncate(0)
        json.dump(asdict(holder), file)
        file.flush()
        yield  # closing the file lets go


def holder_of(url: str) -> Holder | None:
    """Who holds it now; None where nobody does."""
    path = file_of(url)
    if path is None or not _lock_file(path).exists():
        return None
    with _lock_file(path).open("a+") as file:
        return None if _locked(file) else _written(file) or Holder(0, "run", "a moment ago")


def file_of(url: str | URL) -> Path | None:
    """The database's file, by its one true name; None where there is none."""
    url = make_url(url)
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database)).resolve()


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _written(file: IO[str]) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):  # it is being written at this very moment
        return None


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _locked(file: IO[str]) -> bool:
        """Try to lock a byte far behind what is written, which others may still read."""
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
