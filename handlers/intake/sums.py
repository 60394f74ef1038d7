"""Sums, lines and odds and ends of what is sold, as records tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.intake.said import text
from rules.money import Money

Record = Mapping[str, Any]

MOST_LINES, MOST_MORE = 500, 200
_TOO_MUCH = 2**62


def is_unread(record: Record) -> bool:
    """Whether a sum stood in its file that is none."""
    problems = record.get("problems")
    return isinstance(problems, list) and "amount" in problems


def money(said: Any, currency: Any, usual: str) -> Money | None:
    """A sum; None where none is said. Raises ValueError for what is no sum."""
    if said in (None, ""):
        return None
    code = text(currency, 10) or usual
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValueError(currency)
    found = Money.of(str(said), code.upper())
    if abs(found.minor) >= _TOO_MUCH:
        raise ValueError(said)
    return found


def minor(said: Any, currency: Any, usual: str, column: str) -> dict[str, Any]:
    """The same as the two columns of a row. Raises ValueError."""
    found = money(said, currency, usual)
    return {
        column: found.minor if found else None,
        "currency": found.currency if found else None,
    }


def lines_in(record: Record) -> list[dict[str, Any]]:
    """The lines of an order or deal: those it has, or the one that stands in its own row."""
    lines = record.get("lines")
    if isinstance(lines, list):
        return [line for line in lines if isinstance(line, dict)][:MOST_LINES]
    own = {key: record.get(key) for key in ("product", "quantity", "price", "currency")}
    return [own] if own["product"] else []


def more(record: Record, **beside: Any) -> dict[str, str] | None:
    """What came with it and has no column, by its name; None for nothing."""
    fields = record.get("fields")
    said = {**(fields if isinstance(fields, dict) else {}), **beside}
    told = {
        name: value
        for key, each in list(said.items())[:MOST_MORE]
        if (name := text(key, 60)) and (value := text(each, 2000))
    }
    return told or None
