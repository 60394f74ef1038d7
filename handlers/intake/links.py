"""What records of one export call each other by: the id each has there, and its row here."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any


class Links:
    """Rows by the ids that their records had where they come from.

    An export may hold a million contacts, so they are kept as plain numbers: 16 bytes each.
    """

    def __init__(self) -> None:
        self._said, self._rows = array("q"), array("q")
        self._in_order = True

    def keep(self, kind: str, said: Any, row: int) -> None:
        """``said`` is the id as the file has it; nothing is kept of a record without one."""
        if said in (None, ""):
            return
        self._said.append(_key(kind, said))
        self._rows.append(row)
        self._in_order = False

    def of(self, kind: str, said: Any) -> int | None:
        """The row of the record that had this id; None where none came."""
        if said in (None, "") or not self._said:
            return None
        if not self._in_order:
            self._sort()
        key = _key(kind, said)
        at = bisect_left(self._said, key)
        return self._rows[at] if at < len(self._said) and self._said[at] == key else None

    def _sort(self) -> None:
        order = sorted(range(len(self._said)), key=self._said.__getitem__)
        self._said = array("q", [self._said[at] for at in order])
        self._rows = array("q", [self._rows[at] for at in order])
        self._in_order = True


def _key(kind: str, said: Any) -> int:
    return hash((kind, str(said).strip()))
