"""The cells of one row by what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exchange.columns import Column
from exchange.dates import read_day, read_moment
from exchange.records import keep
from exchange.values import clean, tidy

ADDRESS = ("street", "city", "state", "postcode", "country")
"""The slots of which an address is made, in their order."""

_SEVERAL = ":::"  # what Google puts between several values in one cell


class Layout:
    """Columns by their slots: as they stand, and by how much they count; once for a table."""

    def __init__(self, columns: Sequence[Column], us_days: frozenset[int]) -> None:
        self.columns = {column.at: column for column in columns}
        self.us_days = us_days
        self.slots: dict[str, list[Column]] = {}
        for column in columns:
            if column.slot:
                self.slots.setdefault(column.slot.name, []).append(column)
        self.ranked = {
            slot: sorted(there, key=lambda each: each.slot.rank if each.slot else 0)
            for slot, there in self.slots.items()
        }
        parts = [slot for slot in ADDRESS for _ in self.slots.get(slot, ())]
        self.has_one_city = parts == ["city"]


class Cells:
    """What is taken is gone; what is left becomes fields by their headers."""

    def __init__(self, row: Sequence[str], layout: Layout) -> None:
        self.layout = layout
        width = len(row)
        self._left = {
            at: row[at] for at in layout.columns if at < width and row[at] and not row[at].isspace()
        }

    def __bool__(self) -> bool:
        return bool(self._left)

    def first(self, slot: str) -> str:
        """The value of the column that counts most; those of the others are left."""
        if slot not in self.layout.slots or (column := self._best(slot)) is None:
            return ""
        value = self._left.pop(column.at)
        said = tidy(value.split(_SEVERAL)[0] if _SEVERAL in value else value)
        if len(self.layout.slots[slot]) == 1:
            return said
        for other in self.layout.slots[slot]:
            if other.at in self._left and tidy(self._left[other.at]) == said:
                del self._left[other.at]
        return said

    def all(self, *slots: str) -> list[str]:
        """Every value that is left, slot after slot, each in the order of its columns."""
        there = self.layout.slots
        return [clean(value) for slot in slots if slot in there for _, value in self.take(slot)]

    def take(self, slot: str) -> list[tuple[Column, str]]:
        """The same of one slot, with the columns."""
        there = self.layout.slots.get(slot)
        if there is None:
            return []
        left = self._left
        return [(column, left.pop(column.at)) for column in there if column.at in left]

    def leave(self, column: Column, value: str) -> None:
        """Put back what was taken and means nothing there."""
        self._left[column.at] = value

    def peek(self, slot: str) -> str:
        """The value that counts most, which stays."""
        column = self._best(slot) if slot in self.layout.slots else None
        return tidy(self._left[column.at]) if column else ""

    def header(self, slot: str) -> str:
        """That of the column that counts most; "" where there is none."""
        column = self._best(slot)
        return column.header if column else ""

    def day(self, slot: str) -> str | None:
        """The day as ISO writes it; what is no day is left."""
        column = self._best(slot)
        if column is None:
            return None
        day = read_day(tidy(self._left[column.at]), us=column.at in self.layout.us_days)
        if day is None:
            return None
        del self._left[column.at]
        return day.isoformat()

    def moment(self, slot: str) -> str | None:
        """A day with its time, if it has one; what is neither is left."""
        column = self._best(slot)
        if column is None:
            return None
        us = column.at in self.layout.us_days
        moment = read_moment(tidy(self._left[column.at]), us=us)
        if moment is not None:
            del self._left[column.at]
        return moment

    def fields(self, fields: dict[str, str], without: Iterable[str] = ("nothing",)) -> None:
        """Keep what is left by its headers."""
        for at, value in self._left.items():
            column = self.layout.columns[at]
            if not column.slot or column.slot.name not in without:
                keep(fields, column.header, tidy(value))

    def _best(self, slot: str) -> Column | None:
        for column in self.layout.ranked.get(slot, ()):
            if column.at in self._left:
                return column
        return None
