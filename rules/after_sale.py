"""When a customer is asked how they are doing with what they bought."""

from __future__ import annotations

from datetime import date, timedelta

DAYS = 7
"""Days after a sale, until the workspace says otherwise."""

LATEST = 7
"""So many days later it is asked no more."""

APART = 60
"""Days between two such questions to one customer."""


def asked_on(sold: date, days: int, today: date) -> date | None:
    """The day on which it is time to ask, which may have come; None where it never comes, or has
    gone by. ``days`` 0: nobody asks."""
    if days <= 0:
        return None
    day = sold + timedelta(days=days)
    return day if today <= day + timedelta(days=LATEST) else None
