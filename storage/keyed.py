"""Columns that follow another one: the key by which a value is looked up, kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import String, event
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TEXT

Key = String(254).with_variant(TEXT(collation="C"), "postgresql")
"""Compared letter by letter, so that a beginning is a range of the index."""

Make = Callable[[str | None], str | None]


def key_beside(name: str, make: Make) -> MappedColumn[str | None]:
    """A column with the key that ``make`` makes of the column ``name``, however it is inserted."""
    return mapped_column(
        Key, default=lambda context: make(context.get_current_parameters().get(name))
    )


def follow(kind: type[Any], name: str, key: str, make: Make) -> None:
    """Let the key of an object change with its value."""

    def changed(row: Any, value: Any, _before: Any, _why: Any) -> None:
        setattr(row, key, make(value))

    event.listen(getattr(kind, name), "set", changed)
