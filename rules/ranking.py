"""How figures stand beside each other: ranks, the mean of all, how long they hold in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from rules.counting import TIMES, Row


def position(rows: Sequence[Row], name: str) -> int | None:
    """Which place a group has among these, counted from 1; None where it is none of them."""
    return next((place for place, row in enumerate(rows, 1) if row.name == name), None)


def mean(rows: Sequence[Row]) -> Fraction | None:
    """The mean figure of a group."""
    return sum((row.value for row in rows), Fraction(0)) / len(rows) if rows else None


def stretches(kind: str, first: date, last: date) -> list[str]:
    """All months, weeks, ... from one day to another, in order."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return list(dict.fromkeys(TIMES[kind](day) for day in days))


def longest(flags: Iterable[bool]) -> int:
    """The most in a row that hold."""
    best = run = 0
    for holds in flags:
        run = run + 1 if holds else 0
        best = max(best, run)
    return best


def in_a_row(
    values: Mapping[str, Fraction], order: Sequence[str], holds: Callable[[Fraction], bool] | None
) -> int:
    """How many stretches in a row hold; without a condition: how many were each above the last."""
    figures = [values.get(name, Fraction(0)) for name in order]
    if holds:
        return longest(holds(value) for value in figures)
    return longest(now > before for before, now in pairwise(figures))


def rises(values: Mapping[str, Fraction], order: Sequence[str]) -> list[Row]:
    """How far each stretch is above the one before, in order."""
    figures = [values.get(name, Fraction(0)) for name in order]
    rises = (now - before for before, now in pairwise(figures))
    return [Row(name, rise) for name, rise in zip(order[1:], rises, strict=True)]


def running(rows: Iterable[Row]) -> list[Row]:
    """Each with all before it."""
    so_far = Fraction(0)
    found = []
    for row in rows:
        so_far += row.value
        found.append(Row(row.name, so_far))
    return found
