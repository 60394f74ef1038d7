"""How many days deals stay in stages, and what goes on from one in a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from handlers.pipeline import all_stages
from handlers.reply import Fields, Line, Table
from handlers.staged.answer import Answer, Told
from rules.money import Money, digits
from rules.standing import left, middle_days, stage_velocity, usual_days
from storage.moves import Moved


class Stays(Answer):
    def give(self) -> Told:
        way = self.way()
        stays = {key: self._days(key, way) for key in self.asked_stages(way)}
        usual = {key: usual_days(days) for key, days in stays.items()}
        rows = tuple((self.called(key), days) for key, days in usual.items())
        more = tuple(
            {"median": middle_days(days), "deals": Fraction(len(days))} for days in stays.values()
        )
        known = {key: days for key, days in usual.items() if days is not None}
        value: Fraction | str | None = None
        unit, parts = "days", [*self.titled("stay_title", self.named)]
        if self.question.pick and known:
            sign = -1 if self.question.pick == "highest" else 1
            best = min(known, key=lambda key: sign * known[key])
            value, unit = self.called(best), "name"
            line = f"{self.called(best)}: {self.in_days(known[best])}"
            parts.append(Line(self.turn.voice.told(line)))
        elif len(stays) == 1:
            value = next(iter(usual.values()))
        elif known:
            total = [self._whole_days(one, way) for one in self.moves.all()]
            value = usual_days([days for days in total if days is not None])
        if not known:
            return self.told([*parts, self.nothing()], None, unit, rows, more, "stay")
        if len(stays) == 1:
            key, days = next(iter(stays.items()))
            parts.append(Fields(tuple(self._about_stay(key, days))))
        else:
            parts.append(self._stay_table(stays))
        return self.told(parts, value, unit, rows, more, "stay")

    def _days(self, stage: str, way: Sequence[str]) -> list[int]:
        gone = [left(one.path, stage, way) for one in self.moves.all()]
        return [each.days for each in gone if each and self.in_time(each.day)]

    def _whole_days(self, one: Moved, way: Sequence[str]) -> int | None:
        """The days that a deal spent in all the stages that it left."""
        gone = [left(one.path, stage, way) for stage in way]
        days = [each.days for each in gone if each and self.in_time(each.day)]
        return sum(days) if days else None

    def _about_stay(self, key: str, days: Sequence[int]) -> Iterator[tuple[str, str]]:
        mean, middle = usual_days(days), middle_days(days)
        if mean is None or middle is None:
            return
        say = self.turn.say
        yield say("field_mean"), self.in_days(mean)
        yield say("field_median"), self.in_days(middle)
        yield say("head_deals"), str(len(days))
        row = next((each for each in all_stages(self.turn) if each.key == key), None)
        if row and row.days:
            yield say("field_expected"), self.in_days(Fraction(row.days))

    def _stay_table(self, stays: dict[str, list[int]]) -> Table:
        say = self.turn.say
        expected = {each.key: each.days for each in all_stages(self.turn)}
        rows = []
        for key, days in stays.items():
            mean = usual_days(days)
            told = f"{float(mean):.1f}" if mean is not None else "—"
            rows.append((self.called(key), told, str(expected.get(key) or "—"), str(len(days))))
        head = (say("head_stage"), say("head_days"), say("field_expected"), say("head_deals"))
        return Table(head, tuple(rows), numeric=(1, 2, 3))


class Velocity(Answer):
    def give(self) -> Told:
        way = self.way()
        moved = self.moves.all()
        found: dict[str, Fraction | None] = {}
        for key in self.asked_stages(way):
            gone = [(one, left(one.path, key, way)) for one in moved]
            mine = [(one, each) for one, each in gone if each and self.in_time(each.day)]
            worth = sum(self.minor(one.worth) or 0 for one, each in mine if each.on)
            speed = stage_velocity(worth, usual_days([each.days for _, each in mine]))
            found[key] = self.major(speed) if speed is not None else None
        rows = tuple((self.called(key), speed) for key, speed in found.items())
        parts = self.titled("velocity_title", self.named)
        known = [speed for speed in found.values() if speed is not None]
        unit = f"{self.turn.currency}/day"
        if not known:
            return self.told([*parts, self.nothing()], None, unit, rows, (), "stage_velocity")
        value = known[0] if len(found) == 1 else None
        if value is not None:
            parts.append(Line(self.a_day(value)))
        else:
            head = (self.turn.say("head_stage"), self.turn.say("head_a_day"))
            told = tuple((name, self.a_day(each) if each else "—") for name, each in rows)
            parts.append(Table(head, told, numeric=(1,)))
        return self.told(parts, value, unit, rows, (), "stage_velocity")

    def a_day(self, speed: Fraction) -> str:
        size = 10 ** digits(self.turn.currency)
        money = Money(round(speed * size), self.turn.currency)
        return self.turn.say("a_day", amount=self.turn.voice.money(money))
