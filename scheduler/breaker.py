"""Whoever answers whatever Rabta says, another bot say, is not answered for ever.

In a shared chat everybody gets so many answers a minute, and the last of them says so. What is
asked beyond is still done; it is only not answered.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from scheduler.letters import Address
from scheduler.pace import Limit, Toll, Windows
from storage.clock import Clock

ANSWERS, SECONDS = 20, 60.0

BROKEN = "too many answers to one sender in a chat within a minute"
"""Why an answer was not given."""


def answers_left(session: Session, clock: Clock, address: Address) -> int:
    """Count one more answer in a shared chat; how many were left with this one, 0 for none."""
    limit = Limit(f"answers:{address.place}:{address.user}", ANSWERS, SECONDS)
    windows = Windows.locked(session, clock, [limit])
    left = max(0, ANSWERS - len(windows.recent(limit)))
    if left:
        windows.charge(Toll((limit,)))
        windows.write(session)
    return left
