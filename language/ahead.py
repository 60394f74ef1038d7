"""Questions about what is to be expected of customers: why one is at risk, when one orders again,
what one is worth, whom to call, how many stay.

``why is Bilal at risk?``, ``Nishat kab dobara order karega``, ``آج کس کو کال کروں؟``. One is such a
question only where all of its words are, but for one name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from language.action import Action
from language.figures.figure import Span
from language.figures.phrases import is_everyday, phrases
from language.figures.spans import Spans
from language.numbers import read_number
from language.phrasebook import Phrasebook, words_in
from language.sheet import Sheet, lay_out

LONGEST = 18
"""Tokens of such a question at most."""

NAME = 5
"""Words of a name at most."""

TOPICS = (
    "risk", "order", "next_order", "due", "call", "calls", "worth", "spends", "bought", "best",
    "bought_most", "grade", "retention", "churn", "cohort",
)  # fmt: skip
"""What such a question is about; one of them is in it."""

_PHRASES = Phrasebook(lambda: words_in("ahead").items(), TOPICS)


def read_ahead(sheet: Sheet, today: date, spoken: bool | None = None) -> Action | None:
    """What a message asks; None where it says anything else as well. ``spoken``: whether somebody
    was spoken of, whom "he" or "usne" stands for."""
    if not 0 < len(sheet.tokens) <= LONGEST or not _PHRASES.may_be_in(sheet.forms):
        return None
    said = _Said.of(sheet, today)
    if said is None:
        return None
    if said.name is not None:
        return _of_one(said, {"contact": said.name})
    of_them = _of_one(said, {}) if spoken and said.stands_in else None
    return replace(of_them, of_them=True) if of_them else _of_all(said)


def _of_one(said: _Said, whom: dict[str, Any]) -> Action | None:
    if said.has("spends") or (said.has("how_much") and said.has("bought")):
        if said.is_to_come or said.has("ahead"):
            return Action("value.show", whom)
        return Action("order.total", whom | said.days)
    if said.span is not None:
        return None
    if said.has("risk") and said.asks:
        return Action("risk.show", whom)
    if said.has("why") and said.has("order") and said.has("not"):
        return Action("risk.show", whom)
    if said.has("next_order") or (said.has("when", "chance") and said.has("order")):
        return Action("order.next", whom)
    return Action("value.show", whom) if said.has("worth") else None


def _of_all(said: _Said) -> Action | None:
    if said.has("calls") or (said.has("whom") and said.has("call") and said.has("today", "should")):
        return Action("call.list") if said.span is None or said.is_today else None
    if said.is_of_the_best and (said.span or not said.has("worth")):
        if said.span is None and not said.has("bought_most", "by_sales"):
            return Action("stats.show", {"metric": "value"})
        top = {"top": said.top} if said.top else {}
        return Action("order.buyers", said.days | top | said.mine)
    if said.has("risk") and said.has("picture"):
        return Action("risk.list")
    if said.has("due") and not said.has("calls"):
        tomorrow = (said.today + timedelta(days=1)).isoformat()
        days = {"first": tomorrow, "last": tomorrow} if said.has("tomorrow") else said.days
        return Action("order.due", days | said.mine)
    by = said.value("by")
    if said.has("cohort"):
        return Action("keeping.show", {"by": "cohort"})
    in_days = said.span is not None and (said.dated or not _has_a_name(said.span, said.today))
    if said.has("retention") or (said.has("churn") and (by or in_days)):
        slots: dict[str, Any] = {"by": by} if by else {}
        if said.span and said.span.first and not by:
            slots |= {"last": said.today.isoformat(), **said.days}
        if said.has("retention"):
            slots["kept"] = True
        return Action("keeping.show", slots)
    return None


def _has_a_name(span: Span, today: date) -> bool:
    """Whether these are the days of this or the last week, month, quarter or year, which churn is
    asked for by name; or no days that begin."""
    if span.first is None:
        return True
    for begins in _BEGINS:
        this = begins(today)
        before = this - timedelta(days=1)
        if span.first == this and span.last is not None and span.last >= today:
            return True
        if (span.first, span.last) == (begins(before), before):
            return True
    return False


_BEGINS: tuple[Callable[[date], date], ...] = (
    lambda day: day - timedelta(days=day.weekday()),
    lambda day: day.replace(day=1),
    lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
    lambda day: day.replace(month=1, day=1),
)
"""The first day of the week, month, quarter and year."""


@dataclass(frozen=True)
class _Said:
    """What the words of a question are: senses, a name, a stretch of days."""

    senses: frozenset[str]
    name: str | None
    span: Span | None
    today: date
    asks: bool
    dated: bool
    """Whether the stretch is told by a figure: in 2026."""
    top: int | None
    """So many of the best are asked for."""
    stands_in: bool
    """Whether a word is there that stands for somebody: he, usne."""

    @classmethod
    def of(cls, sheet: Sheet, today: date) -> _Said | None:
        """None where words are left that can be no name."""
        marks = _PHRASES.marks(sheet.forms)
        covered = {at for i, j, _ in marks for at in range(i, j)}
        stretches = [
            each for each in Spans(sheet, phrases(sheet), today).read()
            if not any(
                a < each.j and each.i < b and each.j - each.i <= b - a and _is_ours(some)
                for a, b, some in marks
            )
        ]  # fmt: skip
        covered |= {at for each in stretches for at in range(each.i, each.j)}
        them = {at for at in range(len(sheet.tokens)) if _stands_in(sheet, at)}
        covered |= them
        left = [
            at for at, token in enumerate(sheet.tokens)
            if at not in covered and (token.kind in {"word", "number"} and token.key != "'s")
        ]  # fmt: skip
        senses = frozenset(sense for _, _, some in marks for sense in some)
        top = None
        if left and _of_the_best(senses):
            end, number = _count(sheet, left[0])
            if number and [*range(left[0], end)] == left:
                top, left = number, []
        if len(stretches) > 1 or (left and not _can_be_name(sheet, left)):
            return None
        name = sheet.said(left[0], left[-1] + 1) if left else None
        asks = bool(senses & {"why", "asks"}) or any(token.key in "?؟" for token in sheet.tokens)
        first = sheet.tokens[0].key
        return cls(
            senses,
            name,
            stretches[0].span if stretches else None,
            today,
            asks or first in {"is", "are", "will", "kya", "کیا"},
            any(
                token.kind == "number"
                for each in stretches
                for token in sheet.tokens[each.i : each.j]
            ),
            top,
            bool(them),
        )

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)

    def value(self, kind: str) -> str | None:
        found = (each.partition(":")[2] for each in self.senses if each.startswith(f"{kind}:"))
        return next(found, None)

    @property
    def days(self) -> dict[str, Any]:
        """The stretch of days as slots."""
        if self.span is None:
            return {}
        ends = {"first": self.span.first, "last": self.span.last}
        return {name: day.isoformat() for name, day in ends.items() if day}

    @property
    def mine(self) -> dict[str, Any]:
        return {"owner": "me"} if self.has("mine") else {}

    @property
    def is_of_the_best(self) -> bool:
        return _of_the_best(self.senses)

    @property
    def is_today(self) -> bool:
        return self.span == Span(self.today, self.today)

    @property
    def is_to_come(self) -> bool:
        return bool(self.span and self.span.first and self.span.first > self.today)


def _count(sheet: Sheet, at: int) -> tuple[int, int]:
    """Where a count ends, and how many it says: 10, ten, das; 0 where none stands there."""
    if number := read_number(sheet, at):
        return number.j, int(number.value)
    alone = read_number(lay_out(sheet.said(at, at + 1)), 0)  # "top ten customers" is one phrase
    return (at + 1, int(alone.value)) if alone else (at, 0)


def _stands_in(sheet: Sheet, at: int) -> bool:
    return sheet.has(at, "they", "them") and not sheet.has(at, "it", "customer")


def _of_the_best(senses: frozenset[str]) -> bool:
    """Whether it is asked who the best customers are: "who bought most", "top 5 customers"."""
    return bool(senses & {"best", "bought_most"}) or {"grade", "customers"} <= senses


def _is_ours(some: frozenset[str]) -> bool:
    return any(each.startswith("by:") or each == "today" for each in some)


_TELLS_OF_BEFORE = frozenset({"did", "last", "was", "were", "had", "lost", "lose", "not", "never"})


def _can_be_name(sheet: Sheet, left: list[int]) -> bool:
    """Whether the words that are left stand together, and begin as a name does."""
    together = left[-1] - left[0] + 1 == len(left) <= NAME
    keys = {sheet.tokens[at].key for at in left}
    words = any(sheet.tokens[at].kind == "word" for at in left)
    return together and words and keys.isdisjoint(_TELLS_OF_BEFORE) and _like_name(sheet, left[0])


def _like_name(sheet: Sheet, at: int) -> bool:
    """No everyday word, unless it is written as a name or is one as well."""
    written = sheet.tokens[at].capital and not sheet.shouted and at > 0
    return written or sheet.has(at, "given") or not is_everyday(sheet, at)
