"""Values as rows: name and value on a line, a bar below it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.letters import drawable, fitted, width
from bot.pictures.sheet import EDGE, END, QUIET, TEXT, WIDTH, Scale, Sheet
from handlers.reply import Point

ROW, BAR, BELOW = 112, 30, 56
"""Heights of a row, and of the bar in it; where in the row the bar begins."""
MOST = 12
"""Rows that are drawn; how many there are more is told."""
VALUE, LEAST = 0.72, 25
"""How much of a row its value may take, and the size of its letters where it takes more."""
LINE, BESIDE = 36, 24
"""Where a row's words stand in it, and what they leave between name and value."""


def scale(points: Sequence[Point], *, behind: float = 0.0) -> Scale:
    numbers = [number for point in points for number in point.numbers]
    return Scale(numbers, EDGE + behind, WIDTH - EDGE)


def body(points: Sequence[Point]) -> float:
    """The height of all rows, and of the line that tells of those that are left out."""
    return ROW * min(len(points), MOST) + (48 if len(points) > MOST else 0)


def words(sheet: Sheet, at: float, point: Point, *, behind: float = 0.0) -> None:
    """A row's name and value. A name is cut before a value is, and a long value is set smaller."""
    room = WIDTH - 2 * EDGE - behind
    name = fitted(point.label, room, TEXT)
    free = max(room * VALUE, room - width(name, TEXT) - BESIDE)
    size = TEXT if width(drawable(point.said), TEXT, bold=True) <= free else LEAST
    said = fitted(point.said, free, size, bold=True)
    name = fitted(point.label, room - width(said, size, bold=True) - BESIDE, TEXT)
    sheet.text((EDGE + behind, at + LINE), name)
    sheet.text((WIDTH - EDGE, at + LINE), said, align=END, size=size, bold=True)


def rest(sheet: Sheet, points: Sequence[Point]) -> None:
    if len(points) > MOST:
        sheet.text((EDGE, sheet.top + ROW * MOST + 34), f"+{len(points) - MOST}", colour=QUIET)
