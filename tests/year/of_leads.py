"""Leads: whom they were given to, how many by source and owner, in which order they are best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.year.cast import IN_URDU, SOURCES, TONGUE
from tests.year.firm import Firm
from tests.year.hours import day_of
from tests.year.ledger import Customer
from tests.year.told import Number, asks, named

IN_LATIN = {urdu: latin for latin, urdu in IN_URDU.items()}


def compared(firm: Firm) -> Iterator[Number]:
    ledger = firm.ledger
    given = Counter(to for _, to in ledger.given)
    yield Number("leads given", dict(firm.told), dict(given))
    for what, groups in (
        ("source", Counter(each.source for each in ledger.customers)),
        ("owner", Counter(each.owner for each in ledger.customers)),
        ("city", Counter(each.city for each in ledger.customers)),
    ):
        shown_of = named(asks(firm.doors, f"contacts by {what}"))
        shown_of = {IN_LATIN.get(name, name): many for name, many in shown_of.items()}
        yield Number(f"contacts by {what}", {k: shown_of.get(k) for k in groups}, dict(groups))
    for source in SOURCES:
        counted = sum(each.source == source for each in ledger.customers)
        told = asks(firm.doors, f"how many contacts with source {source}")
        yield Number(f"contacts from {source}", _last_number(told.text), counted)
    for owner in TONGUE:
        told = asks(firm.doors, f"how many contacts does {owner} have")
        yield Number(f"contacts of {owner}", _last_number(told.text), len(ledger.whose(owner)))
    scores = {e.name: found for e in ledger.customers if (found := score(firm, e)) is not None}
    told = asks(firm.doors, "best 10 leads")
    shown = {}
    for line in told.lines:
        if of := re.match(r"(?:[\d.]+ )?(.+?)(?: @ .+?)?: (\d+)(?: \(.*\))?(?: @(\w+))?$", line):
            shown[of[1]] = int(of[2]), of[3] or "Ayesha"
    expected = {name: (made, ledger.named(name).owner) for name, (made, _) in scores.items()}
    best = sorted((made for made, _ in expected.values()), reverse=True)[: len(shown)]
    yield Number("how many leads are told", len(shown), min(len(expected), 10))
    yield Number("none is better than those told", [made for made, _ in shown.values()], best)
    yield Number(
        "leads, their score and owner", shown, {name: expected.get(name) for name in shown}
    )
    order = [made for made, _ in shown.values()]
    yield Number("the best lead comes first", order, sorted(order, reverse=True))
    for name, (made, reasons) in list(scores.items())[:3]:
        told = asks(firm.doors, f"score of {name}")
        points = re.findall(r"(?m)^(?:• )?(.+?) ([+-]\d+)$", told.text)
        yield Number(f"score of {name}", f": {made} of 100" in told.lines[0], True)
        yield Number(f"reasons of {name}", {what: int(n) for what, n in points}, dict(reasons))


def _last_number(text: str) -> int | None:
    """The number in which the first line of an answer ends."""
    found = re.search(r": (\d+)$", text.split("\n", maxsplit=1)[0])
    return int(found[1]) if found else None


def score(firm: Firm, lead: Customer) -> tuple[int, Counter[str]] | None:
    """The score with all that it is made of; None for who is no lead."""
    if lead.bought or (lead.deals and not lead.open_deal):
        return None
    did = [touch.what for touch in lead.touches]
    silent = (day_of(firm.now) - day_of(lead.last_heard)).days
    holds = {
        "asked for a price": 15 * ("price" in lead.notes),
        "met": 15 * ("met" in did),
        "open deal": 15 * bool(lead.open_deal),
        "phone number": 10 * bool(lead.phone),
        "company known": 10 * bool(lead.company),
        "e-mail address": 5 * bool(lead.email),
        "spoken on the phone": 5 * ("called" in did),
        "called, no answer": -5 * (did[-1:] == ["missed"]),
        "silent for 30 days": -10 * (silent >= 30),
        "silent for 90 days": -20 * (silent >= 90),
        "no budget": -20 * ("poor" in lead.notes),
    }
    reasons = Counter({name: points for name, points in holds.items() if points})
    return min(100, max(0, 20 + sum(holds.values()))), reasons
