"""The base of all tables: keys led by the workspace, versions, and history by inheritance."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from storage.types import Json, Moment, new_id


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: Json,
        list[dict[str, Any]]: Json,
        int: BigInteger(),
        str: String(),
    }


class Workspaced:
    """A row of one workspace. Its id is given at birth, so that it can be named at once."""

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        super().__init__(**values)


class Recorded(Workspaced):
    """A row whose every change is kept before and after: history, audit and undo in one.

    ``version`` counts the changes; a change of a row that somebody else changed meanwhile fails.
    """

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def link(row: Recorded, name: str, target: Recorded | None) -> None:
    """Let ``row`` belong to another ``contact`` or ``company``, at once and without a query."""
    setattr(row, f"{name}_id", target.id if target else None)
    set_committed_value(row, name, target)


def none_yet(row: Recorded, *lists: str) -> None:
    """A row that was just made holds nothing under these names: nobody needs to look."""
    for name in lists:
        set_committed_value(row, name, [])


def belongs_to(table: str, column: str, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key led by the workspace: no row points into another workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], ondelete=ondelete
    )


def waits(*columns: str) -> Index:
    """An index of the moments at which the clock looks (the last of these columns), of those rows
    alone that it looks at: what is due costs what it is, however much is stored."""
    return told(*columns, where=columns[-1])


def told(*columns: str, where: str) -> Index:
    """An index of those rows alone of which ``where``, one of the columns, is told."""
    there = text(f"{where} IS NOT NULL")
    return Index(None, "workspace_id", *columns, sqlite_where=there, postgresql_where=there)
