"""Many new rows of a table in a few statements, told in one line (``storage.brought``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from storage import names
from storage.base import Recorded
from storage.brought import Brought
from storage.types import new_id
from storage.writing import write_values


class Bulk:
    """Writes rows for one turn of a workspace."""

    def __init__(self, session: Session, workspace_id: int, turn_id: int) -> None:
        self.session, self.workspace_id, self.turn_id = session, workspace_id, turn_id

    def write(self, kind: Any, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows, which get their ``id`` unless they have one from ``ids``."""
        if not rows:
            return
        fresh = iter(new_id.several(sum("id" not in row for row in rows)))
        for row in rows:
            row["workspace_id"] = self.workspace_id
            if "id" not in row:
                row["id"] = next(fresh)
        write_values(self.session, kind, rows)
        names.keep(self.session, kind.__tablename__, rows)
        if issubclass(kind, Recorded):
            self._tell(kind.__tablename__, rows[0]["id"], rows[-1]["id"])

    def ids(self, count: int) -> Sequence[int]:
        """Numbers that follow each other, for rows whose parts are written with them."""
        numbers: range = new_id.several(count)
        return numbers

    def _tell(self, table: str, first: int, last: int) -> None:
        brought = {
            "workspace_id": self.workspace_id, "id": new_id(), "turn_id": self.turn_id,
            "table_name": table, "first_id": first, "last_id": last,
        }  # fmt: skip
        write_values(self.session, Brought, [brought])
