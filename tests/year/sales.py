"""Talks, deals and orders."""

from __future__ import annotations

from tests.year.firm import Firm
from tests.year.ledger import Customer, Deal

TALKS = {"met": 4, "called": 5, "missed": 2, "price": 3, "poor": 1, "answered": 1}
"""What happens with a customer, or is noted of them, and how often."""


def something(firm: Firm) -> None:
    what = firm.dice.choices(list(TALKS), list(TALKS.values()))[0]
    if customer := firm.some():
        does(firm, what, customer)


def does(firm: Firm, what: str, customer: Customer) -> None:
    by = firm.keeper(customer)
    firm.says(by, what, customer)
    if what in ("price", "poor"):
        customer.notes.add(what)
        customer.noted.append(firm.now)
    else:
        firm.touched(by, what, customer)


def sells(firm: Firm) -> None:
    """A deal begins, or ends; or an order comes."""
    if firm.dice.random() < 0.4:
        if customer := firm.some(lambda each: each.bought or firm.dice.random() < 0.3):
            orders(firm, customer)
        return
    customer = firm.some(lambda each: each.open_deal)
    if customer and firm.dice.random() < 0.7:
        ends(firm, "won" if firm.dice.random() < 0.6 else "lost", customer)
    elif customer := firm.some(lambda each: not each.open_deal):
        begins(firm, customer)


def begins(firm: Firm, customer: Customer) -> None:
    lakh, by = firm.dice.randrange(1, 7), firm.keeper(customer)
    firm.says(by, "deal", customer, lakh=lakh)
    customer.deals.append(Deal(lakh, by, firm.now))


def ends(firm: Firm, how: str, customer: Customer) -> None:
    firm.says(firm.keeper(customer), how, customer)
    deal = customer.open_deal
    assert deal
    setattr(deal, how, firm.now)


def orders(firm: Firm, customer: Customer) -> None:
    amount = firm.dice.randrange(20, 200) * 1000
    firm.says(firm.keeper(customer), "ordered", customer, sum=amount)
    customer.orders.append((firm.now, amount))
