"""Messages that ask for a report, or say what the bot is to tell by itself, and where.

``weekly report here every monday 9am``, ``jeet ki khabar yahan do``, ``اس مہینے کی رپورٹ``. One is
such a message only where all of its words are, so that whatever else is said stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from language.action import Action
from language.clocks import read_clock
from language.figures.figure import Span
from language.figures.phrases import phrases
from language.figures.spans import Spans
from language.phrasebook import Mark, Meanings, Phrasebook, words_in
from language.sheet import Sheet
from language.wordfiles import under

LONGEST = 18
"""Tokens of such a message at most."""

TOPICS = ("report", "wins", "nudges", "needing")
"""What such a message is about; one of them is in it."""

WEEK = timedelta(days=6)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_telling(sheet: Sheet, today: date) -> Action | None:
    """What a message asks for; None where it says anything else as well."""
    if not 0 < len(sheet.tokens) <= LONGEST or not _PHRASES.may_be_in(sheet.forms):
        return None
    said = _Said.of(sheet, today)
    if said is None:
        return None
    if said.has("nudges"):
        return Action("nudge.settings")
    if said.has("needing"):
        return Action("nudge.deals")
    if said.has("wins") and not said.has("report"):
        return _wins(said)
    return _report(said) if said.has("report") else None


def _wins(said: _Said) -> Action | None:
    """Where wins are told, or that they are not any more; a mere question about them is none."""
    placed = said.has("here", "post")
    if said.has("off") or (said.has("not") and placed):
        return Action("news.wins", {"value": "off"})
    return Action("news.wins", {"value": "on"}) if placed else None


def _report(said: _Said) -> Action | None:
    if said.has("monthly") and said.has("off", "not", "start", "here"):
        value = "off" if said.has("off", "not") else "on"
        return Action("report.monthly", {"value": value})
    if said.has("off", "not"):
        return Action("report.weekly", {"value": "off"})
    recurs = said.has("every", "weekly") and (said.weekday or said.clock)
    if not said.span and (said.has("here", "start") or recurs):
        slots: dict[str, Any] = {"value": "on"}
        if said.weekday:
            slots["weekday"] = said.weekday
        if said.clock:
            slots["at"] = f"{said.clock:%H:%M}"
        return Action("report.weekly", slots)
    if said.weekday or said.clock:
        return None  # what is to be done then
    slots = {}
    if span := said.span or said.period():
        slots = {"first": _iso(span.first), "last": _iso(span.last)}
    if said.has("excel"):
        slots["form"] = "xlsx"
    if said.has("mine"):
        slots["owner"] = "me"
    return Action("report.show", {name: value for name, value in slots.items() if value})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class _Said:
    """What the words of a message are: senses, a stretch of days, a weekday and an hour."""

    senses: frozenset[str]
    today: date
    span: Span | None
    weekday: str | None
    clock: time | None

    @classmethod
    def of(cls, sheet: Sheet, today: date) -> _Said | None:
        """None where none of its words is about a topic, or some are none of ours."""
        marks = _PHRASES.marks(sheet.forms)
        senses = frozenset(sense for _, _, some in marks for sense in some)
        if senses.isdisjoint(TOPICS):
            return None
        if sheet.tokens[-1].key == "on":
            senses |= {"start"}
        weekday = next((each.partition(":")[2] for each in senses if ":" in each), None)
        covered = {at for i, j, _ in marks for at in range(i, j)}
        stretches = Spans(sheet, phrases(sheet), today).read()
        stretches = [each for each in stretches if _is_stretch(each.i, each.j, marks)]
        covered |= {at for each in stretches for at in range(each.i, each.j)}
        clock, places = _clock(sheet, "clock" in senses or bool(weekday) or "here" in senses)
        covered |= places
        rest = [at for at, token in enumerate(sheet.tokens) if at not in covered]
        if any(sheet.tokens[at].kind in {"word", "number"} for at in rest) or len(stretches) > 1:
            return None
        return cls(senses, today, stretches[0].span if stretches else None, weekday, clock)

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)

    def period(self) -> Span | None:
        """The stretch that "monthly" and its like name: the one that runs."""
        first = self.today.replace(day=1)
        if self.has("monthly"):
            return Span(first, self.today)
        if self.has("quarterly"):
            return Span(first.replace(month=3 * ((first.month - 1) // 3) + 1), self.today)
        if self.has("yearly"):
            return Span(first.replace(month=1), self.today)
        return Span(self.today - WEEK, self.today)


def _is_stretch(i: int, j: int, marks: list[Mark]) -> bool:
    """Whether it is no word of ours that only looks like one ("every week")."""
    return not any(
        some & {"weekly", "monthly", "quarterly", "yearly"} and a < j and i < b
        for a, b, some in marks
    )


def _clock(sheet: Sheet, wanted: bool) -> tuple[time | None, set[int]]:
    if not wanted:
        return None, set()
    part: str | None = None
    for at in range(len(sheet.tokens)):
        found = read_clock(sheet, at, part)
        if found:
            return found.clock, set(range(found.i, found.j))
        part = sheet.value(at, "part") or part
    return None, set()


def _meanings() -> Meanings:
    days = {f"weekday:{key}": said for key, said in under("weekday").items()}
    return (words_in("telling") | days).items()


_PHRASES = Phrasebook(_meanings, TOPICS)
