"""How a stretch of time went against another: all that is counted of one, beside the other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from handlers.answered import Answered
from handlers.figure_words import label, said, shown
from handlers.gathered import Gathering
from handlers.reply import Part, Table
from language.figures import Figure, Span
from rules.counting import count_up
from rules.money import digits
from rules.periods import so_far

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handlers.turn import Turn

_TOLD = (
    Figure(measure="count", which="won"),
    Figure(measure="amount", which="won"),
    Figure(measure="amount", over="mean", which="won"),
    Figure(measure="count", which="lost"),
    Figure(measure="win_rate", which="closed"),
    Figure(measure="count", which="created"),
)
"""What is told of each stretch, in this order."""

_SALES = 1


def reviewed(turn: Turn, figure: Figure) -> Answered:
    """The value is by how much more was sold; ``rows`` have what was sold in each stretch,
    ``sides`` all that is told."""
    spans = _alike(turn, figure)
    gathering = Gathering(turn)
    sides = [[_value(turn, gathering, figure, each, span) for each in _TOLD] for span in spans]
    sold = [side[_SALES] or Fraction(0) for side in sides]
    names = [said(turn, span) for span in spans]
    return Answered(
        figure,
        sold[0] - sold[1],
        turn.currency,
        tuple(zip(names, sold, strict=True)),
        {code: len(deals) for code, deals in gathering.deals.left_out.items()},
        gathering.deals.rates,
        sides=tuple(zip(*sides, strict=True)),
    )


def review_drawn(turn: Turn, answer: Answered) -> Iterator[Part]:
    names = [turn.voice.apart(name) for name, _ in answer.rows]
    rows = tuple(
        (label(turn, replace(answer, figure=each)), *(shown(turn, each, value) for value in values))
        for each, values in zip(_TOLD, answer.sides, strict=True)
    )
    yield Table(("", *names), rows, numeric=(1, 2))


def _alike(turn: Turn, figure: Figure) -> tuple[Span, Span]:
    """A stretch that still runs until today, and as many days of the other one."""
    span, against = figure.span or Span(None, None), figure.against or Span(None, None)
    if not (span.first and span.last and against.first and against.last):
        return span, against
    if span.last < turn.today:
        return span, against
    first, last = so_far((span.first, span.last), turn.today)
    return Span(first, last), Span(against.first, min(against.last, against.first + (last - first)))


def _value(
    turn: Turn, gathering: Gathering, figure: Figure, each: Figure, span: Span
) -> Fraction | None:
    wanted = replace(each, only=figure.only, but=figure.but, traits=figure.traits)
    value = count_up(gathering.of(wanted, span), each.measure, each.over, turn.today)
    money = value is not None and each.measure == "amount"
    return value / 10 ** digits(turn.currency) if money and value is not None else value
