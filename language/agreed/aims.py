"""A goal that is not called one: "20 new customers this month", "50 lakh ki sale karni hai".

Such words may ask as well how many there were, so only those that say "must" set one by
themselves; the others are a goal that is offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from language.action import Action
from language.agreed.goals import ABOUT, OF_WHAT, measured
from language.agreed.message import LONGEST, Figure, Message
from language.agreed.phrases import may_say
from language.sheet import Sheet

_SHORTEST = 5
"""Days of a goal: of fewer, calls that are to be made are tasks."""

_FEWEST = 5
"""Calls, meetings and the like of a goal: so few that must be made may be a task."""

_LEAST_SUM = Decimal(1000)

_ASKED = {"en": "how many", "roman": "kitne", "ur": "کتنے"}


@dataclass(frozen=True, slots=True)
class Aim:
    """``goal`` as it would be set; ``question`` the same asked as a figure. ``sure``: it must be
    so; ``asks``: a question mark is all that tells."""

    goal: Action
    question: str
    sure: bool = False
    asks: bool = False


def read_aim(sheet: Sheet, today: date) -> Aim | None:
    """What a message may aim at: so many of what goals are of, in a time that is not over, and
    nothing else said."""
    if not 2 < len(sheet.tokens) <= LONGEST or not _has_figure(sheet):
        return None
    if not may_say(sheet, *OF_WHAT):
        return None
    message = Message(sheet, today, ahead=True)
    figure = _figure(message)
    if figure is None or message.left_over(*ABOUT, "must", "question"):
        return None
    span = message.stretches[0].span if len(message.stretches) == 1 else None
    if span is None or span.first is None or span.last is None or span.last < today:
        return None
    if message.value("every") or (span.last - span.first).days + 1 < _SHORTEST:
        return None
    return _aimed(message, figure, {"first": str(span.first), "last": str(span.last)})


def _has_figure(sheet: Sheet) -> bool:
    return any(token.key[:1].isdecimal() or sheet.has(at, "number")
               for at, token in enumerate(sheet.tokens))  # fmt: skip


def _figure(message: Message) -> Figure | None:
    """The one number that is said, in words that neither ask for a goal nor take one back."""
    if message.has("goal", "goals", "track", "show", "status", "remove", "percent"):
        return None
    asked = message.of("question")
    if any(message.sheet.key(each.i) not in "?؟" for each in asked):
        return None
    return message.figures[0] if len(message.figures) == 1 else None


def _aimed(message: Message, figure: Figure, days: dict[str, str]) -> Aim | None:
    measure, kind = measured(message)
    must = message.has("must")
    if measure == "amount" or message.currencies:
        measure = "amount"
        if figure.value < _LEAST_SUM:
            return None
    if not measure or figure.value != int(figure.value) or figure.value <= 0:
        return None
    if must and measure == "activity" and figure.value < _FEWEST:
        return None
    slots = {**days, "target": str(figure.value), "measure": measure}
    if kind:
        slots["kind"] = kind
    if message.currencies:
        slots["currency"] = message.currencies[0][2]
    asks = message.has("question")
    if must and asks:
        return None
    return Aim(Action("goal.set", slots), _question(message.sheet, figure), must, asks)


def _question(sheet: Sheet, figure: Figure) -> str:
    """``how many new customers this month``: with the question in the number's place."""
    size = len(sheet.tokens)
    asked = _ASKED.get(sheet.tongue or "en", _ASKED["en"])
    before = sheet.said(0, figure.i) if figure.i else ""
    after = sheet.said(figure.j, size) if figure.j < size else ""
    return f"{before} {asked} {after}".strip(" ?؟.!")
