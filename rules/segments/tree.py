"""The tree of a segment: tests of a contact, joined by and, or, not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

UNITS = ("d", "w", "mo", "y")


@dataclass(frozen=True, slots=True)
class Ago:
    """So many days (d), weeks (w), months (mo) or years (y) before today; below 0: after it."""

    count: int
    unit: str = "d"

    def day(self, today: date) -> date:
        """Raises OverflowError for a day that no calendar has."""
        if self.unit in {"d", "w"}:
            return today - timedelta(days=self.count * (7 if self.unit == "w" else 1))
        months = self.count * (12 if self.unit == "y" else 1)
        try:
            return today - relativedelta(months=months)
        except ValueError as error:
            raise OverflowError(self.count) from error


Edge = date | Ago
"""An end of a period: that day, or one that moves with today."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day through another one; None: open at that end."""

    first: Edge | None = None
    last: Edge | None = None

    def days(self, today: date) -> tuple[date | None, date | None]:
        return _day(self.first, today), _day(self.last, today)


@dataclass(frozen=True, slots=True)
class Around:
    """The day, week, month, quarter or year that today is in (0), the one before (-1) or after
    (1). Weeks begin on Monday."""

    step: int
    unit: str

    def days(self, today: date) -> tuple[date | None, date | None]:
        if self.unit == "day":
            day = today + timedelta(days=self.step)
            return day, day
        if self.unit == "week":
            monday = today + timedelta(days=7 * self.step - today.weekday())
            return monday, monday + timedelta(days=6)
        size = {"month": 1, "quarter": 3, "year": 12}[self.unit]
        begin = today.replace(month=(today.month - 1) // size * size + 1, day=1)
        first = begin + relativedelta(months=size * self.step)
        return first, first + relativedelta(months=size) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money in whole units; None: in the workspace's currency."""

    amount: Decimal
    currency: str | None = None


Value = bool | tuple[str, ...] | Decimal | Sum | Ago | Period | Around
"""What a field is held against: texts are one of several."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which of the orders, activities or deals count: those of a product, of a time, ..."""

    key: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Test:
    """One condition. ``name`` is that of a custom field, where ``field`` is ``field``."""

    __test__ = False  # it is none of pytest's

    field: str
    op: str
    value: Value = True
    where: tuple[Where, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]


Node = Test | Not | And | Or


def both(nodes: Iterable[Node]) -> Node:
    """All of these, each once; of one it is that one."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, And) else (node,)
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else And(once)


def either(nodes: Iterable[Node]) -> Node:
    """Any of these."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, Or) else (node,)
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else Or(once)


def tests_of(node: Node) -> Iterator[Test]:
    """Every condition in it, left to right."""
    match node:
        case Test():
            yield node
        case Not(inner):
            yield from tests_of(inner)
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from tests_of(each)


def _day(edge: Edge | None, today: date) -> date | None:
    return edge.day(today) if isinstance(edge, Ago) else edge
