"""Who has most, first; the first in a colour of their own."""

from __future__ import annotations

from bot.pictures.rows import BAR, BELOW, LINE, MOST, ROW, body, rest, scale, words
from bot.pictures.sheet import AMBER, BLUE, EDGE, QUIET, RED, Sheet
from handlers.reply import Chart, Point

BEHIND = 60
"""Room for the rank before a name."""


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, body(chart.points), rtl=rtl)
    shown = chart.points[:MOST]
    along = scale(shown, behind=BEHIND)
    for number, point in enumerate(shown):
        at = sheet.top + ROW * number
        colour = _colour(point, first=number == 0)
        rank = AMBER if colour == AMBER else QUIET
        sheet.text((EDGE, at + LINE), f"{number + 1}", colour=rank, bold=True)
        words(sheet, at, point, behind=BEHIND)
        sheet.bar(along.at(0), along.at(point.value), at + BELOW, BAR, colour)
    rest(sheet, chart.points)
    return sheet


def _colour(point: Point, *, first: bool) -> str:
    if point.value < 0:
        return RED
    return AMBER if first and point.value else BLUE
