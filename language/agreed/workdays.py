"""Working days in words: "our week is Monday to Saturday", "25 December chutti hai"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from language.action import Action
from language.agreed.message import LONGEST, Message
from language.agreed.phrases import Phrase, may_say
from language.sheet import Sheet

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KNOWN = ("work", "off", "is", "set", "glue", "team", "mine", "only", "until", "also", "new",
          "week", "ramadan", "tomorrow", "hafta", "place",
          *(f"weekday:{day}" for day in DAYS))  # fmt: skip
_ASKING = ("show", "question", "workdays")


def read_workdays(sheet: Sheet, today: date) -> list[Action]:
    """Days that a message says are worked or off; or that it asks for."""
    if not 0 < len(sheet.tokens) <= LONGEST:
        return []
    if not may_say(sheet, "work", "off", "workdays", "week"):
        return []
    message = Message(sheet, today, ahead=True)
    if not message.has("work", "off", "workdays", "week"):
        return []
    return list(_read(message))


def _read(message: Message) -> Iterator[Action]:
    when = _when(message)
    if when is None or message.figures or (message.has("mine") and message.has("off")):
        return  # whoever is off themselves says nothing of the team
    left = message.left_over(*_KNOWN, *_ASKING, "remove", "holiday")
    days = days_said(message)
    if message.has("remove"):
        if not left and (message.has("off", "workdays") or when or message.has("ramadan")):
            yield Action("workdays.remove", when)
        return
    if message.has("workdays") and not days and not when:
        if not left:
            yield Action("workdays.show", {})
        return
    if message.has("question") or _is_theirs(message, left) or _is_of_records(message):
        return
    works = message.has("work", "week", "workdays")
    if days and not left and (works or message.has("off")):
        off = message.has("off") and not message.of("week")
        chosen = [day for day in range(7) if day not in days] if off else sorted(days)
        if off and len(days) > 3:
            return
        said = message.has("ramadan", "week", "team", "off", "workdays") or len(days) > 3
        if when or said:
            season = {"season": "ramadan"} if message.has("ramadan") else {}
            yield Action("workdays.set", {"days": chosen, **when, **season})
    elif not days and when and message.has("off") and len(left) <= 3:
        whose = () if message.has("team") or not message.has("place") else ("tie",)
        yield Action("workdays.holiday", {**when, **_name(message, left)}, doubts=whose)


_RECORDS = ("ticket", "deal", "deals", "how_many")


def _is_of_records(message: Message) -> bool:
    """Whether something else is closed: "tickets closed this week"."""
    sheet = message.sheet
    return any(sheet.has(at, *_RECORDS) for at in range(len(sheet.tokens)))


def _is_theirs(message: Message, left: list[int]) -> bool:
    """Whether it is somebody else's shop that is shut: "bilal ki dukan band hai aaj"."""
    if message.has("whose"):
        return True
    return message.has("place") and not message.has("team") and bool(left)


def _name(message: Message, left: list[int]) -> dict[str, str]:
    """What the holiday is called, where more is said than that it is one."""
    called = sorted({*left, *(at for p in message.of("holiday") for at in range(p.i, p.j))})
    return {"name": message.sheet.said(called[0], called[-1] + 1)} if called else {}


def _when(message: Message) -> dict[str, Any] | None:
    """The days of which it is said; None where they have no end, or are several."""
    tomorrow = message.of("tomorrow")
    spans = [
        each.span for each in message.stretches
        if not _is_weekdays(message, each.i, each.j)
        and not any(phrase.i <= each.i < phrase.j for phrase in tomorrow)
    ]  # fmt: skip
    if tomorrow and not spans:
        day = str(message.today + timedelta(days=1))
        return {"first": day, "last": day}
    if not spans:
        return {}
    first, last = spans[0].first, spans[-1].last
    if len(spans) > 2 or first is None or last is None:
        return None
    return {"first": str(first), "last": str(last)}


def _is_weekdays(message: Message, i: int, j: int) -> bool:
    return any(each.value("weekday") and i <= each.i < j for each in message.phrases)


def days_said(message: Message) -> set[int]:
    """The weekdays that are named, "Monday to Saturday" filled in."""
    named = [each for each in message.phrases if _weekday(message, each)]
    found: set[int] = set()
    before: Phrase | None = None
    for each in named:
        day = DAYS.index(_weekday(message, each))
        if before is not None and _spans(message, before, each):
            first = DAYS.index(_weekday(message, before))
            found |= {(first + step) % 7 for step in range((day - first) % 7 + 1)}
        found.add(day)
        before = each
    return found


def _weekday(message: Message, phrase: Phrase) -> str:
    """The weekday that is named; "hafta" is Saturday behind "peer se", and else the week."""
    if "hafta" in phrase.senses:
        until = any(each.j == phrase.i for each in message.of("until"))
        return "sat" if until else ""
    return phrase.value("weekday") or ""


def _spans(message: Message, first: Phrase, second: Phrase) -> bool:
    """Whether "to", "se" or a dash stands between two weekdays."""
    between = range(first.j, second.i)
    until = {at for each in message.of("until") for at in range(each.i, each.j)}
    dash = any(message.sheet.key(at) in {"-", "–", "—"} for at in between)
    return dash or any(at in until for at in between)
