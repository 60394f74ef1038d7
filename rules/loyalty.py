"""Loyalty tiers: by what a customer bought in the last twelve months."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

YEAR = 365
"""Days for which a purchase counts."""

SHARES = (("gold", 0.10), ("silver", 0.30), ("bronze", 1.0))
"""Until the workspace says otherwise: the tier of those who are among so large a share of all that
bought anything in the year, the best first."""

ENOUGH = 10
"""Customers who bought in the year before there are tiers that nobody told."""

SOON = 30
"""Days before a fall in which it is told."""

MOST = 5
"""Tiers that a workspace may have."""

Year = Sequence[tuple[date, int]]
"""Days with a purchase, and what it came to, in minor units."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From ``least`` (minor units in twelve months) on. ``key``: its name, or a usual one's key."""

    key: str
    least: int


@dataclass(frozen=True, slots=True)
class Fall:
    """On which day a customer falls to which tier (None: to none) if they buy nothing until then,
    and how much more would keep them."""

    day: date
    to: Tier | None
    lacks: int


def ranked(tiers: Sequence[Tier]) -> list[Tier]:
    """The best first."""
    return sorted(tiers, key=lambda tier: -tier.least)


def tier_of(minor: int, tiers: Sequence[Tier]) -> Tier | None:
    return next((tier for tier in ranked(tiers) if minor >= tier.least), None)


def in_year(year: Year, today: date) -> int:
    """What counts of them today."""
    since = today - timedelta(days=YEAR)
    return sum(minor for day, minor in year if since < day <= today)


def fall(year: Year, always: int, tiers: Sequence[Tier], today: date) -> Fall | None:
    """The next fall if nothing is bought; None where there is none. ``always``: what counts on
    whatever day it is (contracts that run)."""
    now = always + in_year(year, today)
    tier = tier_of(now, tiers)
    if tier is None:
        return None
    ending: Counter[date] = Counter()
    for day, minor in year:
        if today - timedelta(days=YEAR) < day <= today:
            ending[day + timedelta(days=YEAR)] += minor
    left = now
    for ends in sorted(ending):
        left -= ending[ends]
        if left < tier.least:
            return Fall(ends, tier_of(left, tiers), tier.least - left)
    return None


def usual(sums: Sequence[int]) -> list[Tier]:
    """The usual tiers by what each of some customers bought in the year; none where these are too
    few. Limits are rounded to two digits."""
    there = sorted((each for each in sums if each > 0), reverse=True)
    if len(there) < ENOUGH:
        return []
    return [
        Tier(key, 1 if share == 1 else _rounded(there[place(len(there), share) - 1]))
        for key, share in SHARES
    ]


def place(many: int, share: float) -> int:
    """How many of so many are among a share of them."""
    return max(1, round(many * share))


def _rounded(minor: int) -> int:
    digits = max(0, int(math.log10(minor)) - 1)
    return int(minor // 10**digits * 10**digits)
