"""How far goals are: a bar on its track, and the mark that it should reach."""

from __future__ import annotations

from bot.pictures.rows import BAR, BELOW, MOST, ROW, body, rest, scale, words
from bot.pictures.sheet import AMBER, BLUE, GREEN, INK, TRACK, Scale, Sheet
from handlers.reply import Chart, Point

OVER = 14
"""By how much the mark is longer than the bar is thick."""


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, body(chart.points), rtl=rtl)
    for number, point in enumerate(chart.points[:MOST]):
        at = sheet.top + ROW * number
        words(sheet, at, point)
        _goal(sheet, at + BELOW, point, scale([point]))
    rest(sheet, chart.points)
    return sheet


def _goal(sheet: Sheet, at: float, point: Point, along: Scale) -> None:
    """Goals in different units stand below each other, so each has a scale of its own."""
    sheet.bar(along.first, along.last, at, BAR, TRACK)
    if point.low is not None and point.high is not None:
        low, high = along.at(point.low), along.at(point.high)
        sheet.area([(low, at), (high, at), (high, at + BAR), (low, at + BAR)], INK, 0.25)
    reached = point.mark is not None and point.value >= point.mark
    colour = BLUE if point.mark is None else GREEN if reached else AMBER
    sheet.bar(along.at(0), along.at(point.value), at, BAR, colour)
    if point.mark is not None:
        mark = along.at(point.mark)
        sheet.line([(mark, at - 3), (mark, at + BAR + OVER)], INK, 6)
