"""Several ideas of the customers' rhythm, weighed by what they would have foreseen.

How regular customers order is not chosen by how well it explains the past, but by how well it
foretells: all ideas are fitted to the first part of the past, and their shares are those that would
have told best who ordered in the rest (Wolpert 1992, Neural Networks 5:2; Yao, Vehtari, Simpson and
Gelman 2018, Bayesian Analysis 13:3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rules.foresight.gamma import Floats
from rules.foresight.histories import WEEK, Histories, Ints, histories
from rules.foresight.rhythm import Foreseen, Rhythm, Silences

SHAPES = (0.5, 0.7, 1.0, 1.6, 2.5)
"""Of the intervals between orders: from clusters to clockwork."""

SAMPLE = 3000
"""Customers from whom the rhythm is learned, where there are more; all are foreseen."""

LEAST = 30
"""Customers who ordered in the part that is foretold, and who did not, before it says anything."""

HELD_BACK = 3
"""One in so many of the weeks is foretold from those before."""


@dataclass(frozen=True)
class Several:
    """Fitted ideas, and how far each is believed: whether a customer orders, and how often."""

    rhythms: tuple[Rhythm, ...]
    whether: Floats
    how_often: Floats

    def tables(self, past: Histories, ahead: float) -> list[Silences]:
        """What the silences of these customers mean for the weeks ahead; one table serves all."""
        longest = float(past.silence.max(initial=1.0))
        return [rhythm.silences(longest, ahead) for rhythm in self.rhythms]

    def foresee(self, past: Histories, tables: Sequence[Silences]) -> Foreseen:
        told = [
            rhythm.foresee(past, table)
            for rhythm, table in zip(self.rhythms, tables, strict=True)
        ]  # fmt: skip
        return Foreseen(
            buys=self.whether @ np.array([each.buys for each in told]),
            orders=self.how_often @ np.array([each.orders for each in told]),
            active=self.whether @ np.array([each.active for each in told]),
        )


def learned(customers: Ints, days: Ints, until: int, ahead: float, seed: int = 1) -> Several:
    """How these customers order: of orders, each of a customer (0, 1, ...) on a day (its ordinal),
    up to ``until``; to foresee ``ahead`` weeks."""
    past = _sample(histories(customers, days, until), seed)
    rhythms = tuple(Rhythm.fitted(shape, past) for shape in SHAPES)
    return Several(rhythms, *_shares(customers, days, until, ahead, seed))


def _sample(past: Histories, seed: int) -> Histories:
    if len(past) <= SAMPLE:
        return past
    chosen = np.random.default_rng(seed).choice(len(past), SAMPLE, replace=False)
    return past.some(np.sort(chosen))


def _shares(
    customers: Ints, days: Ints, until: int, ahead: float, seed: int
) -> tuple[Floats, Floats]:
    """How far each idea is believed: all alike where too little can be foretold."""
    alike = np.full(len(SHAPES), 1 / len(SHAPES))
    weeks = min(ahead, (until - int(days.min(initial=until))) / WEEK / HELD_BACK)
    cut = until - round(weeks * WEEK)
    past = _sample(histories(customers, days, cut), seed)
    came = _came(past, customers, days, cut, until)
    if min((came > 0).sum(), (came == 0).sum()) < LEAST:
        return alike, alike
    told = []
    for shape in SHAPES:
        rhythm = Rhythm.fitted(shape, past)
        told.append(rhythm.foresee(past, rhythm.silences(float(past.silence.max()), weeks)))
    buys = np.clip(np.array([each.buys for each in told]), 1e-6, 1 - 1e-6)
    orders = np.array([each.orders for each in told])
    return _likeliest(np.where(came > 0, buys, 1 - buys)), _nearest(orders, came)


def _came(past: Histories, customers: Ints, days: Ints, after: int, until: int) -> Floats:
    """Days with an order of each customer in the part that is foretold."""
    later = (days > after) & (days <= until)
    pairs = np.unique(np.stack((customers[later], days[later]), axis=1), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=int(customers.max(initial=0)) + 1)
    came: Floats = counts[past.who].astype(float)
    return came


def _likeliest(right: Floats) -> Floats:
    """The shares with which what came is likeliest; ``right``: how likely each idea held it."""
    shares = np.full(len(right), 1 / len(right))
    for _ in range(200):
        due = shares[:, None] * right
        shares = (due / due.sum(axis=0)).mean(axis=1)
    return shares


def _nearest(orders: Floats, came: Floats) -> Floats:
    """The shares with which the number foretold is nearest to what came, in squares (Breiman 1996,
    Machine Learning 24:1). A quarter stays alike for all,
    since squares lean on a few customers."""
    alike = np.full(len(orders), 1 / len(orders))
    shares = alike
    pace = 0.5 / max(float((orders**2).mean()), 1e-9)
    for _ in range(500):
        slope = orders @ (shares @ orders - came) / len(came)
        shares = shares * np.exp(-pace * slope)
        shares = shares / shares.sum()
    mixed: Floats = (3 * shares + alike) / 4
    return mixed
