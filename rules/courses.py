"""Stretches of time one after another: their names as ``counting.TIMES`` gives them."""

from __future__ import annotations

from datetime import date, timedelta

from rules.counting import TIMES

LONGEST = 4000
"""Days over which it is looked for stretches in which nothing happened."""


def begins(kind: str, name: str) -> date:
    """The first day of a day, week, month, quarter or year.

    >>> begins("quarter", "2026-Q3")
    datetime.date(2026, 7, 1)
    """
    match kind:
        case "week":
            year, week = name.split("-W")
            return date.fromisocalendar(int(year), int(week), 1)
        case "quarter":
            year, quarter = name.split("-Q")
            return date(int(year), 3 * int(quarter) - 2, 1)
        case "month":
            return date.fromisoformat(f"{name}-01")
        case "year":
            return date(int(name), 1, 1)
    return date.fromisoformat(name)


def is_whole(kind: str, first: date, last: date) -> bool:
    """Whether these days are one month or quarter from its first to its last.

    >>> is_whole("month", date(2026, 12, 1), date(2026, 12, 31))
    True
    """
    name = TIMES[kind](first)
    after = TIMES[kind](last + timedelta(days=1))
    return begins(kind, name) == first and TIMES[kind](last) == name != after


def unbroken(kind: str, names: list[str], first: date | None, last: date | None) -> list[str]:
    """All stretches from the first day to the last, in order, those of ``names`` in any case."""
    if kind == "weekday" or not names:
        return sorted(names)
    begin = min(begins(kind, names[0]), first or date.max)
    end = max(begins(kind, names[-1]), last or date.min)
    if (end - begin).days > LONGEST:
        begin, end = begins(kind, names[0]), begins(kind, names[-1])
    if (end - begin).days > LONGEST:
        return sorted(names)
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return list(dict.fromkeys(TIMES[kind](day) for day in days))
