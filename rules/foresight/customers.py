"""From orders to what each customer will do: the whole way, for many customers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rules.foresight.gamma import Floats
from rules.foresight.histories import Ints, histories
from rules.foresight.several import learned
from rules.foresight.spend import fitted


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry an order: the customer (0, 1, ...), the day (its ordinal), and what it was worth;
    0 where that is not known. Several on one day are one order."""

    customers: Ints
    days: Ints
    values: Floats

    def until(self, day: int) -> Orders:
        known = self.days <= day
        return Orders(self.customers[known], self.days[known], self.values[known])


class Outlook(NamedTuple):
    """For each of ``who``: the probability of an order in the weeks ahead, the number of orders
    expected, whether they are at risk, and what they are expected to spend."""

    who: Ints
    buys: Floats
    orders: Floats
    at_risk: np.ndarray
    spend: Floats


def outlook(orders: Orders, until: int, weeks: float) -> Outlook:
    """What the customers of these orders, up to a day, will do in the weeks after it.

    At risk is who orders less probably than the customers do on average: with this line both kinds
    of mistakes, a lost customer overlooked and a good one disturbed, weigh the same in shares.
    """
    known = orders.until(until)
    past = histories(known.customers, known.days, until)
    if not len(past):
        nothing = np.zeros(0)
        return Outlook(past.who, nothing, nothing, nothing.astype(bool), nothing)
    several = learned(known.customers, known.days, until, weeks)
    told = several.foresee(past, several.tables(past, weeks))
    worth = _worth(known)[past.who]
    return Outlook(
        past.who, told.buys, told.orders, told.buys < told.buys.mean(), told.orders * worth
    )


def _worth(orders: Orders) -> Floats:
    """What the next order of each customer is worth."""
    first = np.full(int(orders.customers.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, orders.customers, orders.days)
    count, average = _averages(orders, np.ones(len(orders.days), bool))
    again = fitted(*_averages(orders, orders.days > first[orders.customers]))
    model = again or fitted(count, average)
    return model.mean(count * (average > 0), average) if model else average


def _averages(orders: Orders, some: np.ndarray) -> tuple[Floats, Floats]:
    """How many orders, and what they were worth on average, of each customer."""
    many = int(orders.customers.max()) + 1
    total = np.bincount(orders.customers[some], orders.values[some], many)
    days = np.unique(np.stack((orders.customers[some], orders.days[some]), axis=1), axis=0)
    count = np.bincount(days[:, 0], minlength=many).astype(float)
    return count, np.divide(total, count, out=np.zeros(many), where=count > 0)
