"""What of a customer's past orders tells about the next ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.foresight.gamma import Floats

Ints = NDArray[np.int64]

WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Histories:
    """Customers up to a day, one entry each; times are weeks.

    ``repeats``: days with an order after the first one; ``last``: from the first order to the last;
    ``age``: from the first order to now; ``log_gaps``: the sum of ln of the weeks between orders;
    ``who``: the number of each customer in what the histories were made of.
    """

    repeats: Floats
    last: Floats
    age: Floats
    log_gaps: Floats
    who: Ints

    def __len__(self) -> int:
        return len(self.repeats)

    @property
    def silence(self) -> Floats:
        """Weeks since the last order."""
        silence: Floats = self.age - self.last
        return silence

    def some(self, rows: NDArray[np.bool_] | Ints | slice) -> Histories:
        return Histories(
            self.repeats[rows], self.last[rows], self.age[rows], self.log_gaps[rows], self.who[rows]
        )


def histories(customers: Ints, days: Ints, until: int) -> Histories:
    """Of orders, each of a customer (0, 1, ...) on a day (its ordinal), those not after ``until``.

    Several orders on one day are one. Who had none yet has no history.
    """
    known = days <= until
    pairs = np.unique(np.stack((customers[known], days[known]), axis=1), axis=0)
    if not len(pairs):
        nothing = np.zeros(0)
        return Histories(nothing, nothing, nothing, nothing, np.zeros(0, np.int64))
    who, first, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    begun, ended = pairs[first, 1], pairs[first + count - 1, 1]
    gaps = np.diff(pairs[:, 1], prepend=0).astype(float) / WEEK
    gaps[first] = 1.0
    return Histories(
        repeats=(count - 1).astype(float),
        last=(ended - begun) / WEEK,
        age=(until - begun) / WEEK,
        log_gaps=np.add.reduceat(np.log(gaps), first),
        who=who,
    )
