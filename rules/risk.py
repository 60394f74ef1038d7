"""Which customers are at risk, and why: pure rules over what is known of one of them.

What each rule goes by stands in docs/numbers.md, under "Customers at risk".
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

Kind = Literal[
    "complaint", "ticket", "unhappy", "left", "champion", "renewal", "contract", "silent", "once",
    "falling",
]  # fmt: skip

USUAL_DAYS = 60.0
"""The time between two orders where nobody has ordered twice yet."""

TWICE = 2.0
"""By the plain rule a silence is strange when it is so many times the usual one."""

OWN = 2
"""Pauses of a customer from which on the plain rule goes by their own."""

GONE = 0.05
"""Whoever orders less probably in the weeks ahead is counted as lost, not as at risk."""

GONE_PLAIN = 6.0
"""By the plain rule: silent for so many times their usual pause, and for half a year."""

HALF_A_YEAR = 182

FALLS = 0.6
"""The last orders are worth less than so much of those before."""

RECENT, BEFORE = 3, 3
"""The middle of so many last orders, against that of at least so many before them: one large order
among them says nothing."""

TOLD_BELOW = 0.3
"""A silence is worth an interruption when whoever is silent is so improbably a customer yet: most
strange silences end by themselves."""

ORDERED = 4
"""Orders from which on the next one is awaited."""

LATE = 0.25
"""An order is late when fewer than so many of the pauses of such a customer are as long; by so much
is it probable that it does not come by itself."""

STAYS = 0.7
"""Whose next order is late is reminded of it only while they are so probably a customer yet."""

REST = (7, 45)
"""After a touch a customer is left in peace for half a usual pause, but for so many days at least
and at most."""

UNHEARD = 0.25
"""A touch that reached nobody counts so much."""

COMPLAINED = 60
"""Days for which a complaint counts, unless an order came after it."""

RENEWS = 30
"""Days before a renewal in which somebody should have been in touch."""

MAY_END = 0.25
"""Whose contract ends within ``rules.contracts.AHEAD`` days with this probability is at risk."""

UNHAPPY, UNHAPPY_FOR = 2, 90
"""An answer of 1 to 5 that tells of a customer who is not satisfied, and the days for which it
does, unless they order or renew after it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a customer who has bought: days, and sums in minor units.

    ``pause``: their usual days between two orders, and ``own`` whether that is their own rhythm;
    ``strange``: the days of silence that are strange for them, and ``overdue`` those after which
    an order is late; ``p_buy``, ``stays``: the probability of an order, and that they are a
    customer yet; these three are None by the plain rule.
    ``touched``, ``heard``: the day of the last touch and whether it reached them. ``recent``,
    ``before``: what the last orders and those before were worth, the middle of them.
    ``complained``: the day of the last complaint; ``left``: who of theirs has left, where nobody
    else is known there; ``champion``: who decided there, or spoke for us, and has left.

    ``renews``: the day of the next renewal of a contract, to be spoken of ``notice`` days
    before (None: it goes on by itself);
    ``may_end``: the chance that it ends within ``rules.contracts.AHEAD`` days, being the ``nth``
    renewal, since ``ends_from``, and whether that was ``learned``; ``ended``: the day on which the
    last of their contracts was cancelled, where none runs.

    ``late_since``: the day since which the oldest of their open tickets counts as late, of so many
    that are ``late``; its time was over on the day ``due``; ``satisfied``: their last answer, 1 to
    5, on the day ``answered``.
    """

    orders: int
    last: date
    pause: float
    strange: float
    own: bool = True
    p_buy: float | None = None
    overdue: float | None = None
    stays: float | None = None
    touched: date | None = None
    heard: bool = True
    recent: int | None = None
    before: int | None = None
    complained: date | None = None
    left: str | None = None
    champion: str | None = None
    renews: date | None = None
    notice: int | None = RENEWS
    may_end: float | None = None
    nth: int = 1
    ends_from: date | None = None
    learned: bool = False
    ended: date | None = None
    late_since: date | None = None
    due: date | None = None
    late: int = 0
    satisfied: int | None = None
    answered: date | None = None

    @property
    def rest(self) -> date | None:
        """Until when the last touch leaves them in peace."""
        if self.touched is None:
            return None
        days = min(max(self.pause / 2, REST[0]), REST[1]) * (1.0 if self.heard else UNHEARD)
        return self.touched + timedelta(days=max(1, round(days)))


@dataclass(frozen=True, slots=True)
class Sign:
    """Why a customer is at risk, from the day ``since`` on; ``told`` are the values of its
    sentence."""

    kind: Kind
    since: date
    told: Mapping[str, Any]


def plain_pause(gaps: Sequence[float], usual: float | None) -> tuple[float, bool]:
    """The usual days between two orders by the plain rule, and whether they are the customer's
    own: the median of their pauses, else that of everybody's."""
    if len(gaps) >= OWN:
        return max(1.0, statistics.median(gaps)), True
    return usual or USUAL_DAYS, False


def signs(known: Known, today: date) -> list[Sign]:
    """Why they are at risk today, the weightiest first; nothing where they are not, or are lost."""
    if is_lost(known, today):
        return []
    return [sign for sign in _coming(known) if sign.since <= today and _holds(sign, known, today)]


def next_look(known: Known, today: date) -> date | None:
    """The next day on which they may be at risk, if nothing happens until then."""
    if is_lost(known, today):
        return None
    coming = [sign.since for sign in _coming(known)]
    overdue = overdue_from(known)
    return min((day for day in (*coming, overdue) if day and day > today), default=None)


def is_told(found: Sequence[Sign], known: Known) -> bool:
    """Whether what was found is worth an interruption, and not only a place on the list."""
    if known.stays is None or known.stays < TOLD_BELOW:
        return bool(found)
    return any(sign.kind not in ("silent", "once") for sign in found)


def is_overdue(known: Known, today: date) -> bool:
    """Whether their next order should have come by now, and probably comes yet."""
    since = overdue_from(known)
    return since is not None and since <= today and (known.stays or 0.0) >= STAYS


def overdue_from(known: Known) -> date | None:
    """The day from which on their next order is late; None where no rhythm is known."""
    if known.overdue is None or known.orders < ORDERED:
        return None
    return _after_rest(known.last + timedelta(days=max(1, round(known.overdue))), known)


def is_lost(known: Known, today: date) -> bool:
    """Whether they are hardly to be won back; whoever renews by contract is not by silence, but
    whose last contract was cancelled is, unless they have ordered since."""
    if known.renews is not None and known.renews >= today:
        return False
    if known.renews is None and known.ended is not None and known.last <= known.ended <= today:
        return True
    silence = (today - known.last).days
    if known.p_buy is not None:
        return known.p_buy < GONE and silence > known.strange
    return silence > max(GONE_PLAIN * known.pause, HALF_A_YEAR)


def _holds(sign: Sign, known: Known, today: date) -> bool:
    if sign.kind == "complaint":
        return known.complained is not None and (today - known.complained).days <= COMPLAINED
    if sign.kind == "unhappy":
        return known.answered is not None and (today - known.answered).days <= UNHAPPY_FOR
    if sign.kind in ("renewal", "contract"):
        return known.renews is not None and today <= known.renews
    return True


def _coming(known: Known) -> list[Sign]:
    """All that is so now, or will be if nothing happens."""
    found = (
        _complaint(known), _late(known), _unhappy(known), _left(known), _champion(known),
        _renewal(known), _contract(known), _silent(known), _falling(known),
    )  # fmt: skip
    return [sign for sign in found if sign is not None]


def _after_rest(day: date, known: Known) -> date:
    """Not before the last touch has had its time."""
    rest = known.rest
    return day if rest is None or rest <= day else rest


def _complaint(known: Known) -> Sign | None:
    day = known.complained
    if day is None or known.last > day:
        return None
    since = day
    if known.touched is not None and known.touched > day:  # somebody has spoken with them since
        since = _after_rest(day, known)
    return Sign("complaint", since, {"day": day})


def _late(known: Known) -> Sign | None:
    """What is late is not put right by a call alone."""
    if known.late_since is None or not known.late:
        return None
    told = known.due or known.late_since
    return Sign("ticket", known.late_since, {"n": known.late, "day": told})


def _unhappy(known: Known) -> Sign | None:
    day = known.answered
    if known.satisfied is None or day is None or known.satisfied > UNHAPPY or known.last > day:
        return None
    since = day
    if known.touched is not None and known.touched > day:  # somebody has spoken with them since
        since = _after_rest(day, known)
    return Sign("unhappy", since, {"n": known.satisfied, "day": day})


def _left(known: Known) -> Sign | None:
    if known.left is None:
        return None
    since = _after_rest(known.last + timedelta(days=1), known)
    return Sign("left", since, {"name": known.left})


def _champion(known: Known) -> Sign | None:
    if known.champion is None or known.left is not None:
        return None
    since = _after_rest(known.last + timedelta(days=1), known)
    return Sign("champion", since, {"name": known.champion})


def _renewal(known: Known) -> Sign | None:
    if known.renews is None or known.notice is None:
        return None
    since = _after_rest(known.renews - timedelta(days=known.notice), known)
    return Sign("renewal", since, {"day": known.renews})


def _contract(known: Known) -> Sign | None:
    """It ends sooner than most do: no call changes by itself how many are not renewed."""
    if known.renews is None or known.may_end is None or known.may_end < MAY_END:
        return None
    told = {
        "day": known.renews, "percent": round(100 * known.may_end), "nth": known.nth,
        "learned": known.learned,
    }  # fmt: skip
    return Sign("contract", known.ends_from or known.renews, told)


def _silent(known: Known) -> Sign | None:
    if known.strange == float("inf"):
        return None
    days = max(1, round(known.strange))
    since = _after_rest(known.last + timedelta(days=days), known)
    told = {"day": known.last, "pause": round(known.pause), "own": known.own}
    return Sign("silent" if known.orders > 1 else "once", since, told)


def _falling(known: Known) -> Sign | None:
    if not known.recent or not known.before or known.recent >= FALLS * known.before:
        return None
    since = _after_rest(known.last + timedelta(days=max(1, round(known.pause))), known)
    return Sign("falling", since, {"recent": known.recent, "before": known.before})
