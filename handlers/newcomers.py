"""How many new customers each month brought: those whose first purchase fell in it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from dateutil.relativedelta import relativedelta

from handlers.book import Chapter
from handlers.reply import Chart, Line, Point, Reply, Title
from handlers.turn import Turn
from storage.newcomers import newcomers

chapter = Chapter(__name__)

MONTHS = 12
"""Months of one answer, this one among them."""


@chapter.command("newcomers.show")
def show(turn: Turn) -> Reply:
    """The new customers of each of the last twelve months."""
    this = turn.today.replace(day=1)
    begin = this - relativedelta(months=MONTHS - 1)
    found = newcomers(turn.session, turn.workspace.id, begin, turn.today)
    months = Counter(each.day.replace(day=1) for each in found)
    how = turn.button("how_button", "stats.how", measure="newcomers")
    if not months:
        return Reply((Line(turn.say("newcomers_none")),), (how,))
    title = turn.say("newcomers_by_month")
    first = min(months)
    shown = [this - relativedelta(months=back) for back in reversed(range(MONTHS))]
    points = tuple(
        Point(_label(turn, month), months[month], str(months[month]))
        for month in shown
        if month >= first
    )
    chart = Chart("trend", title, points, turn.piece("newcomers_this_runs"))
    total = Line(turn.say("newcomers_total", n=len(found)))
    return Reply((Title(title), chart, total), (how,))


def _label(turn: Turn, month: date) -> str:
    return f"{turn.voice.month(month.month)} {month.year}"
