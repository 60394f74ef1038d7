"""The cells of one row by what they mean."""

from __future__ import annotations

from collections.abc import Iterable

from exchange.columns import Column
from exchange.dates import read_day, read_moment
from exchange.records import keep
from exchange.values import clean, tidy

_SEVERAL = ":::"  # what Google puts between several values in one cell
Filled = list[tuple[Column, str]]


class Cells:
    """What is taken is gone; what is left becomes fields by their headers."""

    def __init__(self, filled: Filled, us_days: frozenset[int] = frozenset()) -> None:
        self.left: dict[int, tuple[Column, str]] = {column.at: (column, v) for column, v in filled}
        self.us_days = us_days
        self.slots: dict[str, list[tuple[Column, str]]] = {}
        for column, value in filled:
            if column.slot:
                self.slots.setdefault(column.slot.name, []).append((column, value))

    def first(self, slot: str) -> str:
        """The value of the column that counts most; those of the others are left."""
        column, value = self._best(slot)
        if column is None:
            return ""
        del self.left[column.at]
        said = tidy(value.split(_SEVERAL)[0] if _SEVERAL in value else value)
        for other, more in self.slots[slot]:
            if tidy(more) == said:
                self.left.pop(other.at, None)
        return said

    def all(self, *slots: str) -> list[str]:
        """Every value that is left, slot after slot, each in the order of its columns."""
        there = [each for slot in slots for each in self.slots.get(slot, ())]
        found = [each for each in there if each[0].at in self.left]
        for column, _ in found:
            self.left.pop(column.at, None)
        return [clean(value) for _, value in found]

    def header(self, slot: str) -> str:
        """That of the column that counts most; "" where there is none."""
        column, _ = self._best(slot)
        return column.header if column else ""

    def columns(self, slot: str) -> Filled:
        return self.slots.get(slot, [])

    def drop(self, column: Column) -> None:
        self.left.pop(column.at, None)

    def day(self, slot: str) -> str | None:
        """The day as ISO writes it; what is no day is left."""
        column, value = self._best(slot)
        day = read_day(tidy(value), us=column.at in self.us_days) if column else None
        if column is None or day is None:
            return None
        del self.left[column.at]
        return day.isoformat()

    def moment(self, slot: str) -> str | None:
        column, value = self._best(slot)
        moment = read_moment(tidy(value), us=column.at in self.us_days) if column else None
        if column is None or moment is None:
            return None
        del self.left[column.at]
        return moment

    def fields(self, fields: dict[str, str], without: Iterable[str] = ("nothing",)) -> None:
        """Keep what is left by its headers."""
        unwanted = set(without)
        for column, value in self.left.values():
            if not column.slot or column.slot.name not in unwanted:
                keep(fields, column.header, tidy(value))

    def _best(self, slot: str) -> tuple[Column | None, str]:
        there = [each for each in self.slots.get(slot, ()) if each[0].at in self.left]
        if not there:
            return None, ""
        return min(there, key=lambda each: each[0].slot.rank if each[0].slot else 0)
