"""What an order of a customer is worth: the Gamma-Gamma model.

Each customer's orders are gamma distributed round a mean of their own, and the means differ between
customers as an inverse gamma distribution does (Fader, Hardie and Lee 2005, "RFM and CLV", Journal
of Marketing Research 42:4; Fader and Hardie 2013, brucehardie.com/notes/025).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.foresight.climbing import climbed
from rules.foresight.gamma import Floats, log_gamma

SURE = 2.0
"""What is assumed before anything is known counts like so many customers."""

NUDGE = 1e-5


@dataclass(frozen=True, slots=True)
class Spend:
    """p, q and gamma as in the paper; gamma in the currency's unit."""

    p: float
    q: float
    gamma: float

    def mean(self, orders: Floats, average: Floats) -> Floats:
        """What the next orders of customers are worth, from how many they made and their average;
        who made none is like everybody."""
        weight = self.p * orders + self.q - 1
        mean: Floats = self.p * (self.gamma + orders * average) / weight
        return mean


def fitted(orders: Floats, average: Floats) -> Spend | None:
    """The likeliest parameters, from customers with orders that were worth anything; None without
    one."""
    known = (orders > 0) & (average > 0)
    if not known.any():
        return None
    orders, average = orders[known], average[known]
    usual = float(np.exp(np.log(average).mean()))
    scaled = average / usual
    start = np.log(np.array([2.0, 4.0, 2.0]))

    def height(logs: Floats) -> float:
        p, q, gamma = np.exp(logs)
        many = p * orders
        likely = log_gamma(many + q) - log_gamma(many) - log_gamma(np.full(1, q))[0]
        likely += q * np.log(gamma) + (many - 1) * np.log(scaled) + many * np.log(orders)
        likely -= (many + q) * np.log(gamma + orders * scaled)
        away = logs - start
        return float(likely.sum() - SURE / 2 * away @ away)

    def surface(logs: Floats) -> tuple[float, Floats]:
        if np.abs(logs).max() > 8:
            return -np.inf, np.zeros(3)
        nudges = np.eye(3) * NUDGE
        slope = [height(logs + nudge) - height(logs - nudge) for nudge in nudges]
        return height(logs), np.array(slope) / (2 * NUDGE)

    logs, _ = climbed(surface, start, np.eye(3) * (len(orders) + SURE))
    p, q, gamma = np.exp(logs)
    # A mean is needed for the forecast: below 1 the distribution of means has none.
    return Spend(float(p), max(float(q), 1.05), float(gamma) * usual)
