"""How many deals go on from one stage to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from handlers.pipeline import stage_title
from handlers.reply import Line, Table
from handlers.staged.answer import Answer, Told, percent
from rules.standing import WON, conversion


class Passing(Answer):
    def give(self) -> Told:
        way = self.way()
        if not way:
            return self.told([self.nothing()], None, "fraction", (), (), "stage_conversion")
        pairs = self._pairs(way)
        span = self.question.figure.span
        first = span.first if span and span.first else date.min
        last = span.last if span and span.last else date.max
        paths = [one.path for one in self.moves.all()]
        overall = (way[0], WON)
        wanted = [*pairs, overall] if len(pairs) > 1 else pairs
        passed = {(a, b): conversion(paths, way, a, b, first, last) for a, b in wanted}
        rows = tuple((self._from_to(*pair), some.rate) for pair, some in passed.items())
        more = tuple(
            {"came": Fraction(some.came), "went": Fraction(some.went), "open": Fraction(some.open)}
            for some in passed.values()
        )
        total = passed[overall if len(pairs) > 1 else pairs[0]]
        parts = self.titled("conversion_title", [])
        if total.rate is None:
            return self.told(
                [*parts, self.nothing()], None, "fraction", rows, more, "stage_conversion"
            )
        counts = self.question.of == "deals"
        value = Fraction(total.went) if counts else total.rate
        if len(pairs) == 1:
            line = self._from_to(*pairs[0])
            parts.append(Line(self.turn.voice.told(f"{line}: {percent(total.rate)}")))
        else:
            head = tuple(
                self.turn.say(each)
                for each in ("head_stage", "head_came", "head_went", "head_rate")
            )
            table = tuple(
                (self._from_to(*pair), str(some.came), str(some.went), percent(some.rate))
                for pair, some in passed.items()
            )
            parts.append(Table(head, table, numeric=(1, 2, 3)))
        told = {"n": total.came, "went": total.went, "open": total.open}
        if len(pairs) == 1:
            parts.append(Line(self.turn.say("conversion_of", **told), quiet=True))
        unit = "deals" if counts else "fraction"
        return self.told(parts, value, unit, rows, more, "stage_conversion")

    def _pairs(self, way: Sequence[str]) -> list[tuple[str, str]]:
        """From which stages to which: those that were named, in the order of the pipeline, else
        each and the next."""
        steps = [*way, WON]
        named = [key for key in steps if key in self.question.stages]
        if len(named) > 1:
            return [(named[0], named[-1])]
        if named and named[0] != WON:
            return [(named[0], steps[steps.index(named[0]) + 1])]
        return list(pairwise(steps))

    def _from_to(self, stage: str, to: str) -> str:
        arrow = " ← " if self.turn.voice.rtl else " → "
        names = (stage_title(self.turn, each) for each in (stage, to))
        return self.turn.voice.told(arrow.join(map(self.turn.voice.apart, names)))
