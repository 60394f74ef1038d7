"""Goals in words: "goal 50 lakh this month", "Sara's target is 20 deals", "are we on track"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from language.action import Action
from language.agreed.message import LONGEST, Figure, Message
from language.agreed.phrases import may_say
from language.figures.phrases import is_everyday
from language.sheet import Sheet

OF_WHAT = ("revenue", "deals", "newcomers", "win_rate", "retention", "activities", "kind:call",
            "kind:meeting", "kind:visit", "kind:email", "kind:message")  # fmt: skip
_EVERY = tuple(f"every:{each}" for each in ("day", "week", "month", "quarter", "year"))
ABOUT = ("is", "set", "new", "glue", "team", "mine", "percent", "at_least", *OF_WHAT)
_KNOWN = ("goal", "goals", *ABOUT, *_EVERY)
_ASKING = ("show", "question", "status", "track")
_LONGEST_NAME = 3
_SURELY_MONEY = 1000  # below, a bare figure may be as many deals


def read_goals(sheet: Sheet, today: date) -> list[Action]:
    """A goal that a message sets, asks for or takes back."""
    if not 0 < len(sheet.tokens) <= LONGEST or not may_say(sheet, "goal", "goals", "track"):
        return []
    message = Message(sheet, today, ahead=True)
    if not message.has("goal", "goals", "track"):
        return []
    return list(_read(message))


def _read(message: Message) -> Iterator[Action]:
    years = {at for each in message.years for at in range(each.i, each.j)}
    figures = [each for each in message.figures if each.i not in years]
    whole = [each.span for each in (*message.stretches, *message.years)]
    more = [(each.i, each.j) for each in message.years]
    left = message.left_over(*_KNOWN, *_ASKING, "remove", more=more)
    who = _who(message, left)
    if who is None:
        return
    about: dict[str, Any] = {"who": who} if who else {}
    measure, kind = measured(message)
    if len(whole) > 1 or (whole and (whole[0].first is None or whole[0].last is None)):
        return
    if whole:
        about |= {"first": str(whole[0].first), "last": str(whole[0].last)}
    elif every := message.value("every"):
        about["every"] = every
    if message.has("remove"):
        if not figures:
            told = {"measure": measure, "kind": kind}
            yield Action("goal.remove", {**about, **{k: v for k, v in told.items() if v}})
        return
    if len(figures) == 1 and message.has("goal", "goals") and not message.has("track"):
        yield from _set(message, figures[0], measure, kind, about)
    elif not figures and (message.has(*_ASKING, "goals") or not left):
        told = {"measure": measure, "kind": kind}
        yield Action("goal.show", {**about, **{k: v for k, v in told.items() if v}})


def _set(
    message: Message, figure: Figure, measure: str, kind: str, about: dict[str, Any]
) -> Iterator[Action]:
    currency = message.currencies[0][2] if message.currencies else None
    rate = message.has("percent")
    if message.of("question") and not message.has("is", "set"):
        return
    if rate and measure not in {"win_rate", "retention"}:
        measure = "win_rate" if measure in {"", "won"} else ""
    elif currency or (
        not measure and (figure.value >= _SURELY_MONEY or _has_unit(message, figure))
    ):
        measure = "amount"
    slots: dict[str, Any] = {**about, "target": str(figure.value)}
    if measure:
        slots["measure"] = measure
    if kind:
        slots["kind"] = kind
    if currency:
        slots["currency"] = currency
    yield Action("goal.set", slots)


def _has_unit(message: Message, figure: Figure) -> bool:
    """Whether lakh, crore or the like was said."""
    return any("times" in message.sheet.kinds(at) for at in range(figure.i, figure.j))


def measured(message: Message) -> tuple[str, str]:
    """What is counted, and which activities."""
    kind = message.value("kind")
    if kind:
        return "activity", kind
    for sense, measure in (
        ("newcomers", "newcomers"), ("win_rate", "win_rate"), ("retention", "retention"),
        ("activities", "activity"), ("deals", "won"), ("revenue", "amount"),
    ):  # fmt: skip
        if message.has(sense):
            return measure, ""
    return "", ""


def _large(message: Message, at: int) -> bool:
    """Written as a name, or one that is listed: "sara" is an everyday word, too."""
    sheet = message.sheet
    return sheet.has(at, "given") or (sheet.tokens[at].capital and not sheet.shouted)


def _who(message: Message, left: list[int]) -> str | None:
    """Whose goal it is: a name, ``team`` or ``me``; empty where nobody is named; None where words
    are left that can be no name."""
    left = [at for at in left if message.sheet.key(at) != "'s"]
    if left:
        if any(is_everyday(message.sheet, at) and not _large(message, at) for at in left):
            return None
        together = left[-1] - left[0] + 1 == len(left) <= _LONGEST_NAME
        tokens = [message.sheet.tokens[at] for at in left]
        if not together or any(token.kind != "word" for token in tokens):
            return None
        return message.sheet.said(left[0], left[-1] + 1)
    if message.has("team"):
        return "team"
    return "me" if message.has("mine") else ""
