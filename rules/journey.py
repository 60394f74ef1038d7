"""The journey of a customer: in which stage somebody stood when, told from what happened.

Stages are told, never kept by hand: whatever is put in, changed or taken back of the past, the path
is that of what is known of it now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STAGES = ("aware", "lead", "opportunity", "customer", "loyal", "lapsed")
"""In their order; whoever lapsed may come back."""

FORWARD = {name: place for place, name in enumerate(STAGES)} | {"lapsed": -1}
"""Whoever comes to a stage of a higher number has gone on. Of those who lapsed, all others are."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``often``: so many purchases within ``within`` make somebody loyal; so long ``silent`` after
    the last one they have lapsed."""

    often: int = 3
    within: timedelta = timedelta(days=365)
    silent: timedelta = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of somebody: since when, when somebody first talked with them, their deals
    with when they were open (None: still), and the moments of purchases."""

    known_at: datetime
    talked: datetime | None = None
    deals: tuple[tuple[datetime, datetime | None], ...] = ()
    bought: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """In a stage from ``at`` until ``left`` (None: still); from where, and whereto."""

    stage: str
    at: datetime
    came_from: str | None = None
    left: datetime | None = None
    went_to: str | None = None


def stage_at(past: Past, rules: Rules, moment: datetime) -> str:
    """Where somebody stood at a moment, by what had happened up to and with it."""
    bought = sorted(past.bought)
    upto = bisect_right(bought, moment)
    if upto:
        if moment - bought[upto - 1] >= rules.silent:
            return "lapsed"
        since = bisect_right(bought, moment - rules.within, 0, upto)
        return "loyal" if upto - since >= rules.often else "customer"
    if any(at <= moment and (end is None or moment < end) for at, end in past.deals):
        return "opportunity"
    return "lead" if past.talked is not None and past.talked <= moment else "aware"


def path(past: Past, rules: Rules, now: datetime) -> tuple[list[Stay], datetime | None]:
    """All stages somebody stood in, in order, up to now; and when time alone may change it next."""
    moments = sorted({*_turns(past, rules)})
    ahead = bisect_right(moments, now)
    stays: list[Stay] = []
    for moment in moments[:ahead]:
        stage = stage_at(past, rules, moment)
        if stays and stays[-1].stage == stage:
            continue
        before = stays[-1].stage if stays else None
        if stays:
            last = stays.pop()
            stays.append(Stay(last.stage, last.at, last.came_from, moment, stage))
        stays.append(Stay(stage, moment, before))
    return stays, moments[ahead] if ahead < len(moments) else None


def _turns(past: Past, rules: Rules) -> Iterable[datetime]:
    """Every moment at which the stage may change."""
    yield min([past.known_at, *past.bought, *(at for at, _ in past.deals),
               *([past.talked] if past.talked else [])])  # fmt: skip
    if past.talked is not None:
        yield past.talked
    for at, end in past.deals:
        yield at
        if end is not None:
            yield end
    for bought in past.bought:
        yield from (bought, bought + rules.silent, bought + rules.within)


def went_on(stay: Stay) -> bool | None:
    """Whether they left it for a further stage; None while they stand there."""
    if stay.went_to is None:
        return None
    return FORWARD[stay.went_to] > FORWARD[stay.stage]


def median(values: Sequence[float]) -> float | None:
    """The middle one, or the mean of the two in the middle."""
    some = sorted(values)
    half = len(some) // 2
    if not some:
        return None
    return some[half] if len(some) % 2 else (some[half - 1] + some[half]) / 2
