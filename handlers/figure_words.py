"""Figures in words: what they are called, of whom, for when, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from handlers.pipeline import stage_name
from handlers.reply import Line, Part, Reply, Table, Title
from handlers.sums import rate_buttons, rate_notes
from handlers.turn import Turn
from language.figures import Figure, Span
from rules.money import Money, digits

if TYPE_CHECKING:
    from handlers.counted import Answered

SHOWN = 10
"""Groups that a table shows."""


def drawn(turn: Turn, answer: Answered) -> Reply:
    figure = answer.figure
    title = Title(turn.voice.beside(_label(turn, figure), *_about(turn, figure)))
    parts: list[Part] = [title, *_body(turn, answer)]
    buttons = [turn.button("how_button", "stats.how", measure=_how(figure))]
    if answer.rates:
        parts += rate_notes(turn, answer.rates, answer.left_out)
        buttons += rate_buttons(turn, answer.rates)
    return Reply(tuple(parts), tuple(buttons))


def _body(turn: Turn, answer: Answered) -> Iterator[Part]:
    figure = answer.figure
    if answer.value is None:
        yield Line(turn.say("figure_nothing"))
        return
    match figure.wanted:
        case "name":
            best = next((v for name, v in answer.rows if name == answer.value), None)
            name = _named(turn, figure.by, str(answer.value))
            yield Line(
                turn.voice.told(f"{name}: {_shown(turn, figure, best)}")
                if best is not None
                else name
            )
            others = [(n, v) for n, v in answer.rows if n != answer.value][: SHOWN // 2]
            if others and best is not None:
                yield _table(turn, figure, others)
        case "table":
            yield _table(turn, figure, answer.rows[: figure.top if figure.top > 1 else SHOWN])
        case "things":
            yield Line(str(_short(Fraction(answer.value))))
            listed = [_named(turn, figure.by, name) for name, _ in answer.rows[:SHOWN]]
            if listed:
                yield Line(turn.voice.beside(*listed), quiet=True)
        case "difference" | "growth" | "span" | "outcomes" | "ratio":
            if figure.wanted != "span":
                yield Line(_shown(turn, figure, answer.value, answer.unit))
            yield _table(turn, figure, answer.rows)
        case "share":
            yield Line(_shown(turn, figure, answer.value, answer.unit))
        case "day" | "day_of":
            yield Line(turn.voice.day(date.fromisoformat(str(answer.value))))
        case "fact":
            yield Line(_money(turn, answer.value, answer.unit))
        case _:
            yield Line(_shown(turn, figure, answer.value, answer.unit))


def _table(turn: Turn, figure: Figure, rows: Sequence[tuple[str, Any]]) -> Table:
    shown = tuple(
        (_named(turn, figure.by, name), _shown(turn, figure, value)) for name, value in rows
    )
    head = (
        turn.say(f"by_{figure.by}") if f"by_{figure.by}" in turn.voice.words else "",
        _label(turn, figure),
    )
    return Table(head, shown, numeric=(1,))


def _label(turn: Turn, figure: Figure) -> str:
    return turn.say(f"label_{_how(figure)}")


def _how(figure: Figure) -> str:
    """By which words a figure is called, and explained."""
    if figure.wanted == "fact":
        return "price"
    if figure.measure == "count":
        return f"count_{figure.which}"
    if figure.measure == "amount":
        return f"amount_{figure.which}" if figure.over == "sum" else f"amount_{figure.over}"
    if figure.measure == "cycle" and figure.over in {"max", "min"}:
        return f"cycle_{figure.over}"
    return figure.measure


def _about(turn: Turn, figure: Figure) -> Iterator[str]:
    for kind, many in figure.only.items():
        for value in many:
            yield _named(turn, kind, value)
    if figure.span and not figure.against:
        yield said(turn, figure.span)


def _shown(turn: Turn, figure: Figure, value: Fraction | str | None, unit: str = "") -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if unit == "ratio":
        return f"{float(value):.2f}"
    if unit == "fraction" or figure.measure in {"win_rate", "loss_rate"}:
        return f"{float(value):.1%}"
    match figure.measure:
        case "amount":
            return _money(turn, value, turn.currency)
        case "velocity":
            return turn.say("a_day", amount=_money(turn, value, turn.currency))
        case "cycle" | "age":
            return turn.say("days_long", n=_short(value))
    return _short(value)


def _short(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"


def _money(turn: Turn, value: Any, currency: str) -> str:
    exact = Fraction(value)
    size = 10 ** digits(currency)
    return turn.voice.money(Money(round(exact * size), currency))


def _named(turn: Turn, by: str | None, name: str) -> str:
    """A group by its name, a month in words."""
    if by == "stage":
        return stage_name(turn, name)
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
