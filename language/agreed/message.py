"""A short message taken apart: its phrases, days, numbers and currencies, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel.core import get_global

from language.agreed.phrases import Phrase, phrases
from language.figures.phrases import phrases as of_figures
from language.figures.points import Stretch
from language.figures.spans import Spans
from language.numbers import read_number
from language.sheet import Sheet

LONGEST = 30
"""Tokens of a message that can be about this."""

_SIGNS = frozenset(",:;\"'()-=.!?*/+–—۔،؟%")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in tokens `i` up to `j`."""

    i: int
    j: int
    value: Decimal


class Message:
    """``ahead``: days that name no year are of the time to come."""

    def __init__(self, sheet: Sheet, today: date, *, ahead: bool = False) -> None:
        self.sheet, self.today, self.ahead = sheet, today, ahead

    @cached_property
    def phrases(self) -> list[Phrase]:
        return phrases(self.sheet)

    @cached_property
    def senses(self) -> frozenset[str]:
        return frozenset(sense for each in self.phrases for sense in each.senses)

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)

    def of(self, *senses: str) -> list[Phrase]:
        """The phrases with one of these senses, left to right."""
        return [phrase for phrase in self.phrases if not phrase.senses.isdisjoint(senses)]

    def value(self, kind: str) -> str | None:
        """The first value that is said of a kind."""
        return next((said for phrase in self.phrases if (said := phrase.value(kind))), None)

    @cached_property
    def _spans(self) -> list[Stretch]:
        """But for "har hafte 10", which is no tenth week; Sunday to Thursday are working days."""
        every = [each for each in self.phrases if each.value("every")]
        found = Spans(self.sheet, of_figures(self.sheet), self.today, ahead=self.ahead).read()
        days = [each for each in found if not each.weekly]
        return [each for each in days if not any(p.i <= each.i < p.j for p in every)]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Spans of days; a bare figure that could be a year is none."""
        return [each for each in self._spans if not (each.is_year and each.j - each.i == 1)]

    @cached_property
    def years(self) -> list[Stretch]:
        """Bare figures that can be years of our time."""
        near = range(self.today.year - 1, self.today.year + 6)
        bare = [each for each in self._spans if each not in self.stretches]
        return [each for each in bare if each.span.first and each.span.first.year in near]

    @cached_property
    def timed(self) -> frozenset[int]:
        return frozenset(at for each in self.stretches for at in range(each.i, each.j))

    @cached_property
    def figures(self) -> list[Figure]:
        """Numbers outside of days, left to right."""
        found: list[Figure] = []
        at = 0
        while at < len(self.sheet.tokens):
            number = read_number(self.sheet, at)
            if number and at in self.timed:  # few messages have a number at all
                number = None
            if number:
                found.append(Figure(at, number.j, number.value))
            at = number.j if number else at + 1
        return found

    @cached_property
    def currencies(self) -> list[tuple[int, int, str]]:
        """The currencies that are named, each with its tokens; also one by its ISO code alone."""
        found = [
            (at, mark.j, code) for at, mark in self.sheet.marks.items()
            if (code := self.sheet.value(at, "currency"))
        ]  # fmt: skip
        taken = {at for i, j, _ in found for at in range(i, j)}
        for at, token in enumerate(self.sheet.tokens):
            if at not in taken and token.text.isupper() and token.text in _codes():
                found.append((at, at + 1, token.text))
        return sorted(found)

    def left_over(self, *known: str, more: Iterable[tuple[int, int]] = ()) -> list[int]:
        """Words that are neither a number, a day, a currency, a sign nor a phrase with one of the
        ``known`` senses; nor stand in ``more``."""
        taken = set(self.timed)
        for i, j in (
            *((f.i, f.j) for f in self.figures),
            *((i, j) for i, j, _ in self.currencies),
            *((phrase.i, phrase.j) for phrase in self.of(*known)),
            *more,
        ):
            taken.update(range(i, j))
        tokens = self.sheet.tokens
        return [at for at in range(len(tokens)) if at not in taken and tokens[at].key not in _SIGNS]


def _codes() -> Mapping[str, Any]:
    return get_global("all_currencies")
