"""Groups beside each other: ranks, shares, above the mean, in a row, and those with nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from handlers.gathered import Gathering
from language.figures import Figure
from rules.counting import Fact, Row, Told, singly
from rules.ranking import in_a_row, mean, position, rises, running, stretches

Rows = list[tuple[str, Fraction | str | None]]
Beside = tuple[Fraction | str | None, str, Rows]
"""The value, its unit (empty: that of the figure), and the groups."""


def beside(figure: Figure, rows: Sequence[Row], facts: Sequence[Told]) -> Beside | None:
    """How the groups stand to each other, in the way that is asked; None where it is not."""
    pairs: Rows = [(row.name, row.value) for row in rows]
    name = figure.rivals[1][0] if figure.rivals else ""
    match figure.wanted:
        case "position":
            place = position(rows, name)
            return (Fraction(place) if place else None), "place", pairs
        case "to_mean":
            own = next((row.value for row in rows if row.name == name), Fraction(0))
            usual = mean(rows)
            return (own - usual if usual is not None else None), "", [(name, own), ("", usual)]
        case "shares":
            whole = sum((row.value for row in rows), Fraction(0))
            told: Rows = [(row.name, row.value / whole) for row in rows] if whole else []
            return (told[0][1] if told else None), "fraction", told
        case "streak" | "rise" | "running":
            return _in_time(figure, rows, singly(facts))
    return None


def _in_time(figure: Figure, rows: Sequence[Row], facts: Sequence[Fact]) -> Beside:
    days = [
        fact.ended if figure.which in {"won", "lost", "closed"} else fact.began for fact in facts
    ]
    known = [day for day in days if day]
    span = figure.span
    first = span.first if span and span.first else min(known, default=None)
    last = span.last if span and span.last else max(known, default=None)
    if first is None or last is None or figure.by is None:
        return None, "", []
    order = stretches(figure.by, first, last)
    values = {row.name: row.value for row in rows}
    told: Rows = [(name, values.get(name, Fraction(0))) for name in order]
    if figure.wanted == "running":
        summed = running(Row(name, values.get(name, Fraction(0))) for name in order)
        return summed[-1].value, "", [(row.name, row.value) for row in summed]
    if figure.wanted == "streak":
        bound = figure.having
        holds = bound.holds if bound else None if figure.grows else (lambda value: value > 0)
        return Fraction(in_a_row(values, order, holds)), figure.by, told
    grown = sorted(
        rises(values, order), key=lambda row: (row.value if figure.least else -row.value, row.name)
    )
    best = grown[0].name if grown else None
    return best, "name", [(row.name, row.value) for row in grown]


def above_mean(figure: Figure, rows: Sequence[Row]) -> list[Row]:
    """Those whose figure is above (or below) the mean of all."""
    usual = mean(rows)
    if usual is None or figure.to_mean is None:
        return list(rows)
    above = figure.to_mean == "above"
    return [row for row in rows if (row.value > usual if above else row.value < usual)]


def with_nothing(gathering: Gathering, figure: Figure) -> list[str]:
    """The groups that nothing of what is asked belongs to, by name."""
    by = figure.by or ""
    facts = gathering.told(replace(figure, none=False))
    there = {name for fact in facts for name in fact.names}
    return sorted(gathering.all_of(by, figure.only) - there)


def of_each(gathering: Gathering, figure: Figure, facts: Sequence[Told]) -> list[Row]:
    """How many different values of another facet each group has, the most first."""
    others = {f.id: f.names for f in gathering.of(replace(figure, by=figure.distinct))}
    found: dict[str, set[str]] = {}
    for fact in singly(facts):
        for name in fact.names:
            found.setdefault(name, set()).update(others.get(fact.id, ()))
    rows = [Row(name, Fraction(len(values))) for name, values in found.items()]
    return sorted(rows, key=lambda row: (row.value if figure.least else -row.value, row.name))
