"""Changes of many rows that are here already: in a few statements, with a ``Change`` for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from storage.asking import asked, dialect_of, listed, made_once, one_of
from storage.base import Base
from storage.history import row_as_kept
from storage.models import Change, CustomValue
from storage.types import new_id
from storage.writing import change_all, write_values

AT_ONCE = 500

_SPACE = bindparam("space", type_=Integer)


class Fill:
    """Gathers what is to be put into rows and beside them, and writes it with ``settle``."""

    def __init__(self, session: Session, workspace_id: int, turn_id: int) -> None:
        self.session, self.workspace_id, self.turn_id = session, workspace_id, turn_id
        self._columns: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
        self._parts: dict[Any, list[dict[str, Any]]] = defaultdict(list)

    def columns(self, table: str, row_id: int, values: Mapping[str, Any]) -> bool:
        """Put these values into a row; whether there are any."""
        if values:
            self._columns[table, row_id] |= values
        return bool(values)

    def row(self, table: str, row_id: int) -> dict[str, Any]:
        """What stands in a row, with what is to be put there."""
        kind = Base.metadata.tables[table]
        here = select(kind).where(
            kind.c.workspace_id == self.workspace_id, kind.c.id == bindparam("this")
        )
        found = self.session.execute(here, {"this": row_id}).mappings().first()
        return {**(found or {}), **self._columns.get((table, row_id), {})}

    def fields_of(self, table: str, row_id: int) -> set[int]:
        """The custom fields in which a row has something."""
        here = select(CustomValue.field_id).where(
            CustomValue.workspace_id == self.workspace_id,
            getattr(CustomValue, f"{table}_id") == bindparam("this"),
        )
        waiting = (row for row in self._parts[CustomValue] if row.get(f"{table}_id") == row_id)
        there = set(self.session.scalars(here, {"this": row_id}))
        return there | {row["field_id"] for row in waiting}

    def part(self, table: Any, /, **values: Any) -> None:
        """A new row that belongs to one that is here."""
        self._parts[table].append(values)

    def settle(self) -> None:
        """Write it all. A row that went meanwhile is left alone."""
        changes: list[dict[str, Any]] = []
        for name in sorted({table for table, _ in self._columns}):
            wanted = {row: each for (table, row), each in self._columns.items() if table == name}
            for some in _some(wanted):
                changes += self._changed(name, some)
        for kind, rows in self._parts.items():
            for number, row in zip(new_id.several(len(rows)), rows, strict=True):
                row |= {"workspace_id": self.workspace_id, "id": number, "version": 1}
            table = kind.__table__
            whole = [{**dict.fromkeys(table.c.keys()), **row} for row in rows]
            write_values(self.session, kind, whole)
            changes += [self._change(table, None, row) for row in whole]
        write_values(self.session, Change, changes)
        self._columns.clear()
        self._parts.clear()

    def _changed(self, name: str, wanted: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
        table = Base.metadata.tables[name]
        said = {"space": self.workspace_id, "ids": listed(wanted)}
        found = asked(self.session, _rows(table, dialect_of(self.session)), said)
        changes = []
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in [each._asdict() for each in found.all()]:
            new = {**wanted[row["id"]], "version": row["version"] + 1}
            changes.append(self._change(table, row, {**row, **new}))
            key = {"workspace_id": self.workspace_id, "id": row["id"]}
            alike[tuple(sorted(new))].append({**key, **new})
        for rows in alike.values():
            change_all(self.session, table, rows)
        return changes

    def _change(
        self, table: Any, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "workspace_id": self.workspace_id,
            "id": new_id(),
            "turn_id": self.turn_id,
            "table_name": table.name,
            "row_id": after["id"],
            "before": row_as_kept(before) if before else None,
            "after": row_as_kept(after),
            "undoes": None,
        }


@made_once
def _rows(table: Table, dialect: str) -> Select[Any]:
    """Those with these ids, locked."""
    here = (table.c.workspace_id == _SPACE, one_of(table.c.id, "ids", dialect, BigInteger))
    return select(table).where(*here).with_for_update()


def _some(wanted: Mapping[int, Any]) -> Iterator[dict[int, Any]]:
    left = iter(wanted.items())
    while some := dict(islice(left, AT_ONCE)):
        yield some
