"""Figures in words: what they are called, of whom, for when, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from handlers.labels import value_name
from handlers.pipeline import pipeline_name, stage_name
from handlers.turn import Turn
from language.figures import Figure, Span
from rules.calendar import period_days
from rules.courses import begins
from rules.money import Money, digits
from storage.traits import PRICE

if TYPE_CHECKING:
    from handlers.answered import Answered

LONG = 10_000
"""From here on what stands in a field is set apart by thousands: no year of founding is."""


def label(turn: Turn, answer: Answered) -> str:
    """What is counted; a field by the name that the team gave it."""
    figure = answer.figure
    if figure.measure == "trait" and figure.trait != PRICE:
        return answer.named.replace("_", " ").capitalize()
    return turn.say(f"label_{how(figure)}")


def how(figure: Figure) -> str:
    """By which words a figure is called, and explained."""
    if figure.wanted == "fact":
        return "price"
    if figure.wanted in {"forecast", "silent", "review"}:
        return str(figure.wanted)
    if figure.of != "deal":
        return f"count_{figure.of}" if figure.measure == "count" else "trait"
    if figure.measure == "count":
        return f"count_{figure.which}"
    if figure.measure == "amount":
        return f"amount_{figure.which}" if figure.over == "sum" else f"amount_{figure.over}"
    if figure.measure == "cycle" and figure.over in {"max", "min"}:
        return f"cycle_{figure.over}"
    return figure.measure


def about(turn: Turn, figure: Figure) -> Iterator[str]:
    for kind, many in figure.only.items():
        for value in many:
            yield named(turn, kind, value)
    for kind in figure.kinds:
        yield turn.say(f"kind_{kind}")
    if figure.span and not figure.against:
        yield said(turn, figure.span)


def shown(turn: Turn, figure: Figure, value: Fraction | str | None, unit: str = "") -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if unit == "ratio":
        return f"{float(value):.2f}"
    if unit == "fraction" or figure.measure in {"win_rate", "loss_rate"}:
        return f"{float(value):.1%}"
    match figure.measure:
        case "trait" if figure.trait != PRICE:
            return short(value) if value >= LONG or value.denominator > 1 else str(value)
        case "discount":
            return f"{float(value):.1%}"
        case "amount" if figure.over in {"max", "min"}:  # of one deal
            return turn.voice.money(money_of(value, turn.currency))
        case "amount" if figure.over in {"mean", "median"}:
            return turn.voice.sum(money_of(value, turn.currency), rough=True)
        case "amount" | "over_list" | "trait":
            return money_said(turn, value, turn.currency)
        case "velocity":
            return turn.say("a_day", amount=money_said(turn, value, turn.currency))
        case "cycle" | "age":
            return turn.say("days_long", n=short(value))
    return short(value)


def short(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"


def money_said(turn: Turn, value: Any, currency: str) -> str:
    """A sum, as it is spoken of."""
    return turn.voice.sum(money_of(value, currency))


def money_of(value: Any, currency: str) -> Money:
    return Money(round(Fraction(value) * 10 ** digits(currency)), currency)


def named(turn: Turn, by: str | None, name: str) -> str:
    """A group by its name, a month in words."""
    if by == "stage":
        return stage_name(turn, {"Won": "won", "Lost": "lost"}.get(name, name))
    if by == "pipeline":
        return pipeline_name(turn, name)
    if by in {"reason", "source"}:
        return value_name(turn, by, name)
    if by == "kind":
        return turn.say(f"kind_{name}")
    if by == "weekday":
        return str(turn.voice.weekday(int(name) - 1))
    if by == "month":
        return said(turn, _months(date.fromisoformat(f"{name}-01"), 1))
    if by == "quarter":
        year, quarter = name.split("-Q")
        return said(turn, _months(date(int(year), 3 * int(quarter) - 2, 1), 3))
    return name


def _months(first: date, many: int) -> Span:
    return Span(first, first + relativedelta(months=many) - timedelta(days=1))


def code_of(span: Span | None) -> str | None:
    """A stretch as programs write it: 2017-07, 2017-Q3, 2017, 2017-07-01/2017-08-15."""
    if span is None or span.first is None or span.last is None:
        return None
    first, last = span.first, span.last
    if span == _months(first.replace(month=1, day=1), 12):
        return str(first.year)
    if first.month % 3 == 1 and span == _months(first.replace(day=1), 3):
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if span == _months(first.replace(day=1), 1):
        return f"{first:%Y-%m}"
    return first.isoformat() if first == last else f"{first}/{last}"


def span_of(first: str | None, last: str | None) -> Span:
    """A stretch of days from how slots have them."""
    return Span(*(date.fromisoformat(each) if each else None for each in (first, last)))


def called(turn: Turn, span: Span, names: Sequence[str]) -> str | None:
    """A stretch by its name, where it has one of these: "this week"."""
    days = (span.first, span.last)
    name = next((each for each in names if days == period_days(each, turn.today)), None)
    return turn.piece(f"period_{name}") if name else None


def said(turn: Turn, span: Span) -> str:
    """A stretch of days in words: July 2017, Q3 2017, 2017, from 1 July 2017, ..."""
    first, last = span.first, span.last
    voice = turn.voice
    if first is None and last is None:
        return ""
    if first is None or last is None:
        key = "span_until" if first is None else "span_since"
        return turn.say(key, day=voice.full_day(first or last or turn.today))
    if first == last:
        return voice.full_day(first)
    if span == _months(first.replace(day=1), 1):
        return f"{voice.month(first.month)} {first.year}"
    if span == _months(first.replace(month=1, day=1), 12):
        return str(first.year)
    if first.day == 1 and first.month % 3 == 1 and span == _months(first, 3):
        return turn.say("span_quarter", n=(first.month + 2) // 3, year=str(first.year))
    return turn.say("span_from_to", first=voice.full_day(first), last=voice.full_day(last))


def stretch(turn: Turn, by: str, name: str, latest: int) -> str:
    """A stretch of time, as short as an axis has room for: without the year that is the latest."""
    if by not in {"day", "week", "month"}:
        return named(turn, by, name)
    first = begins(by, name)
    month = turn.voice.month(first.month)
    short = month if by == "month" else f"{first.day} {month}"
    return short if first.year == latest else f"{short} {first.year}"
