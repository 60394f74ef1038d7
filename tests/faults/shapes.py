"""A database with rows in every shape that it ever had, grown once and copied for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from storage.database import Database
from tests.conftest import made

Grow = Callable[[Database, str, int], None]
"""Brings a database to the next shape, and writes rows of that number into it."""

Copy = Callable[[str], str]
"""From the URL of a database, or nothing, to the URL of another one just like it."""


class Shapes:
    """Each is the one before, grown: walking all the way for every shape took a minute."""

    def __init__(self, copy: Copy, revisions: list[str], grow: Grow) -> None:
        self._copy, self._revisions, self._grow = copy, revisions, grow
        self._kept = [copy("")]

    def of(self, revision: str) -> str:
        """The URL of a database of that shape, which the caller may change."""
        number = self._revisions.index(revision) + 1
        while len(self._kept) <= number:
            url = self._copy(self._kept[-1])
            with closing(Database(url)) as database:
                self._grow(database, self._revisions[len(self._kept) - 1], len(self._kept))
            self._kept.append(url)
        return self._copy(self._kept[number])


def in_folder(folder: Path) -> Copy:
    """Copies of SQLite files."""
    there: list[Path] = []

    def copy(url: str) -> str:
        there.append(folder / f"{len(there)}.db")
        if url:
            shutil.copy(url.removeprefix("sqlite:///"), there[-1])
        else:
            there[-1].touch()
        return f"sqlite:///{there[-1]}"

    return copy


@contextmanager
def on_server(server: str) -> Iterator[Copy]:
    """Copies of databases on a PostgreSQL server."""
    with ExitStack() as there:
        names: dict[str, str] = {"": "template1"}

        def copy(url: str) -> str:
            name = f"shape_{os.getpid()}_{len(names)}"
            new = there.enter_context(made(server, name, like=names[url]))
            names[new] = name
            return new

        yield copy
