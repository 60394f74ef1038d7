"""Segments by their size, audiences by their files, the journey by who stands and moved where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256

from tests.year.firm import Firm
from tests.year.ledger import Customer, within
from tests.year.told import Number, asks, named

STAGES = ("aware", "lead", "opportunity", "customer", "loyal", "lapsed")
LAPSED, LOYAL = timedelta(days=180), timedelta(days=365)


def compared(firm: Firm) -> Iterator[Number]:
    for name, counted in segments(firm).items():
        told = asks(firm.doors, f"how many are in {name}")
        found = re.match(r".*: (\d+)$", told.lines[0])
        yield Number(f"segment {name}", found and int(found[1]), counted)
    for platform, rows in audiences(firm).items():
        seen = asks(firm.doors, f"{platform} audience of customers")
        _, *shown = firm.doors.file(seen)
        yield Number(f"{platform} audience", sorted(map(tuple, shown)), sorted(rows))
    yield from _journey(firm)


def segments(firm: Firm) -> dict[str, int]:
    customers = firm.ledger.customers
    return {
        "Big buyers": sum(each.spent > 400_000 for each in customers),
        "Open": sum(each.open_deal is not None for each in customers),
        "Twice in Lahore": sum(e.city == "Lahore" and len(e.bought) >= 2 for e in customers),
        "Silent": sum(
            firm.now - max([each.last_heard, *each.noted, *each.bought]) > timedelta(days=60)
            for each in customers
        ),
    }


# --- files for advertisers ------------------------------------------------------------------------


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""


def audiences(firm: Firm) -> dict[str, set[tuple[str, ...]]]:
    """The rows of buyers who agreed, by the columns of docs/audiences.md."""
    meta: set[tuple[str, ...]] = set()
    google: set[tuple[str, ...]] = set()
    linkedin: set[tuple[str, ...]] = set()
    for each in firm.ledger.customers:
        email = each.email if "email" in each.agreed else ""
        phone = each.phone if "whatsapp" in each.agreed else ""
        if not each.bought or not (email or phone):
            continue
        first, last = each.name.lower().split()
        city = each.city.lower()
        country = "pk" if each.phone else ""
        meta.add(tuple(map(hashed, (email, phone.strip("+"), first, last, "", city, country))))
        google.add((hashed(email), hashed(phone), hashed(first), hashed(last), country.upper(), ""))
        if email:
            linkedin.add((hashed(email), *each.name.split(), "", each.company, country.upper(), ""))
    return {"facebook": meta, "google": google, "linkedin": linkedin}


# --- the journey ----------------------------------------------------------------------------------


def stands(customer: Customer, at: datetime) -> str:
    """The last of the stages that holds."""
    bought = [when for when in customer.bought if when <= at]
    if bought:
        if at - bought[-1] >= LAPSED:
            return "lapsed"
        return "loyal" if sum(at - when < LOYAL for when in bought) >= 3 else "customer"
    if any(deal.began <= at and not (deal.ended and deal.ended <= at) for deal in customer.deals):
        return "opportunity"
    return "lead" if any(touch.at <= at for touch in customer.touches) else "aware"


def moves(firm: Firm, first: date, last: date) -> Counter[tuple[str, str]]:
    """From where to where within these days."""
    found: Counter[tuple[str, str]] = Counter()
    for customer in firm.ledger.customers:
        turns = {customer.came, *customer.bought, *(touch.at for touch in customer.touches)}
        for deal in customer.deals:
            turns |= {deal.began, *([deal.ended] if deal.ended else [])}
        for at in customer.bought:
            turns |= {at + LAPSED, at + LOYAL}
        before = None
        for at in sorted(turn for turn in turns if turn <= firm.now):
            stage = stands(customer, at)
            if before and before != stage and within(at, first, last):
                found[before, stage] += 1
            before = stage
    return found


def _journey(firm: Firm) -> Iterator[Number]:
    told = asks(firm.doors, "journey")
    now = Counter(stands(each, firm.now) for each in firm.ledger.customers)
    shown = {stage: many for stage, many in named(told).items() if stage in STAGES and many}
    yield Number("journey, now", shown, dict(now))
    for month, first, last in (
        ("May", date(2026, 5, 1), date(2026, 5, 31)),
        ("September", date(2026, 9, 1), date(2026, 9, 30)),
        ("October", date(2026, 10, 1), date(2026, 10, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
    ):
        asked = month if " " in month else f"in {month}"
        told = asks(firm.doors, f"how many moved {asked}")
        found = re.findall(r"(?m)^(?:• )?(\w+) to (\w+): (\d+)$", told.text)
        shown_moves = {(before, after): int(n) for before, after, n in found}
        yield Number(f"journey, moves {asked}", shown_moves, dict(moves(firm, first, last)))
