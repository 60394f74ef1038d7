"""Tickets whose time runs out: looked at when one is to be warned of, and at no other moment.

Each says itself when it is looked at next (``next_check_at``, indexed; at once after whatever wrote
it), so a tick costs what is due, however many tickets there are.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage.models import Ticket
from storage.ticket_nudges import warn
from storage.tickets import look_at

BATCH = 20
"""Tickets looked at in one transaction: between two of them, messages are answered."""

DUE = Due(Ticket.next_check_at)


def tick(session: Session, _draw: Draw, now: datetime) -> int:
    """Look at each ticket whose moment it is; how many nudges were raised."""
    return due_one_by_one(session, DUE, now, BATCH, lambda each: _look(session, each, now))


def _look(session: Session, ticket: Ticket, now: datetime) -> int:
    """Warn of what is nearly late or late, and say when it is looked at next."""
    runs = ticket.is_open and ticket.status != "waiting"
    raised = len(warn(session, ticket, now)) if runs and now >= ticket.warn_at else 0
    later = [each for each in (ticket.warn_at, ticket.due_at) if runs and each > now]
    look_at(session, ticket, min(later, default=None))
    return raised
