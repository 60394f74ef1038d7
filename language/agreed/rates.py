"""Rates of exchange in words: "1 USD = 278.5 PKR", "dollar ka rate 278 hai", "rates"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from language.action import Action
from language.agreed.message import LONGEST, Message
from language.agreed.phrases import may_say
from language.sheet import Sheet, lay_out

_LINES = re.compile(r"[\n;،]|,\s")
_MOST = 30  # rates in one message
_KNOWN = ("rate", "rates", "equals", "costs", "is", "set", "glue", "new")


def read_rates(sheet: Sheet, today: date, currency: str) -> list[Action]:
    """Rates that a message tells, asks for or takes back; ``currency`` is the workspace's."""
    of_money = any("currency" in sheet.kinds(at) for at in range(len(sheet.tokens)))
    if len(sheet.tokens) > LONGEST * 4 or not (of_money or may_say(sheet, "rate", "rates")):
        return []
    parts = [part for part in _LINES.split(sheet.text) if part.strip()]
    if 1 < len(parts) <= _MOST:
        return _several(parts, today, currency) if of_money else []
    if len(sheet.tokens) > LONGEST:
        return []
    message = Message(sheet, today)
    if not message.has("rate", "rates", "equals", "costs", "is") and len(message.currencies) < 2:
        return []
    if not (message.currencies or message.has("rates")):
        return []
    return list(_told(message, currency)) or list(_asked(message))


def _several(parts: list[str], today: date, currency: str) -> list[Action]:
    """One rate a line; the first line may only say what follows ("rates today:")."""
    head = Message(lay_out(parts[0]), today)
    led = not head.figures and head.has("rate", "rates") and not head.left_over(*_KNOWN)
    day = _day(head) if led else None
    found: list[Action] = []
    for part in parts[1:] if led else parts:
        told = list(_told(Message(lay_out(part), today), currency, sure=led or bool(found)))
        if not told:
            return []
        found += told
    day = day or found[0].slots.get("day")
    for action in found if day else ():
        action.slots.setdefault("day", day)
    return found


def _day(message: Message) -> str | None:
    """The day that is named, where it is one."""
    spans = [each.span for each in message.stretches]
    one = len(spans) == 1 and spans[0].first is not None and spans[0].first == spans[0].last
    return str(spans[0].first) if one else None


def _told(message: Message, currency: str, *, sure: bool = False) -> Iterator[Action]:
    """Rates that are entered."""
    if not message.figures or message.left_over(*_KNOWN) or message.has("remove"):
        return
    if message.stretches and _day(message) is None:
        return
    figures, named = message.figures, message.currencies
    when: dict[str, Any] = {"day": _day(message)} if message.stretches else {}
    spoken = sure or message.has("rate", "rates")
    codes = [code for _, _, code in named]
    if len(figures) == len(named) > 1 and spoken and _is_list(message, currency):
        for figure, (_, _, code) in zip(figures, named, strict=True):
            yield Action("rate.set", {"currency": code, "rate": str(figure.value), **when})
        return
    if not 1 <= len(named) <= 2 or len(figures) > 2:
        return
    if len(figures) == 2:
        if not (spoken or message.has("equals", "is", "costs")) or codes == [currency]:
            return
        units, worth = figures
        slots = {"currency": codes[0], "rate": str(worth.value), "units": str(units.value)}
        if len(codes) == 1 and not _beside(named[0], units):  # "1 = 278 USD" says nothing
            return
    else:
        priced = message.has("costs", "equals", "is") and codes[0] != currency
        ahead = figures[0].i >= named[0][1]
        paired = len(named) == 2 and named[1][0] - named[0][1] <= 1
        if not (spoken or (priced and ahead) or (paired and ahead)):
            return
        if len(named) == 2 and not ahead and not spoken:
            return
        slots = {"currency": codes[0], "rate": str(figures[0].value)}
    if len(codes) == 2:
        slots["base"] = codes[1]
    yield Action("rate.set", {**slots, **when})


def _is_list(message: Message, currency: str) -> bool:
    """ "USD 278.5 EUR 301": different currencies, none the own one, each before its figure."""
    codes = [code for _, _, code in message.currencies]
    apart = len(set(codes)) == len(codes) and currency not in codes
    pairs = zip(message.figures, message.currencies, strict=True)
    return apart and not message.of("equals") and all(f.i >= j for f, (_, j, _) in pairs)


def _beside(named: tuple[int, int, str], figure: Any) -> bool:
    return bool(named[0] == figure.j or named[1] == figure.i)


def _asked(message: Message) -> Iterator[Action]:
    """Rates that are to be shown, or one that is taken back."""
    codes = [code for _, _, code in message.currencies]
    if message.figures or len(codes) > 2 or not message.has("rate", "rates"):
        return
    if message.left_over(*_KNOWN, "show", "question", "remove"):
        return
    slots: dict[str, Any] = dict(zip(("currency", "base"), codes, strict=False))
    if message.stretches:
        day = _day(message)
        if day is None:
            return
        slots["day"] = day
    if message.has("remove"):
        if codes:
            yield Action("rate.remove", slots)
        return
    if codes or message.has("rates"):
        yield Action("rate.list", slots)
