"""When a customer may be written to: their share of a week, and their quiet hours."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import QuietHours

CHANNELS = ("email", "telegram", "whatsapp", "sms")
"""Ways to write to a customer, in the order in which they are chosen where nobody said which."""

BY_HAND = frozenset({"whatsapp", "sms"})
"""Channels on which a member sends what was prepared."""

A_WEEK = 2
"""Messages that a customer gets in any seven days at most, until a team says otherwise."""

MOST_A_WEEK = 50

WEEK = timedelta(days=7)

QUIET = QuietHours(time(20), time(9))

SETTLES = timedelta(minutes=2)
"""A message that is let go may take so long until it arrives: it goes in time before the quiet."""

FARTHEST = 40
"""Steps in which a moment is looked for at which it is quiet nowhere."""


def good_moment(now: datetime, zones: Collection[str], quiet: QuietHours | None) -> datetime | None:
    """The first moment from ``now`` on that is quiet in none of the zones in which somebody may be;
    None where there is none. Who may be in several zones is asleep if they are in any."""
    if quiet is None:
        return now
    moment = now
    for _ in range(FARTHEST):
        until = [over for zone in zones if (over := _quiet_until(moment, zone, quiet))]
        if not until:
            return moment
        moment = max(until)
    return None


def _quiet_until(moment: datetime, zone: str, quiet: QuietHours) -> datetime | None:
    for local in (each.astimezone(ZoneInfo(zone)) for each in (moment, moment + SETTLES)):
        if quiet.hold(local):
            return quiet.over_at(local)
    return None


def free_at(went: Sequence[datetime], waiting: int, most: int, now: datetime) -> datetime | None:
    """When one more may go to somebody; ``now`` where it may at once.

    ``went``: when messages went to them, ``waiting``: how many are on their way by now, which
    count for as long as they are. None: only once one of those is settled.
    """
    lately = sorted(moment for moment in went if moment > now - WEEK)
    over = len(lately) + waiting - most
    if over < 0:
        return now
    return lately[over] + WEEK if over < len(lately) else None


def is_held(campaign: int, customer: str, share: int) -> bool:
    """Whether a campaign leaves a customer out, to be compared with: so many of a hundred, drawn by
    lot, and the same ones whenever it is asked. ``customer``: ``company:7`` or ``contact:12``."""
    lot = hashlib.sha256(f"{campaign}/{customer}".encode()).digest()
    return int.from_bytes(lot[:8], "big") % 10_000 < share * 100
