"""What stands in each stage, from the first to the last."""

from __future__ import annotations

from itertools import pairwise

from bot.pictures.rows import BAR, BELOW, MOST, ROW, body, rest, scale, words
from bot.pictures.sheet import BLUE, Sheet
from handlers.reply import Chart


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, body(chart.points), rtl=rtl)
    shown = chart.points[:MOST]
    along = scale(shown)
    rows = [(sheet.top + ROW * number, point) for number, point in enumerate(shown)]
    zero = along.at(0)
    for (at, point), (after, following) in pairwise(rows):  # what narrows from stage to stage
        this, then = along.at(point.value), along.at(following.value)
        upper, lower = at + BELOW + BAR, after + BELOW
        corners = [(zero, upper), (this, upper), (then, lower), (zero, lower)]
        sheet.area(corners, BLUE, 0.13)
    for at, point in rows:
        words(sheet, at, point)
        sheet.bar(zero, along.at(point.value), at + BELOW, BAR, BLUE)
    rest(sheet, chart.points)
    return sheet
