"""Figures as charts: which of them can be seen, and how they are called beside each other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from handlers.figure_drawn import drawn
from handlers.figure_words import named, shown, stretch
from handlers.pipeline import stage_keys
from handlers.reply import Chart, ChartKind, Line, Point, Reply, Table, Title
from handlers.turn import Turn
from language.figures import Figure
from rules.counting import TIMES
from rules.courses import begins, unbroken

if TYPE_CHECKING:
    from handlers.answered import Answered

FEWEST = 2
"""Groups that are worth a picture that nobody asked for: one figure is said sooner."""
TELLING = 4
"""Stretches of time from which on a picture says more than a table of them."""


def chart_of(turn: Turn, answer: Answered, title: str, fewest: int = FEWEST) -> Chart | None:
    """An answer to be seen; None where it has fewer groups."""
    figure = answer.figure
    rows = {name: value for name, value in answer.rows if isinstance(value, Fraction)}
    if len(rows) < fewest or figure.wanted in {"share", "fact", "forecast", "review"}:
        return None
    if figure.by in TIMES:
        return Chart("trend", title, _course(turn, figure, rows))
    kind, names = _order(turn, figure, rows)
    points = tuple(
        Point(named(turn, figure.by, name), float(value), shown(turn, figure, value))
        for name in names
        for value in (rows[name],)
    )
    return Chart(kind, title, points)


def _order(turn: Turn, figure: Figure, rows: dict[str, Fraction]) -> tuple[ChartKind, list[str]]:
    """Stages of what is open stand in their own order; all else by size."""
    if figure.by == "stage" and figure.which == "open":
        known = stage_keys(turn)
        places = {key: place for place, key in enumerate(known)}
        return "funnel", sorted(rows, key=lambda key: (places.get(key, len(known)), key))
    return "leaders", sorted(rows, key=lambda name: rows[name], reverse=not figure.least)


def _course(turn: Turn, figure: Figure, rows: dict[str, Fraction]) -> tuple[Point, ...]:
    """Over time. Where nothing happened there is nought of what adds up, and no mean."""
    by, span = figure.by or "month", figure.span
    last = min(span.last, turn.today) if span and span.last else None
    names = sorted(rows)
    if figure.over == "sum" and figure.measure in {"count", "amount"}:
        names = unbroken(by, names, span.first if span else None, last)
    latest = begins(by, names[-1]).year if by != "weekday" else 0
    return tuple(
        Point(
            stretch(turn, by, name, latest),
            float(value),
            shown(turn, figure, value),
        )
        for name in names
        for value in (rows.get(name, Fraction(0)),)
    )


def beside_picture(turn: Turn, answer: Answered, text: str) -> Reply:
    """An answer, with its picture where that says most, else with a button for one."""
    reply = drawn(turn, answer)
    chart = chart_of(turn, answer, _title(reply))
    if chart is None:
        return reply
    if chart.kind == "trend" and len(chart.points) >= TELLING:
        return _seen(reply, chart)
    button = turn.button("picture_button", "stats.picture", text=text)
    return replace(reply, buttons=(button, *reply.buttons))


def pictured(turn: Turn, answer: Answered) -> Reply:
    """An answer as a picture, where there is anything to be seen."""
    reply = drawn(turn, answer)
    chart = chart_of(turn, answer, _title(reply), fewest=1)
    if chart is None and not answer.rows:
        return replace(reply, parts=(*reply.parts[:1], Line(turn.say("figure_nothing"))))
    return _seen(reply, chart) if chart else reply


def _title(reply: Reply) -> str:
    return next((part.text for part in reply.parts if isinstance(part, Title)), "")


def _seen(reply: Reply, chart: Chart) -> Reply:
    """With the chart in place of its table: below what it comes to, above what is left out."""
    kept = [part for part in reply.parts if not isinstance(part, Table)]
    quiet = [part for part in kept if isinstance(part, Line) and part.quiet]
    return replace(reply, parts=(*(part for part in kept if part not in quiet), chart, *quiet))
