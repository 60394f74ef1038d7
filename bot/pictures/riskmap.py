"""Customers by what they are worth and how probably they are lost: a dot each, with its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from bot.pictures import letters
from bot.pictures.sheet import AMBER, BLUE, EDGE, END, INK, QUIET, RED, SMALL, TRACK, WIDTH, Sheet
from handlers.reply import Chart, Point

BODY = 720
MOST = 10
"""Customers on a map; with more no name could be read."""

AXIS = 96
"""Room for the percentages."""

LONGEST = 300
"""Pixels of a name; longer ones are cut."""

LINE, HIGH = 29, 60
"""Pixels of a line, and of a name with the figures below it."""

LITTLE = 24
"""Size of the figures."""

DOT = 12
"""Half of a dot."""

NEAR, FAR, STEP = 18, 420, 14
"""How far from its dot a name may stand, and in which steps a place is looked for."""

WAYS = 16
"""Directions in which one is looked for, the reading direction first."""

LIKELY, UNLIKELY = 60.0, 30.0
"""Percent from which on a loss is likely, and below which it is not."""


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels along the reading direction and from the top."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def within(self, other: Box) -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot, and where its name stands with its figures; None where there is no room for it."""

    along: float
    at: float
    said: str
    figures: str
    percent: float
    box: Box | None


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, BODY, rtl=rtl)
    field = Box(EDGE + AXIS, sheet.top + 24, WIDTH - EDGE, sheet.top + BODY - 40)
    _ground(sheet, field)
    for each in placed(chart.points[:MOST], field):
        colour = _colour(each.percent)
        sheet.dot((each.along, each.at), colour, 2.0 * DOT)
        if each.box is None:
            continue
        _lead(sheet, each, each.box)
        at = each.box.top + LINE - 6
        sheet.text((each.box.left, at), each.said, size=SMALL, colour=INK)
        sheet.text((each.box.left, at + LINE), each.figures, size=LITTLE, colour=QUIET)
    return sheet


def _colour(percent: float) -> str:
    return RED if percent >= LIKELY else AMBER if percent >= UNLIKELY else BLUE


def _ground(sheet: Sheet, field: Box) -> None:
    """Lines for the percentages."""
    for percent in (0, 25, 50, 75, 100):
        at = _height(percent, field)
        sheet.line([(field.left, at), (field.right, at)], TRACK, 2.0)
        sheet.text((EDGE + AXIS - 14, at + 10), f"{percent}%", align=END, size=SMALL, colour=QUIET)


def _height(percent: float, field: Box) -> float:
    inner = field.bottom - field.top - 2 * DOT
    return field.bottom - DOT - inner * min(max(percent, 0.0), 100.0) / 100


def placed(points: Sequence[Point], field: Box) -> list[Placed]:
    """Where dots and names stand: no name over another one or over a dot. Roots of what customers
    are worth, as a few large ones would push all others to the edge."""
    most = max((sqrt(max(0.0, each.value)) for each in points), default=0.0) or 1.0
    room = field.right - field.left - 4 * DOT
    dots = [
        (field.left + 2 * DOT + room * sqrt(max(0.0, each.value)) / most,
         _height(each.mark or 0.0, field))
        for each in points
    ]  # fmt: skip
    taken = [Box(x - DOT - 2, y - DOT - 2, x + DOT + 2, y + DOT + 2) for x, y in dots]
    found = []
    for point, (along, at) in zip(points, dots, strict=True):
        said = letters.fitted(letters.drawable(point.label), LONGEST, SMALL)
        figures = letters.fitted(letters.drawable(point.said), LONGEST, LITTLE)
        wide = max(letters.width(said, SMALL), letters.width(figures, LITTLE)) + 4
        free = (
            box for box in _places(along, at, wide)
            if box.within(field) and not any(box.meets(other) for other in taken)
        )  # fmt: skip
        box = next(free, None)
        if box is not None:
            taken.append(box)
        found.append(Placed(along, at, said, figures, point.mark or 0.0, box))
    return found


def _places(along: float, at: float, wide: float) -> Iterator[Box]:
    """Places for a name around a dot, the nearest first."""
    for far in range(NEAR, FAR, STEP):
        for way in range(WAYS):
            turn = (way + 1) // 2 * (-1) ** way * 2 * pi / WAYS
            x, y = along + far * cos(turn), at - far * sin(turn)
            left = x if cos(turn) > 0.3 else x - wide if cos(turn) < -0.3 else x - wide / 2
            yield Box(left, y - HIGH / 2, left + wide, y + HIGH / 2)


def _lead(sheet: Sheet, each: Placed, box: Box) -> None:
    """A thin line from a dot to a name that stands apart from it."""
    x = min(max(each.along, box.left), box.right)
    y = min(max(each.at, box.top), box.bottom)
    if sqrt((x - each.along) ** 2 + (y - each.at) ** 2) > NEAR + STEP:
        sheet.line([(each.along, each.at), (x, y)], QUIET, 1.5)
