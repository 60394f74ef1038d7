"""What may interrupt somebody, and what first: pure rules over what was raised.

What each number stands for is told in docs/numbers.md, under "Nudges".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rules.calendar import QuietHours, next_at

Answer = Literal["useful", "acted", "later", "stop"]
"""What a member made of a nudge: said so, did it, not now, no more of these."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the words files, and its values: text, numbers, days, moments, ``Money``."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that helps: the key of its label, and the call that the Book runs at a tap."""

    label: str
    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Why somebody is to hear of something, and what it is worth.

    ``evidence``: the sentences that tell why, the weightiest first; ``offers``: what helps, the
    likeliest first. ``minor`` is the money at stake, in minor units of the workspace's currency;
    ``chance`` (0 to 1) that it is lost, or missed, if nobody does anything.
    """

    evidence: tuple[Told, ...]
    offers: tuple[Offer, ...] = ()
    minor: int = 0
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of nudge. ``helps``: how likely it is that somebody acts on it and that this helps,
    until the member's own answers teach better. ``waits``: days for which it waits for an agenda
    where it was not worth an interruption; what is older is over. ``must``: it has to be known now,
    so it interrupts whatever else came that day, and is not counted with that."""

    name: str
    helps: float
    waits: int = 30
    must: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("ticket_late", 0.40, waits=7, must=True),
        Kind("ticket_due", 0.40, waits=3, must=True),
        Kind("ticket_given", 0.30, waits=7, must=True),
        Kind("ticket_done", 0.10, waits=7, must=True),
        Kind("renewal", 0.30),
        Kind("at_risk", 0.20),
        Kind("close_past", 0.25),
        Kind("silent", 0.20),
        Kind("slipped", 0.15),
        Kind("one_contact", 0.10),
        Kind("no_step", 0.20),
        Kind("next_order", 0.25, waits=14),
        Kind("check_in", 0.10, waits=7),
        Kind("rating", 0.20, waits=14),
        Kind("loyalty", 0.10, waits=14),
        Kind("birthday", 0.10, waits=0),
        Kind("goal", 0.10, waits=7),
        Kind("tidy", 0.05, waits=6),
        Kind("look", 0.05, waits=14),
    )
}
"""All that count in the budget, the most urgent first where two are worth the same. Reminders that
a member set, the agenda, reports and wins are no nudges of the budget: they were asked for."""

COUNTED = tuple(name for name, kind in KINDS.items() if not kind.must)
"""Kinds that are counted in a member's budget."""

PERSONAL = ("goal", "tidy", "ticket_done", "look")
"""Kinds that are no customer's: who hands their customers over goes on hearing of these."""

A_DAY = 5
"""Nudges that may interrupt a member on a day, until they say otherwise."""

MOST_A_DAY = 20
"""More than this nobody can ask for."""

EVENING = time(20)
"""From then on nobody is interrupted; it waits for the next working morning."""

FARTHEST = 400
"""Mornings that are looked at for a good one: beyond, none is to be had."""


def good_moment(
    now: datetime,
    zone: str,
    morning: time,
    quiet: QuietHours | None,
    works: Callable[[date], bool],
) -> datetime | None:
    """The first moment from ``now`` on at which somebody may be interrupted: in their zone, on a
    working day, from their morning on, before the evening, in no quiet hours. None: there is none.

    Whose morning is in the evening works at night, and no evening ends their day.
    """
    moment = now
    for _ in range(FARTHEST):
        local = moment.astimezone(ZoneInfo(zone))
        clock = local.time()
        is_day = clock >= morning and (clock < EVENING or morning >= EVENING)
        if not (is_day and works(local.date())):
            moment = next_at(morning, zone, moment)
        elif quiet and quiet.hold(local):
            moment = quiet.over_at(local)
        else:
            return moment
    return None


# --- learned from what came of them ---------------------------------------------------------------

KNOWN = 10
"""Answers that the documented default counts as: a member's own count more the more there are."""

UNHEARD = 0.3
"""What was not answered speaks against its kind, but less than a "not now" does."""

TOO_MANY = 4
"""So often "not now" in a row, and a kind stops."""


def learned(kind: str, answers: Mapping[Answer | None, int]) -> float:
    """How likely telling of a kind helps a member, by what they made of such nudges so far."""
    good = answers.get("useful", 0) + answers.get("acted", 0)
    bad = answers.get("later", 0) + answers.get("stop", 0) + UNHEARD * answers.get(None, 0)
    return (KNOWN * KINDS[kind].helps + good) / (KNOWN + good + bad)


def is_enough(latest: Sequence[Answer]) -> bool:
    """Whether somebody had no use for the last few of a kind, the newest first."""
    return len(latest) >= TOO_MANY and all(each == "later" for each in latest[:TOO_MANY])
