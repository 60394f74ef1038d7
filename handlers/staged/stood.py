"""Who stood in which stage, and with how much, now or at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from handlers.pipeline import all_stages, pipeline_of, twins
from handlers.reply import Chart, Line, Part, Point, Table, Title
from handlers.staged.answer import Answer, Told
from rules.standing import Crowd, Stood, crowd, stage_on
from storage.moves import Moved


class Standing(Answer):
    def give(self) -> Told:
        question, day = self.question, self.question.day
        moved = self.moves.there_on(day) if day else self.moves.open_now()
        stood = [each for one in moved if (each := self._stood(one, day))]
        keys = self._stages_told(stood)
        stood = [each for each in stood if each.stage in keys]
        by_stage = {key: crowd(s for s in stood if s.stage == key) for key in keys}
        if not self.named and not question.pick:
            by_stage = {key: some for key, some in by_stage.items() if some.deals}
        all_of_it = crowd(stood)
        of = question.of
        unit = {"customers": "customers", "deals": "deals"}.get(of, self.turn.currency)
        rows = tuple((self.called(key), self._value(some)) for key, some in by_stage.items())
        more = tuple(self._plainly(some) for some in by_stage.values())
        value: Fraction | str | None = self._value(all_of_it)
        parts: list[Part] = [Title(self.title("standing_title", day))]
        if question.pick and stood:
            best = self._picked(by_stage)
            value, unit = self.called(best), "name"
            parts.append(Line(self.called(best)))
        elif of != "all" and stood:
            parts.append(Line(self._counted(all_of_it)))
        if not stood:
            parts.append(Line(self.turn.say("standing_nothing")))
        elif len(by_stage) > 1 or not self.named:
            parts.append(self._table(by_stage, all_of_it))
            parts.append(self._funnel(by_stage))
        return self.told(parts, value, unit, rows, more, "standing")

    def _stood(self, one: Moved, day: date | None) -> Stood | None:
        """Where it stood, if it was open."""
        stage = stage_on(one.path, day) if day else one.stage
        return Stood(stage, one.customer, self.minor(one.worth)) if stage else None

    def _stages_told(self, stood: Sequence[Stood]) -> list[str]:
        """Those that were named, and others of that name unless a pipeline was said; else those
        of the pipeline that was asked for, or of all where stages are; with those that are no
        more, as far as deals stood there."""
        turn, question = self.turn, self.question
        if self.named:
            rows = [each for each in all_stages(turn) if each.key in self.named]
            alike = [each.key for row in rows for each in (row, *twins(turn, row))]
            mine = [key for key in alike if question.pipeline in (None, pipeline_of(turn, key))]
            return list(dict.fromkeys(mine))
        seen = {each.stage for each in stood}
        there = [e.key for e in all_stages(turn) if e.active or e.key in seen]
        there += sorted(seen - set(there))
        if question.pipeline:
            there = [key for key in there if pipeline_of(turn, key) == question.pipeline]
        return there

    def _value(self, some: Crowd) -> Fraction:
        match self.question.of:
            case "customers":
                return Fraction(some.customers)
            case "deals":
                return Fraction(some.deals)
        return self.major(some.minor)

    def _counted(self, some: Crowd) -> str:
        match self.question.of:
            case "customers":
                return self.turn.say("customers_are", n=some.customers)
            case "deals":
                return self.turn.say("deals_are", n=some.deals)
        return self.money(some.minor)

    def _plainly(self, some: Crowd) -> dict[str, Fraction | None]:
        return {
            "customers": Fraction(some.customers), "deals": Fraction(some.deals),
            "amount": self.major(some.minor),
        }  # fmt: skip

    def _picked(self, by_stage: dict[str, Crowd]) -> str:
        sign = -1 if self.question.pick == "highest" else 1
        return min(by_stage, key=lambda key: sign * self._value(by_stage[key]))

    def _funnel(self, by_stage: dict[str, Crowd]) -> Chart:
        """What was asked for in each stage."""
        points = (
            Point(self.called(key), float(self._value(some)), self._counted(some))
            for key, some in by_stage.items()
        )
        title = self.title("standing_title", self.question.day)
        return Chart("funnel", title, tuple(points))

    def _table(self, by_stage: dict[str, Crowd], all_of_it: Crowd) -> Table:
        say = self.turn.say
        head = (
            say("head_stage"), say("head_customers"), say("head_deals"), say("head_amount"),
        )  # fmt: skip
        rows = [(self.called(key), some) for key, some in by_stage.items()]
        rows.append((say("total"), all_of_it))
        told = tuple(
            (name, str(some.customers), str(some.deals), self.money(some.minor))
            for name, some in rows
        )
        return Table(head, told, numeric=(1, 2, 3))
