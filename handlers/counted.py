"""The answer to a question about numbers, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from handlers.answered import Answered
from handlers.figure_words import code_of, said
from handlers.forecast import forecast
from handlers.gathered import Gathering
from handlers.grouped import groups
from handlers.pipeline import all_stages
from handlers.turn import Turn
from language.figures import Figure, Span
from rules.counting import Told, count_up, growth
from rules.money import Money, digits
from storage.facts import ENDED
from storage.traits import PRICE

MONEY = frozenset({"amount", "velocity", "over_list"})
"""Measures that are amounts of money."""


UNITS = {
    "deal": "deals", "company": "companies", "product": "products", "activity": "activities",
}  # fmt: skip
"""What is counted where nothing is measured."""


class Counting:
    """Counts what a figure asks for."""

    def __init__(self, turn: Turn, figure: Figure) -> None:
        self.turn, self.figure = turn, figure
        self.gathering = Gathering(turn)
        self.facts = self.gathering.deals

    def give(self) -> Answered:
        match self.figure.wanted:
            case "fact":
                return self._fact()
            case "forecast":
                return self._forecast()
            case "silent":
                return self._silent()
            case "share":
                return self._share()
            case "difference" | "growth" | "span" | "outcomes" | "ratio":
                return self._compared()
            case "day" | "day_of":
                return self._day()
        if self.figure.by or self.figure.wanted == "list":
            return groups(self)
        return self.told(self.count(self.gathering.told(self.figure)))

    def count(self, facts: Sequence[Told]) -> Fraction | None:
        value = count_up(facts, self.figure.measure, self.figure.over, self.turn.today)
        return self.major(value)

    def major(self, value: Fraction | None) -> Fraction | None:
        """Amounts in major units."""
        if value is None or self.figure.measure not in MONEY:
            return value
        return value / Fraction(10 ** digits(self.turn.currency))

    @property
    def _unit(self) -> str:
        match self.figure.measure:
            case "count":
                return UNITS[self.figure.of]
            case "amount" | "over_list":
                return self.turn.currency
            case "trait":
                return self._unit_of_trait()
            case "velocity":
                return f"{self.turn.currency}/day"
            case "cycle" | "age":
                return "days"
        return "fraction"

    def _unit_of_trait(self) -> str:
        kind = self.figure.trait or ""
        return self.turn.currency if kind == PRICE else self.facts.facets.quantities.get(kind, "")

    def told(
        self, value: Fraction | str | None, unit: str = "", rows: Sequence[tuple[str, Any]] = ()
    ) -> Answered:
        named = self.facts.facets.quantities.get(self.figure.trait or "", "")
        if self.figure.by == "stage":
            value = self._stage(value)
            rows = [(str(self._stage(name)), figure) for name, figure in rows]
        answer = Answered(self.figure, value, unit or self._unit, tuple(rows), named=named)
        if self.figure.measure not in MONEY and not self.figure.worth:
            return answer
        left_out = {code: len(deals) for code, deals in self.facts.left_out.items()}
        return replace(answer, left_out=left_out, rates=self.facts.rates)

    def _stage(self, key: Fraction | str | None) -> Fraction | str | None:
        """A stage as the team calls it."""
        names = {stage.key: stage.name for stage in all_stages(self.turn) if stage.name}
        ends = {"won": "Won", "lost": "Lost"}
        return names.get(key) or ends.get(key, key) if isinstance(key, str) else key

    # --- kinds of answers -----------------------------------------------------------------------

    def _share(self) -> Answered:
        figure = self.figure
        part = self.count(self.gathering.told(figure))
        all_of_it = self.count(self.gathering.whole(figure))
        value = part / all_of_it if part is not None and all_of_it else None
        return self.told(value, "fraction", [("part", part), ("whole", all_of_it)])

    def _compared(self) -> Answered:
        figure = self.figure
        pairs = [(name, self.count(found)) for name, found in self._sides()]
        (name, first), (other, second) = pairs
        if figure.wanted == "growth":
            return self.told(growth(first, second), "fraction", pairs)
        if first is None or second is None:
            return self.told(None, rows=pairs)
        if figure.wanted == "ratio":
            return self.told(first / second if second else None, "ratio", pairs)
        if figure.wanted == "span":
            spans = {name: figure.span, other: figure.against}
            best = name if (first >= second) != figure.least else other
            return self.told(code_of(spans[best]), "name", pairs)
        return self.told(first - second, rows=pairs)

    def _sides(self) -> Iterator[tuple[str, Sequence[Told]]]:
        """The two that are held against each other."""
        figure = replace(self.figure, by=None)
        if figure.rivals:
            kind, names = figure.rivals
            for name in names:
                only = {**figure.only, kind: (name,)}
                yield name, self.gathering.told(replace(figure, only=only))
        elif figure.wanted in {"outcomes", "ratio"}:
            for which in ("won", "lost") if figure.which == "won" else ("lost", "won"):
                told = self.gathering.told(figure, which=which)
                yield self.turn.say(f"label_count_{which}"), told
        else:
            for each in (figure.span, figure.against):
                span = each or Span(None, None)
                yield said(self.turn, span), self.gathering.told(figure, span)

    def _forecast(self) -> Answered:
        """The value is by stage; beside it what is won already, and by history with its range."""
        found = forecast(self.turn, self.figure, self.gathering)
        told = {"won": found.won, "weighted": found.weighted}
        if found.history:
            past = found.history
            told |= {"history": past.expected, "low": past.low, "high": past.high}
        rows = [(name, self.major(Fraction(minor))) for name, minor in told.items()]
        rows += [("deals", Fraction(found.deals)), ("unpriced", Fraction(found.unpriced))]
        answer = self.told(self.major(Fraction(found.weighted)), rows=rows)
        course = [(name, self.major(minor) or Fraction(0)) for name, minor in found.course]
        return replace(answer, course=tuple(course))

    def _silent(self) -> Answered:
        span = self.figure.span
        if span is None or span.first is None:
            return self.told(None, "name")
        found = self.gathering.activities.silent(span.first)
        rows = [(name, day.isoformat() if day else None) for name, day in found]
        return self.told(found[0][0] if found else None, "name", rows)

    def _day(self) -> Answered:
        found = self.gathering.of(self.figure)
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
            return self.told(None, "date")
        day = min(days) if self.figure.least else max(days)
        return self.told(day.isoformat(), "date")

    def _fact(self) -> Answered:
        names = self.figure.rivals[1] if self.figure.rivals else self.figure.only["product"]
        pairs = []
        for name in names:
            price = self.facts.facets.price(name)
            pairs.append((name, Fraction(Money(*price).amount) if price else None))
        unit = (self.facts.facets.price(names[0]) or (0, self.turn.currency))[1]
        match [value for _, value in pairs if value is not None]:
            case [first, second]:
                return self.told(first - second, unit, pairs)
        return self.told(pairs[0][1], unit, pairs)
