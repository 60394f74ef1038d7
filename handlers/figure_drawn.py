"""The reply to a question about numbers: the figure, what it is of, and how to ask how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from handlers.figure_words import (
    about,
    how,
    label,
    money_of,
    money_said,
    named,
    short,
    shown,
    stretch,
)
from handlers.orders_apart import orders_apart
from handlers.reply import Chart, Fields, Line, Part, Point, Reply, Table, Title
from handlers.reviewed import review_drawn
from handlers.second_column import second_column
from handlers.sums import rate_buttons, rate_notes
from handlers.turn import Turn
from language.figures import Figure
from rules.counting import TIMES
from rules.forecast import LEAST

if TYPE_CHECKING:
    from handlers.answered import Answered

SHOWN = 10
"""Groups that a table shows."""


def drawn(turn: Turn, answer: Answered) -> Reply:
    """An answer for people."""
    title = Title(turn.voice.beside(label(turn, answer), *about(turn, answer.figure)))
    parts: list[Part] = [title, *_body(turn, answer)]
    buttons = [turn.button("how_button", "stats.how", measure=how(answer.figure))]
    if answer.rates:
        parts += rate_notes(turn, answer.rates, answer.left_out)
        buttons += rate_buttons(turn, answer.rates)
    return Reply(tuple(parts), tuple(buttons))


def _body(turn: Turn, answer: Answered) -> Iterator[Part]:
    figure = answer.figure
    if not answer.rows and (answer.value is None or figure.wanted == "table"):
        yield Line(turn.say("figure_nothing"))
        return
    match figure.wanted:
        case "name" | "rise":
            yield from _first(turn, answer)
        case "list" | "things":
            yield from _names(turn, answer)
        case "table" | "shares" | "running" | "span":
            many = figure.top if figure.top > 1 else len(answer.rows) if _timed(answer) else SHOWN
            yield _table(turn, answer, answer.rows[:many])
        case "difference" | "growth" | "outcomes" | "ratio" | "to_mean":
            yield Line(shown(turn, figure, answer.value, answer.unit))
            yield _table(turn, answer, answer.rows)
        case "position":
            yield from _position(turn, answer)
        case "forecast":
            yield from _forecast(turn, answer)
        case "silent":
            yield from _silent(turn, answer)
        case "review":
            yield from review_drawn(turn, answer)
        case "streak":
            yield Line(turn.say(f"in_a_row_{figure.by}", n=short(_number(answer))))
        case _:
            yield Line(_alone(turn, answer))
            if days := _all_sales(turn, figure):
                yield from orders_apart(turn, *days)


def _all_sales(turn: Turn, figure: Figure) -> tuple[date, date] | None:
    """The days of which all that was sold is asked; None where it is anything else, or less."""
    plainly = Figure(which="won", measure="amount", wanted=figure.wanted, span=figure.span)
    if figure != plainly or figure.wanted != "figure" or not (figure.span and figure.span.first):
        return None
    return figure.span.first, figure.span.last or turn.today


def _alone(turn: Turn, answer: Answered) -> str:
    """One value and nothing beside it; a sum to the last coin."""
    figure = answer.figure
    match figure.wanted:
        case "day" | "day_of":
            return str(turn.voice.day(date.fromisoformat(str(answer.value))))
        case "fact":
            return str(turn.voice.money(money_of(answer.value, answer.unit)))
        case "figure" if figure.measure == "amount" and figure.over == "sum":
            return turn.voice.whole_sum(money_of(answer.value, turn.currency))
    return shown(turn, figure, answer.value, answer.unit)


def _number(answer: Answered) -> Fraction:
    return answer.value if isinstance(answer.value, Fraction) else Fraction(0)


def _timed(answer: Answered) -> bool:
    return answer.figure.by in TIMES and len(answer.rows) <= 2 * SHOWN + 4


def _first(turn: Turn, answer: Answered) -> Iterator[Part]:
    """The one that was asked for with its figure, and those that come next."""
    figure = answer.figure
    best = next((value for name, value in answer.rows if name == answer.value), None)
    name = named(turn, figure.by, str(answer.value))
    if best is None:
        yield Line(name)
        return
    yield Line(turn.voice.told(f"{name}: {shown(turn, figure, best)}"))
    others = [(n, value) for n, value in answer.rows if n != answer.value][: SHOWN // 2]
    if figure.by == "owner" and figure.measure == "amount":
        others = [*answer.rows[: SHOWN // 2]]  # all beside each other, as a leaderboard is read
    if others:
        yield _table(turn, answer, others)


def _names(turn: Turn, answer: Answered) -> Iterator[Part]:
    """How many there are, and the first of them by name."""
    yield Line(f"{len(answer.rows):,}")
    names = [named(turn, answer.figure.by, name) for name, _ in answer.rows[:SHOWN]]
    if names:
        more = len(answer.rows) - len(names)
        yield Line(turn.voice.beside(*names, *([f"+{more:,}"] if more else [])), quiet=True)


def _position(turn: Turn, answer: Answered) -> Iterator[Part]:
    """Which place it has, and who stands around it."""
    place = int(_number(answer))
    yield Line(turn.say("place_of", n=place, total=len(answer.rows)))
    yield _table(turn, answer, answer.rows[max(0, place - 3) : place + 2])


def _forecast(turn: Turn, answer: Answered) -> Iterator[Part]:
    """Won already, by stage, and by history with its range; with little history it says so."""
    rows = {name: Fraction(value) for name, value in answer.rows if isinstance(value, Fraction)}
    rows |= {name: _about(rows[name]) for name in ("history", "low", "high") if name in rows}
    yield Fields(
        tuple(
            (turn.say(f"forecast_{name}"), money_said(turn, rows[name], turn.currency))
            for name in ("won", "weighted", "history")
            if name in rows
        )
    )
    if "history" in rows:
        low, high = (money_said(turn, rows[name], turn.currency) for name in ("low", "high"))
        yield Line(turn.say("forecast_range", low=low, high=high))
        yield _course_chart(turn, answer, rows) or _forecast_chart(turn, rows)
    else:
        yield Line(turn.say("forecast_little", n=LEAST))
    if rows["unpriced"]:
        yield Line(turn.say("forecast_unpriced", n=int(rows["unpriced"])), quiet=True)


def _about(value: Fraction) -> Fraction:
    """To three digits: what is foretold is not known to the rupee."""
    return Fraction(f"{float(value):.3g}")


def _course_chart(turn: Turn, answer: Answered, rows: dict[str, Fraction]) -> Chart | None:
    """What was sold in the months before, and what that time may come to with what is won
    already; None where it is no month and no quarter."""
    span = answer.figure.span
    if not answer.course or span is None or span.first is None:
        return None
    by = "quarter" if "Q" in answer.course[-1][0] else "month"

    def said(value: Fraction) -> str:
        return money_said(turn, value, turn.currency)

    known = [
        Point(stretch(turn, by, name, span.first.year), float(value), said(value))
        for name, value in answer.course
    ]
    coming, low, high = (rows["won"] + rows[name] for name in ("history", "low", "high"))
    name = stretch(turn, by, TIMES[by](span.first), span.first.year)
    ahead = Point(name, float(coming), said(coming), low=float(low), high=float(high))
    return Chart("forecast", turn.say("label_forecast"), (*known, ahead))


def _forecast_chart(turn: Turn, rows: dict[str, Fraction]) -> Chart:
    """Beside each other: they are no course of time."""

    def point(name: str) -> Point:
        said = money_said(turn, rows[name], turn.currency)
        return Point(turn.say(f"forecast_{name}"), float(rows[name]), said)

    points = tuple(point(name) for name in ("won", "weighted", "history"))
    return Chart("leaders", turn.say("label_forecast"), points)


def _silent(turn: Turn, answer: Answered) -> Iterator[Part]:
    yield Line(f"{len(answer.rows):,}")
    cells = tuple(
        (name, turn.voice.full_day(date.fromisoformat(str(day))) if day else "—")
        for name, day in answer.rows[:SHOWN]
    )
    yield Table((turn.say("by_company"), turn.say("last_contact")), cells)


def _table(turn: Turn, answer: Answered, rows: Sequence[tuple[str, Any]]) -> Table:
    figure = answer.figure
    unit = "fraction" if figure.wanted == "shares" else ""
    cells = tuple(
        (
            named(turn, figure.by, name) if name else turn.say("average_of_all"),
            shown(turn, figure, value, unit),
        )
        for name, value in rows
    )
    by = f"by_{figure.by}"
    head = (turn.say(by) if by in turn.voice.words else "", label(turn, answer))
    if (beside := second_column(turn, answer)) is None:
        return Table(head, cells, numeric=(1,))
    more, told = beside
    wider = ((*cell, told.get(name, "—")) for cell, (name, _) in zip(cells, rows, strict=True))
    return Table((*head, more), tuple(wider), numeric=(1, 2))
