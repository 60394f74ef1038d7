"""How customers come: by a word alone, in the channel, or in a file; and whose they are then."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from tests.year.cast import CITIES, IN_URDU, KIND, SOURCES, TONGUE, Someone
from tests.year.firm import Firm
from tests.year.ledger import Customer
from tests.year.words import BUTTONS

HEAD = ["Name", "Company", "Phone", "Email", "City", "Source"]


def comes(firm: Firm, someone: Someone) -> None:
    """Hina writes Urdu, so does who writes of whom in Urdu letters. Omar writes in the channel."""
    number = len(firm.ledger.customers) + 1
    by = "Hina" if someone.urdu else firm.dice.choice(("Ayesha", "Omar", "Bilal"))
    in_channel = by == "Omar" or (by == "Ayesha" and number % 2 == 0)
    customer = _drawn(firm, someone, by)
    if by == "Ayesha" or in_channel:
        _is_given(firm, customer, by)
    line = _in_urdu(customer) if by == "Hina" else _in_latin(customer, by)
    if in_channel:
        firm.doors.says(by, f"@Rabta {line}", where=firm.doors.sales)
    else:
        firm.doors.says(by, line)
    firm.ledger.customers.append(customer)


def come_in_a_file(firm: Firm, by: str, some: list[Someone]) -> None:
    """A list from a fair, that names no owners."""
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(HEAD)
    for someone in some:
        customer = _drawn(firm, someone, by)
        _is_given(firm, customer, by)
        firm.ledger.customers.append(customer)
        table.writerow([
            customer.name, customer.company, customer.phone, customer.email, customer.city,
            customer.source,
        ])  # fmt: skip
    take_in = BUTTONS["take in"][TONGUE[by]]
    shown = firm.doors.sends(by, "fair.csv", rows.getvalue().encode(), take_in)
    firm.doors.taps(by, take_in, shown)


def _drawn(firm: Firm, someone: Someone, by: str) -> Customer:
    number, dice = len(firm.ledger.customers) + 1, firm.dice
    kind = "ٹریڈرز" if someone.urdu else dice.choice(KIND)
    return Customer(
        name=someone.name,
        company=f"{someone.company} {kind}" if number % 6 else "",
        city=CITIES[number % len(CITIES)],
        source=SOURCES[number % len(SOURCES)],
        phone=f"+92300555{number:04}" if dice.random() < 0.8 else "",
        email=f"c{number}@looms{number}.pk" if dice.random() < 0.9 else "",
        owner=by,
        came=firm.now,
    )


def _is_given(firm: Firm, customer: Customer, by: str) -> None:
    """By the rules that Ayesha told."""
    if customer.city == "Lahore":
        customer.owner = "Bilal"
    elif customer.source == "website":
        customer.owner = ("Hina", "Omar")[firm.turn % 2]
        firm.turn += 1
    if customer.owner != by:
        firm.ledger.given.append((customer.name, customer.owner))


def _in_latin(customer: Customer, by: str) -> str:
    begin = "naya lead" if by == "Bilal" else "new lead"
    whom = f"{customer.name} from {customer.company}" if customer.company else customer.name
    told = [whom, customer.city, customer.phone, customer.email, f"source {customer.source}"]
    return f"{begin} " + ", ".join(filter(None, told))


def _in_urdu(customer: Customer) -> str:
    told = [
        customer.name, customer.company, IN_URDU[customer.city], customer.phone, customer.email,
        f"ذریعہ {customer.source}",
    ]  # fmt: skip
    return "نئی لیڈ " + "، ".join(filter(None, told))


OLD = (
    "10 October 2025", "20 October 2025", "5 November 2025", "12 November 2025", "1 December 2025",
)  # fmt: skip


def were_there_before(firm: Firm, some: list[Someone]) -> None:
    """Customers of the year before, told of with what they ordered then."""
    for someone, day in zip(some, OLD, strict=False):
        customer = _drawn(firm, someone, "Ayesha")
        _is_given(firm, customer, "Ayesha")
        firm.doors.says("Ayesha", _in_latin(customer, "Ayesha"))
        amount = firm.dice.randrange(20, 200) * 1000
        firm.doors.says("Ayesha", f"{customer.name} ordered goods worth {amount} on {day}")
        at = datetime.strptime(f"{day} 07", "%d %B %Y %H").replace(tzinfo=UTC)
        customer.orders.append((at, amount))
        firm.ledger.customers.append(customer)
