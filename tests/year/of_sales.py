"""Deals won and lost and what they brought, by month and by owner; goals; customers kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from tests.year.cast import TONGUE
from tests.year.firm import Firm
from tests.year.hours import DAY, day_of
from tests.year.ledger import within
from tests.year.told import Number, asks, line_of, months, named

YEAR = date(2026, 1, 1), date(2026, 12, 31)


def compared(firm: Firm) -> Iterator[Number]:
    for asked, what in (("deals won", "won"), ("deals lost", "lost"), ("revenue", "sales")):
        told = asks(firm.doors, f"{asked} by month this year")
        yield Number(f"{asked} by month", months(told), by_month(firm, what))
        told = asks(firm.doors, f"{asked} by owner this year")
        shown = {name: n for name, n in named(told).items() if name in TONGUE and n}
        yield Number(f"{asked} by owner", shown, by_owner(firm, what))
    yield from _goals(firm)
    for asked, first, last in (
        ("this year", *YEAR),
        ("last quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("this quarter", date(2026, 10, 1), date(2026, 12, 31)),
    ):
        there, kept = kept_of(firm, first, last)
        found = re.search(r"(\d+|None|one) of the (\d+) ", asks(firm.doors, f"churn {asked}").text)
        lost = found and (int(found[1]) if found[1].isdigit() else int(found[1] == "one"))
        told_of = (lost, int(found[2])) if found else None
        yield Number(f"lost of those there, {asked}", told_of, (there - kept, there))


def by_month(firm: Firm, what: str) -> dict[str, int]:
    """How many, or of sales how many lakh, by the day on which they were won or lost."""
    found: Counter[str] = Counter()
    for deal in firm.ledger.deals:
        if at := deal.lost if what == "lost" else deal.won:
            found[f"{day_of(at):%b}"] += deal.lakh if what == "sales" else 1
    return dict(found)


def by_owner(firm: Firm, what: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for deal in firm.ledger.deals:
        if deal.lost if what == "lost" else deal.won:
            found[deal.owner] += deal.lakh if what == "sales" else 1
    return dict(found)


def kept_of(firm: Firm, first: date, last: date) -> tuple[int, int]:
    """Who bought in the 365 days before, and how many of them bought again, or were in touch."""
    before = first - 365 * DAY, first - DAY
    there = [
        customer
        for customer in firm.ledger.customers
        if any(within(at, *before) for at in customer.bought)
    ]
    back = [
        customer
        for customer in there
        if any(
            within(at, first, last)
            for at in [*customer.bought, *(touch.at for touch in customer.touches)]
        )
    ]
    return len(there), len(back)


def _goals(firm: Firm) -> Iterator[Number]:
    """The share of each that is reached, in whole percent that are full."""
    told = asks(firm.doors, "goals")
    won = sum(bool(deal.won) for deal in firm.ledger.deals)
    lakh = sum(deal.lakh for deal in firm.ledger.deals if deal.won)
    there, kept = kept_of(firm, *YEAR)
    calls = sum(
        touch.by == "Bilal" and touch.what in ("called", "missed")
        for customer in firm.ledger.customers
        for touch in customer.touches
    )
    for goal, share in (
        ("The team's goal: Rs 40 lakh", lakh / 40),
        ("The team's goal: 12 deals won", won / 12),
        ("The team's goal: 50% of customers kept", kept / there),
        ("Goal of Bilal: 20 calls", calls / 20),
    ):
        found = re.search(r"(\d+)%( of|$| \()", line_of(told, goal).partition("· ")[2])
        yield Number(goal, found and int(found[1]), int(share * 100))
