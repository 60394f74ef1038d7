"""Messages to customers: who agreed, a campaign, two sequences, and all the ways out of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from tests.year import sales
from tests.year.firm import Firm
from tests.year.hours import DAY, after
from tests.year.ledger import Campaign, Customer

WELCOME = (
    "new sequence welcome: Hello by mail, 3 days later Offer by mail if no answer, "
    "2 days later task call and ask how it goes"
)
CARE = "new sequence care: Hello by telegram, 2 days later task thank them"
FATES = {
    "welcome": (
        "through", "answered", "bought", "opted_out", "taken_over",
        "by_hand", "through", "wrote", "won", "clicked",
    ),
    "care": ("through", "stopped"),
}  # fmt: skip
"""What becomes of those whom a sequence leads."""


# --- who agreed -----------------------------------------------------------------------------------


def consents(firm: Firm) -> None:
    """Most who have an address agree to mails, some to WhatsApp."""
    for number, customer in enumerate(firm.ledger.customers):
        if customer.email and number % 6:
            firm.says(customer.owner, "agreed", customer)
            customer.agreed.add("email")
        if customer.phone and number % 6 == 1:
            firm.says(customer.owner, "agreed to whatsapp", customer)
            customer.agreed.add("whatsapp")


def opts_out(firm: Firm, customer: Customer) -> None:
    """They told a colleague."""
    firm.says(customer.owner, "out", customer)
    customer.agreed.clear()


def clicks(firm: Firm, customer: Customer) -> None:
    """Their mail program ends the mails by the link in their headers (RFC 8058)."""
    mail = [each for each in firm.doors.post.taken if each["To"] == customer.email][-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.search(r"<(https?://[^>]+)>", mail["List-Unsubscribe"])
    assert link
    firm.doors.posts(link[1], {"List-Unsubscribe": "One-Click"})
    customer.agreed.discard("email")


def joins(firm: Firm, customer: Customer) -> None:
    """By the link that they were given, to the bot on Telegram."""
    told = firm.doors.says("Ayesha", f"telegram link for {customer.name}").text
    code = re.search(r"start[= ](\S+)", told)
    assert code, told
    firm.doors.on_telegram(900 + len(firm.doors.people), customer.name)
    firm.doors.says(customer.name, f"/start {code[1]}")
    firm.doors.waits()  # whose customer they are is told of it
    customer.agreed.add("telegram")


def writes(firm: Firm, customer: Customer) -> None:
    firm.doors.tells(customer.name, "haan, bhej dein please")
    firm.touched(customer.name, "wrote", customer)


def stops(firm: Firm, customer: Customer) -> None:
    firm.doors.tells(customer.name, "stop")
    customer.agreed.discard("telegram")


# --- a campaign -----------------------------------------------------------------------------------


def campaign(firm: Firm) -> None:
    """To everybody in Lahore who agreed, a third of them held out; one address is dead."""
    doors = firm.doors
    meant = [e for e in firm.ledger.customers if e.city == "Lahore" and "email" in e.agreed]
    doors.says("Ayesha", "send the Eid sale to contacts in Lahore by email")
    seen = doors.says("Ayesha", "hold out 30%")
    before = len(doors.post.asked)
    doors.post.gone |= {each.email for each in meant[1::7]}
    doors.taps("Ayesha", "Send to", seen)
    began = firm.now
    for minutes in (1, 5, 30):
        firm.goes_on(began + timedelta(minutes=minutes))
    running = Campaign(began, meant, doors.post.asked[before:])
    firm.ledger.campaign = running
    reached = [e for e in running.mailed if e.email not in doors.post.gone]
    for customer in reached[::4]:
        soon = firm.in_work(date(2026, 9, 4), date(2026, 9, 9))
        firm.at(soon, partial(sales.does, firm, "answered", customer))
    for customer in reached[1::4]:
        firm.at(firm.in_work(date(2026, 9, 3), date(2026, 9, 4)), partial(clicks, firm, customer))
        running.stopped.append(customer)
    for number, customer in enumerate(meant):
        first = date(2026, 9, 21) if number % 4 == 3 else date(2026, 9, 3)
        if number % 2 == 0 or number % 4 == 3:
            firm.at(firm.in_work(first, first + 8 * DAY), partial(sales.orders, firm, customer))


# --- sequences ------------------------------------------------------------------------------------


def is_led(firm: Firm, sequence: str, fate: str) -> None:
    """One is put into a sequence, and what becomes of them goes into the diary."""
    customer = firm.some(lambda each: each.agreed & {"email"})
    if customer is None:
        return
    customer.led = True
    if sequence == "care" or fate == "wrote":
        joins(firm, customer)
    if fate == "won" and not customer.open_deal:
        sales.begins(firm, customer)
    firm.doors.says("Ayesha", f"start {sequence} for {customer.name}")
    firm.ledger.fates.setdefault(sequence, []).append((customer.name, fate))
    acts: dict[str, Callable[[Customer], object]] = {
        "answered": partial(sales.does, firm, "answered"),
        "wrote": partial(writes, firm),
        "bought": partial(sales.orders, firm),
        "won": partial(sales.ends, firm, "won"),
        "opted_out": partial(opts_out, firm),
        "clicked": partial(clicks, firm),
        "stopped": partial(stops, firm),
        "taken_over": partial(sales.does, firm, "met"),
        "by_hand": lambda someone: firm.doors.says("Ayesha", f"stop {sequence} for {someone.name}"),
    }
    if act := acts.get(fate):
        firm.at(after(firm.now, firm.dice.randrange(120, 800)), partial(act, customer))
