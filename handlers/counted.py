"""The answer to a question about numbers, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from handlers.figure_words import code_of, said
from handlers.turn import Turn
from language.figures import Figure, Span
from rules.counting import TIMES, Fact, Row, count_up, growth, periods, table
from rules.money import Money, digits
from storage.facets import TEAM
from storage.facts import ENDED, Facts, Wanted
from storage.rates import Rates

SHOWN = 10
"""Groups of an answer that are told."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as programs read it. ``value``: the figure or the name asked for, a rate as a
    fraction, money in major units; None where there is nothing to tell. ``rows``: name and value
    of each group, or of each of two stretches of time. ``left_out``: how many deals of which
    currency were not counted for want of a rate; ``rates`` knows those that were used."""

    figure: Figure
    value: Fraction | str | None
    unit: str
    rows: tuple[tuple[str, Fraction | str | None], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    rates: Rates | None = None

    def plain(self) -> dict[str, Any]:
        rows = [{"name": name, "value": _number(value)} for name, value in self.rows]
        return {"value": _number(self.value), "unit": self.unit, "rows": rows}


def _number(value: Fraction | str | None) -> float | int | str | None:
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


class Counting:
    """Counts what a figure asks for."""

    def __init__(self, turn: Turn, facts: Facts, figure: Figure) -> None:
        self.turn, self.facts, self.figure = turn, facts, figure

    def give(self) -> Answered:
        match self.figure.wanted:
            case "fact":
                return self._fact()
            case "name" | "table" | "things" | "mean_of_groups" | "best":
                return self._groups()
            case "share":
                return self._share()
            case "difference" | "growth" | "span" | "outcomes" | "ratio":
                return self._compared()
            case "day" | "day_of":
                return self._day()
        value = self._count(self._deals(self.figure))
        return self._told(value)

    # --- deals ----------------------------------------------------------------------------------

    def _deals(self, figure: Figure, span: Span | None = None, which: str = "") -> list[Fact]:
        span = span or figure.span or Span(None, None)
        wanted = Wanted(
            which or figure.which, figure.only, figure.but, first=span.first, last=span.last
        )
        found = self.facts.of(wanted, figure.by)
        if figure.began:
            began = Wanted("created", {}, first=figure.began.first, last=figure.began.last)
            found = [fact for fact in found if began.holds(fact.began)]
        if worth := figure.worth:
            size = 10 ** digits(self.turn.currency)
            found = [
                fact for fact in found
                if fact.minor is not None and worth.holds(Fraction(fact.minor, size))
            ]  # fmt: skip
        if days := figure.days:
            found = [fact for fact in found if days.holds(fact.days)]
        return found

    def _count(self, facts: Sequence[Fact]) -> Fraction | None:
        value = count_up(facts, self.figure.measure, self.figure.over, self.turn.today)
        return self._major(value)

    def _major(self, value: Fraction | None) -> Fraction | None:
        """Amounts in major units."""
        if value is None or self.figure.measure not in {"amount", "velocity"}:
            return value
        return value / Fraction(10 ** digits(self.turn.currency))

    @property
    def _unit(self) -> str:
        match self.figure.measure:
            case "count":
                return "deals"
            case "amount":
                return self.turn.currency
            case "velocity":
                return f"{self.turn.currency}/day"
            case "cycle" | "age":
                return "days"
        return "fraction"

    def _told(
        self, value: Fraction | str | None, unit: str = "", rows: Sequence[tuple[str, Any]] = ()
    ) -> Answered:
        answer = Answered(self.figure, value, unit or self._unit, tuple(rows))
        if self.figure.measure not in {"amount", "velocity"} and not self.figure.worth:
            return answer
        left_out = {code: len(deals) for code, deals in self.facts.left_out.items()}
        return replace(answer, left_out=left_out, rates=self.facts.rates)

    # --- kinds of answers -----------------------------------------------------------------------

    def _groups(self) -> Answered:
        figure = self.figure
        if (
            self._asks_of_things
            and (names := self.facts.facets.things(figure.by or "", figure.only)) is not None
        ):
            listed = sorted(names)
            if figure.wanted == "things":
                return self._told(
                    Fraction(len(listed)), figure.by or "", [(name, None) for name in listed]
                )
            return self._told(
                listed[0] if listed else None, "name", [(name, None) for name in listed]
            )
        rows = table(
            self._deals(figure), figure.measure, figure.over, self.turn.today, least=figure.least
        )
        if figure.rivals:
            rows = [row for row in rows if row.name in figure.rivals[1]]
        rows = [Row(row.name, self._major(row.value) or Fraction(0)) for row in rows]
        if having := figure.having:
            rows = [row for row in rows if having.holds(row.value)]
        if figure.by in TIMES and figure.wanted == "table":
            rows.sort(key=lambda row: row.name)
        pairs = [(row.name, row.value) for row in rows]
        match figure.wanted:
            case "things":
                return self._told(Fraction(len(rows)), figure.by or "", pairs)
            case "mean_of_groups":
                many = max(len(rows), self._how_many_groups())
                mean = sum((row.value for row in rows), Fraction(0)) / many if many else None
                return self._told(mean, rows=pairs)
            case "best":
                return self._told(rows[0].value if rows else None, rows=pairs)
            case "table" if figure.top == 1:
                total = self._count(self._deals(replace(figure, by=None)))
                return self._told(total, rows=pairs)
        chosen = rows[figure.place - 1].name if len(rows) >= figure.place else None
        return self._told(chosen, "name", pairs[: max(figure.top, figure.place, SHOWN)])

    def _how_many_groups(self) -> int:
        """All there are, also those without a deal that counts."""
        figure = self.figure
        if figure.by in TIMES:
            return periods(figure.by, figure.span.first, figure.span.last) if figure.span else 0
        known = {kind: names for kind, names in figure.only.items() if kind in TEAM}
        return len(self.facts.facets.things(figure.by or "", known) or ())

    @property
    def _asks_of_things(self) -> bool:
        """Whether it is asked what there is, and not how deals went."""
        figure = self.figure
        bare = figure.which == "all" and figure.span is None and figure.measure == "count"
        named = figure.wanted == "name" and bool(figure.only)
        return bare and not figure.having and (figure.wanted == "things" or named)

    def _share(self) -> Answered:
        figure = self.figure
        if figure.of_whole:
            whole = replace(
                figure, only={k: v for k, v in figure.only.items() if k != figure.of_whole}
            )
            part, all_of_it = self._count(self._deals(figure)), self._count(self._deals(whole))
        else:
            part = self._count(self._deals(figure))
            rest = "closed" if figure.which in {"won", "lost"} and figure.span else "all"
            all_of_it = self._count(self._deals(figure, which=rest))
        value = part / all_of_it if part is not None and all_of_it else None
        return self._told(value, "fraction", [("part", part), ("whole", all_of_it)])

    def _compared(self) -> Answered:
        figure = self.figure
        pairs = [(name, self._count(found)) for name, found in self._sides()]
        (name, first), (other, second) = pairs
        if figure.wanted == "growth":
            return self._told(growth(first, second), "fraction", pairs)
        if first is None or second is None:
            return self._told(None, rows=pairs)
        if figure.wanted == "ratio":
            return self._told(first / second if second else None, "ratio", pairs)
        if figure.wanted == "span":
            spans = {name: figure.span, other: figure.against}
            best = name if (first >= second) != figure.least else other
            return self._told(code_of(spans[best]), "name", pairs)
        return self._told(first - second, rows=pairs)

    def _sides(self) -> Iterator[tuple[str, list[Fact]]]:
        """The two that are held against each other."""
        figure = replace(self.figure, by=None)
        if figure.rivals:
            kind, names = figure.rivals
            for name in names:
                yield name, self._deals(replace(figure, only={**figure.only, kind: (name,)}))
        elif figure.wanted in {"outcomes", "ratio"}:
            for which in ("won", "lost") if figure.which == "won" else ("lost", "won"):
                yield self.turn.say(f"label_count_{which}"), self._deals(figure, which=which)
        else:
            for each in (figure.span, figure.against):
                span = each or Span(None, None)
                yield said(self.turn, span), self._deals(figure, span)

    def _day(self) -> Answered:
        found = self._deals(self.figure)
        if self.figure.wanted == "day_of":
            worth = [fact.minor for fact in found if fact.minor is not None]
            best = (
                min(worth, default=None) if self.figure.over == "min" else max(worth, default=None)
            )
            found = [fact for fact in found if fact.minor is not None and fact.minor == best]
        days = [
            fact.ended or fact.began if self.figure.which in ENDED else fact.began for fact in found
        ]
        if not days:
            return self._told(None, "date")
        day = min(days) if self.figure.least else max(days)
        return self._told(day.isoformat(), "date")

    def _fact(self) -> Answered:
        names = self.figure.rivals[1] if self.figure.rivals else self.figure.only["product"]
        pairs = []
        for name in names:
            price = self.facts.facets.price(name)
            pairs.append((name, Fraction(Money(*price).amount) if price else None))
        unit = (self.facts.facets.price(names[0]) or (0, self.turn.currency))[1]
        match [value for _, value in pairs if value is not None]:
            case [first, second]:
                return self._told(first - second, unit, pairs)
        return self._told(pairs[0][1], unit, pairs)
