"""Which deals need their seller, and why: pure rules over what is known of a deal and its team.

What each rule goes by stands in docs/numbers.md, under "Nudges of the pipeline".
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

Kind = Literal["close_past", "silent", "slipped", "one_contact", "no_step"]

KINDS: tuple[Kind, ...] = ("close_past", "silent", "slipped", "one_contact", "no_step")
"""All of them, the most urgent first."""

USUAL_DAYS = 14
"""Days after which a deal of a stage of which nothing is known should have moved on."""

LEAST_DAYS = 3
"""A deal is not called silent sooner, however quick a team is."""

ENOUGH = 8
"""Deals that moved on from a stage from which on a team's own history counts; as many deals of the
plain default stand beside it, so that it counts more the more there is of it."""

QUANTILE = 75
"""Of a hundred deals so many have moved on by then."""

SIZES = 5
"""Deals with an amount from which on a team's own sizes are known."""

BIG = 2
"""A big deal is worth so many times the usual (median) one."""

STEP_WITHIN = 3
"""Days within which what was said last leads to a next step."""

SOON = 3
"""Days within which a planned step breaks the silence anyway."""

SETTLED = 2
"""Days that a new deal has until somebody asks who else is there."""

TWICE = 2


@dataclass(frozen=True, slots=True)
class Habits:
    """How a team sells. ``days``: after how many a deal usually has moved on from a stage, by its
    key, and ``learned`` of which stages that is the team's own history; ``usual_minor``: the median
    deal by currency, as far as enough are known."""

    days: Mapping[str, int] = field(default_factory=dict)
    learned: frozenset[str] = frozenset()
    usual_minor: Mapping[str, int] = field(default_factory=dict)

    def days_in(self, stage: str) -> int:
        return self.days.get(stage, USUAL_DAYS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an open deal stands, in its owner's days.

    ``touched``: when something last happened with it or its people. ``close_set``: when its
    closing day was last set anew, and ``slips``: each time that it went to a later day, as
    (when, from, to). ``steps``: the days of open tasks about it, None for one without a day.
    ``people``: how many are known there.
    """

    stage: str
    began: date
    touched: date
    close_day: date | None = None
    close_set: date | None = None
    slips: tuple[tuple[date, date, date], ...] = ()
    steps: tuple[date | None, ...] = ()
    minor: int | None = None
    currency: str | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a deal needs somebody, from the day ``since`` on. ``cause`` is the same as long as it is
    the same thing that is told; ``told`` are the values of its sentence."""

    kind: Kind
    since: date
    cause: str
    told: Mapping[str, Any]


def usual_days(history: Sequence[float], default: int) -> tuple[int, bool]:
    """Days that deals usually take to move on from a stage, and whether the team's own history
    counts in it: its third quartile, drawn to the default the more the less there is of it."""
    if len(history) < ENOUGH:
        return max(LEAST_DAYS, default), False
    own = statistics.quantiles(history, n=100, method="inclusive")[QUANTILE - 1]
    drawn = (len(history) * own + ENOUGH * default) / (len(history) + ENOUGH)
    return max(LEAST_DAYS, round(drawn)), True


def usual_size(sizes: Sequence[int]) -> int | None:
    """The median deal, in minor units; None while too few are known."""
    return int(statistics.median(sizes)) if len(sizes) >= SIZES else None


def findings(deal: Standing, habits: Habits, today: date) -> list[Finding]:
    """What there is to tell of a deal today, the most urgent first."""
    return [each for each in _coming(deal, habits, today) if each.since <= today]


def next_look(deal: Standing, habits: Habits, today: date) -> date | None:
    """The next day on which there may be something new to tell, if nothing happens until then."""
    days = [each.since for each in _coming(deal, habits, today) if each.since > today]
    return min(days, default=None)


def _coming(deal: Standing, habits: Habits, today: date) -> list[Finding]:
    """All that is to be told now, or will be if nothing happens."""
    found = (
        _close_past(deal, today),
        _silent(deal, habits, today),
        _slipped(deal),
        _one_contact(deal, habits),
        _no_step(deal),
    )
    return [each for each in found if each is not None]


def _close_past(deal: Standing, today: date) -> Finding | None:
    if deal.close_day is None:
        return None
    since = max(deal.close_day, deal.close_set or deal.close_day) + timedelta(days=1)
    told = {"day": deal.close_day, "n": max(1, (today - deal.close_day).days)}
    return Finding("close_past", since, deal.close_day.isoformat(), told)


def _silent(deal: Standing, habits: Habits, today: date) -> Finding | None:
    usual = habits.days_in(deal.stage)
    since = deal.touched + timedelta(days=usual + 1)
    coming = [day for day in deal.steps if day is not None and 0 <= (day - today).days <= SOON]
    if coming:
        since = max(since, max(coming) + timedelta(days=1))
    told = {
        "n": (today - deal.touched).days,
        "usual": usual,
        "stage": deal.stage,
        "own": deal.stage in habits.learned,
    }
    return Finding("silent", since, deal.touched.isoformat(), told)


def _slipped(deal: Standing) -> Finding | None:
    if len(deal.slips) < TWICE or deal.close_day is None:
        return None
    since = deal.slips[-1][0] + timedelta(days=1)
    told = {"n": len(deal.slips), "first": deal.slips[0][1], "last": deal.close_day}
    return Finding("slipped", since, str(len(deal.slips)), told)


def _one_contact(deal: Standing, habits: Habits) -> Finding | None:
    usual = habits.usual_minor.get(deal.currency or "")
    if usual is None or deal.minor is None or deal.minor < BIG * usual or deal.people > 1:
        return None
    told = {"n": deal.people, "minor": deal.minor, "currency": deal.currency, "usual": usual}
    return Finding("one_contact", deal.began + timedelta(days=SETTLED), "big", told)


def _no_step(deal: Standing) -> Finding | None:
    if deal.steps:
        return None
    since = deal.touched + timedelta(days=STEP_WITHIN)
    return Finding("no_step", since, deal.touched.isoformat(), {"day": deal.touched})
