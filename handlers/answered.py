"""An answer to a question about numbers, as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from language.figures import Figure
from storage.rates import Rates


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as programs read it. ``value``: the figure or the name asked for, a rate as a
    fraction, money in major units; None where there is nothing to tell. ``rows``: name and value
    of each group, or of each of two stretches of time; ``sides``: figures of these beside each
    other. ``named``: what the team calls the field that was asked for. ``left_out``: how many deals
    of which currency were not counted for want of a rate; ``rates`` knows those that were used.
    ``course``: what was sold in each stretch of time before one that is foreseen."""

    figure: Figure
    value: Fraction | str | None
    unit: str
    rows: tuple[tuple[str, Fraction | str | None], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    rates: Rates | None = None
    named: str = ""
    sides: tuple[tuple[Fraction | None, ...], ...] = ()
    course: tuple[tuple[str, Fraction], ...] = ()

    def plain(self) -> dict[str, Any]:
        rows = [{"name": name, "value": _number(value)} for name, value in self.rows]
        return {"value": _number(self.value), "unit": self.unit, "rows": rows}


def _number(value: Fraction | str | None) -> float | int | str | None:
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)
