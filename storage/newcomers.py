"""New customers of a time: those whose first purchase (``storage.purchases``) falls in it.

Only buyers of the time are looked at, and of these alone whether they had bought before: costs
follow them, not the whole past.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from storage.purchases import Customer, bought, bought_before


class Newcomer(NamedTuple):
    """``day``: of the first purchase, in the workspace's zone; ``owner_id``: whose sale it is."""

    customer: Customer
    day: date
    owner_id: int


def newcomers(
    session: Session, space: int, first: date, last: date, owner: int | None = None
) -> list[Newcomer]:
    """Who bought for the first time from one day to another, both included; the oldest first. Of
    one owner: whose first purchase is theirs."""
    begun: dict[Customer, Newcomer] = {}
    for each in bought(session, space, since=first, until=last):  # the oldest first
        customer = Customer(each.kind, each.customer_id)
        begun.setdefault(customer, Newcomer(customer, each.day, each.owner_id))
    known = bought_before(session, space, list(begun), first)
    found = [each for customer, each in begun.items() if customer not in known]
    return sorted(
        (each for each in found if owner in (None, each.owner_id)),
        key=lambda each: (each.day, each.customer),
    )
