"""A value over time, and the range in which the coming ones will lie."""

from __future__ import annotations

from bot.pictures.course import BODY, Course, thinned
from bot.pictures.sheet import AMBER, Sheet
from handlers.reply import Chart, Point

LONE = 60
"""Half the width of a range that stands alone."""


def draw(chart: Chart, *, rtl: bool) -> Sheet:
    sheet = Sheet(chart.title, chart.note, BODY, rtl=rtl)
    course = Course(sheet, thinned(chart.points))
    coming = [n for n, point in enumerate(course.points) if _is_coming(point)]
    begin = coming[0] if coming else len(course.points)
    known, ahead = range(begin), range(begin, len(course.points))
    course.ground()
    course.fill(known)
    _ranges(course, known, ahead)
    course.run(known)
    course.run([*known[-1:], *ahead], AMBER, dashed=True)
    course.dots(known)
    course.dots(ahead, AMBER, hollow=True)
    course.tell(course.telling(ahead), AMBER)
    course.tell(course.telling(known))
    return sheet


def _is_coming(point: Point) -> bool:
    return point.low is not None or point.high is not None


def _ranges(course: Course, known: range, ahead: range) -> None:
    """The range opens from what is known last."""
    low = [course.place(n, _or(course.points[n].low, course.points[n].value)) for n in ahead]
    high = [course.place(n, _or(course.points[n].high, course.points[n].value)) for n in ahead]
    if known and ahead:
        last = course.place(known[-1])
        low, high = [last, *low], [last, *high]
    if len(low) == 1:
        (along, bottom), (_, top) = low[0], high[0]
        low = [(along - LONE, bottom), (along + LONE, bottom)]
        high = [(along - LONE, top), (along + LONE, top)]
    if low:
        course.sheet.area([*high, *reversed(low)], AMBER, 0.28)


def _or(number: float | None, otherwise: float) -> float:
    return otherwise if number is None else number
