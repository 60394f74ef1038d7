"""What those who come through a door find behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Another database, of whom nobody has told anything yet."""
    shutil.copy(sqlite_template, tmp_path / "empty.db")
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    database.close()
