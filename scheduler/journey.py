"""The journey of whoever something changed of, or time alone changes the stage of, told anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_by_space
from storage.journey import look_at_these
from storage.models import Journey
from storage.scope import within

BATCH = 40
"""People looked at in one transaction: between two of them, messages are answered."""

DUE = Due(Journey.next_check_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Tell the paths of people who are due; how many were looked at."""
    del draw
    found = due_by_space(session, DUE, Journey.contact_id, now, BATCH)
    for space, ids in found.items():
        with within(session, space):
            look_at_these(session, space, ids, now)
    return sum(map(len, found.values()))
