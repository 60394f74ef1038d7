"""A value over time."""

from __future__ import annotations

from bot.pictures.course import BODY, Course, thinned
from bot.pictures.sheet import Sheet
from handlers.reply import Chart


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, BODY, rtl=rtl)
    course = Course(sheet, thinned(chart.points))
    every = range(len(course.points))
    course.ground()
    course.fill(every)
    course.run(every)
    course.dots(every)
    course.tell(course.telling(every))
    return sheet
