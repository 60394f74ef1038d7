"""What stands beside a figure of groups: amounts beside counts of reasons, counts beside sales."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.counted import Counting
from handlers.figure_words import label, shown

if TYPE_CHECKING:
    from handlers.answered import Answered
    from handlers.turn import Turn
    from language.figures import Figure

_BESIDE = {("reason", "count"): "amount", ("owner", "amount"): "count"}
"""By what groups are told apart and what is counted, with what is told beside it."""


def second_column(turn: Turn, answer: Answered) -> tuple[str, dict[str, str]] | None:
    """Its head, and what it says of each group; None where one figure is enough."""
    figure = answer.figure
    measure = _BESIDE.get((figure.by or "", figure.measure))
    told = figure.wanted in {"table", "name"} and not (figure.having or figure.worth)
    if measure is None or figure.of != "deal" or figure.over != "sum" or not told:
        return None
    other = Counting(turn, _other(figure, measure)).give()
    cells = {name: shown(turn, other.figure, value) for name, value in other.rows}
    return label(turn, other), cells


def _other(figure: Figure, measure: str) -> Figure:
    """The same deals, counted the other way, all of them."""
    if measure == "count":
        return replace(figure, measure="count", wanted="table", top=1, place=1)
    return replace(figure, measure="amount", wanted="table", top=1, place=1)
