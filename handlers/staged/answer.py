"""What all answers about stages share: which deals count, what is left out, how it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from handlers.figure_words import said
from handlers.pipeline import (
    main_pipeline,
    pipeline_name,
    pipeline_of,
    pipelines,
    stage_keys,
    stage_name,
    stage_title,
)
from handlers.reply import Button, Line, Part, Reply, Title
from handlers.sums import rate_buttons, rate_notes
from handlers.turn import Turn
from language.figures.staged import Staged
from rules.money import Money, digits
from rules.standing import NOT_TOLD, WON
from storage.facts import Wanted
from storage.moves import Moves, Worth
from storage.rates import Rates


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as people read it and as programs do: see ``Answered``. ``more`` has further
    figures of each row by name."""

    reply: Reply
    value: Fraction | str | None
    unit: str
    rows: tuple[tuple[str, Fraction | None], ...] = ()
    more: tuple[Mapping[str, Fraction | None], ...] = ()

    def plain(self) -> dict[str, Any]:
        beside = self.more or ({},) * len(self.rows)
        rows = [
            {"name": name, "value": _number(value)}
            | {key: _number(each) for key, each in more.items()}
            for (name, value), more in zip(self.rows, beside, strict=True)
        ]
        return {"value": _number(self.value), "unit": self.unit, "rows": rows}


def _number(value: Fraction | str | None) -> float | int | str | None:
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


class Answer:
    """Counts what is asked. ``left_out``: how many deals of which currency could not be counted."""

    def __init__(self, turn: Turn, question: Staged) -> None:
        self.turn, self.question = turn, question
        self.rates = Rates(turn.session, turn.workspace.id)
        self.left_out: Counter[str] = Counter()
        figure = question.figure
        wanted = Wanted("all", figure.only, figure.but)
        self.moves = Moves(turn.session, turn.workspace.id, turn.member.zone, wanted)
        self.named = [key for key in question.stages if key != WON]
        self.pipeline = question.pipeline or (
            pipeline_of(turn, self.named[0]) if self.named else main_pipeline(turn)
        )

    def give(self) -> Told:
        raise NotImplementedError

    def in_time(self, day: date) -> bool:
        span = self.question.figure.span
        if span is None:
            return True
        after = span.first is None or day >= span.first
        return after and (span.last is None or day <= span.last)

    def way(self) -> list[str]:
        return stage_keys(self.turn, self.pipeline)

    def asked_stages(self, way: Sequence[str]) -> list[str]:
        return [key for key in way if key in self.named] or self.named or list(way)

    def called(self, key: str) -> str:
        """As it was called on the day that is asked about."""
        day = self.question.day
        if key == NOT_TOLD:
            return self.turn.say("stage_not_told")
        if day is None:
            told = self.question.asks == "standing" and not self.question.pipeline
            return stage_name(self.turn, key) if told else stage_title(self.turn, key)
        name = stage_title(self.turn, key, self.moves.end_of(day))
        if self.question.pipeline or len(pipelines(self.turn)) == 1:
            return name
        way = pipeline_name(self.turn, pipeline_of(self.turn, key))
        apart = self.turn.voice.apart
        return self.turn.voice.told(f"{apart(way)}: {apart(name)}")

    def minor(self, worth: Worth) -> int | None:
        """In the workspace's currency, at the rate of the day that is asked about; what there is no
        rate for is left out, and told."""
        minor, currency = worth
        if minor is None or currency == self.turn.currency:
            return minor
        day = min(self.question.day or self.turn.today, self.turn.today)
        here = self.rates.worth(minor, str(currency), self.turn.currency, day)
        if here is None:
            self.left_out[str(currency)] += 1
        return None if here is None else round(here)

    def major(self, minor: Fraction | int) -> Fraction:
        return Fraction(minor) / Fraction(10 ** digits(self.turn.currency))

    def money(self, minor: int) -> str:
        return self.turn.voice.sum(Money(minor, self.turn.currency))

    def in_days(self, days: Fraction) -> str:
        whole = days.denominator == 1
        return self.turn.say("days_long", n=int(days) if whole else f"{float(days):.1f}")

    def nothing(self) -> Line:
        return Line(self.turn.say("moves_nothing"))

    def titled(self, key: str, named: Iterable[str]) -> list[Part]:
        span = self.question.figure.span
        names = [self.called(stage) for stage in named]
        when = [said(self.turn, span)] if span else []
        return [Title(self.turn.voice.beside(self.turn.say(key), *names, *self._whose(), *when))]

    def title(self, key: str, day: date | None) -> str:
        names = [self.called(stage) for stage in self.named]
        when = [self.turn.voice.full_day(day)] if day else []
        told = [self.turn.say(key), *names, *self._whose(), *when]
        return self.turn.voice.beside(*told)

    def _whose(self) -> Iterator[str]:
        """Of which pipeline where there are several, and of whom."""
        if len(pipelines(self.turn)) > 1 and (self.question.pipeline or self._is_of_one):
            yield pipeline_name(self.turn, self.pipeline)
        for some in self.question.figure.only.values():
            yield from some

    @property
    def _is_of_one(self) -> bool:
        return self.question.asks != "standing" and not self.named

    def told(
        self,
        parts: Sequence[Part],
        value: Fraction | str | None,
        unit: str,
        rows: Sequence[tuple[str, Fraction | None]],
        more: Sequence[Mapping[str, Fraction | None]],
        measure: str,
    ) -> Told:
        notes = rate_notes(self.turn, self.rates, self.left_out)
        button: Button = self.turn.button("how_button", "stats.how", measure=measure)
        reply = Reply((*parts, *notes), (button, *rate_buttons(self.turn, self.rates)))
        return Told(reply, value, unit, tuple(rows), tuple(more))


def percent(rate: Fraction | None) -> str:
    return f"{float(rate):.1%}" if rate is not None else "—"
