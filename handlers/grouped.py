"""Answers about groups: which is first, how many there are, each of them, those with nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from handlers.answered import Answered
from handlers.beside import above_mean, beside, of_each, with_nothing
from rules.counting import TIMES, Row, periods, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.counted import Counting
    from language.figures import Figure

SHOWN = 10
"""Groups of an answer that are told."""


def groups(counting: Counting) -> Answered:
    """The answer to a figure that is told apart by something."""
    figure, gathering = counting.figure, counting.gathering
    if figure.none:
        return _listed(counting, with_nothing(gathering, figure))
    if _asks_of_things(figure):
        names = gathering.deals.facets.things(figure.by or "", figure.only)
        if names is not None:
            return _listed(counting, names)
    if figure.wanted == "list":
        rows = sorted((name, fact.trait) for fact in gathering.of(figure) for name in fact.names)
        return counting.told(rows[0][0] if rows else None, "name", rows)
    return _of_rows(counting)


def _listed(counting: Counting, names: Iterable[str]) -> Answered:
    """Names, or how many they are."""
    rows = [(name, None) for name in sorted(names)]
    if counting.figure.wanted == "things":
        return counting.told(Fraction(len(rows)), counting.figure.by or "", rows)
    return counting.told(rows[0][0] if rows else None, "name", rows)


def _asks_of_things(figure: Figure) -> bool:
    """Whether it is asked what there is, and not how deals went."""
    if (
        figure.of != "deal"
        or figure.having
        or figure.has
        or figure.lacks
        or figure.traits
        or figure.but
    ):
        return False
    bare = figure.which == "all" and figure.span is None and figure.measure == "count"
    return bare and (figure.wanted == "things" or (figure.wanted == "name" and bool(figure.only)))


def _of_rows(counting: Counting) -> Answered:
    figure = counting.figure
    facts = counting.gathering.told(figure)
    rows = (
        of_each(counting.gathering, figure, facts)
        if figure.distinct
        else table(facts, figure.measure, figure.over, counting.turn.today, least=figure.least)
    )
    if figure.rivals and figure.wanted not in {"position", "to_mean"}:
        rows = [row for row in rows if row.name in figure.rivals[1]]
    rows = [Row(row.name, counting.major(row.value) or Fraction(0)) for row in rows]
    if found := beside(figure, rows, facts):
        return counting.told(*found)
    if having := figure.having:
        rows = [row for row in rows if having.holds(row.value)]
    rows = above_mean(figure, rows)
    if figure.by in TIMES and figure.wanted == "table":
        rows.sort(key=lambda row: row.name)
    return _wanted(counting, rows)


def _wanted(counting: Counting, rows: list[Row]) -> Answered:
    figure = counting.figure
    pairs = [(row.name, row.value) for row in rows]
    match figure.wanted:
        case "things":
            return counting.told(Fraction(len(rows)), figure.by or "", pairs)
        case "mean_of_groups":
            many = max(len(rows), _how_many(counting))
            mean = sum((row.value for row in rows), Fraction(0)) / many if many else None
            return counting.told(mean, rows=pairs)
        case "best":
            return counting.told(rows[0].value if rows else None, rows=pairs)
        case "table" if figure.top == 1 and figure.to_mean is None:
            total = counting.count(counting.gathering.told(replace(figure, by=None)))
            return counting.told(total, rows=pairs)
    chosen = rows[figure.place - 1].name if len(rows) >= figure.place else None
    return counting.told(chosen, "name", pairs[: max(figure.top, figure.place, SHOWN)])


def _how_many(counting: Counting) -> int:
    """The groups that there are: all months of the time; all that have ever had a deal, also
    those without one that counts."""
    figure = counting.figure
    if figure.by in TIMES:
        return periods(figure.by, figure.span.first, figure.span.last) if figure.span else 0
    return len(counting.gathering.with_deals(figure.by or "", figure.only))
