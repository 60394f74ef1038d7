"""Which deal or task is meant where none is named: the one that was spoken of before."""

from __future__ import annotations

from handlers import meanwhile
from handlers.reply import Call
from handlers.turn import Turn
from handlers.who import Who, spoken_of
from storage import queries
from storage.models import Deal, Task


def deals(turn: Turn) -> list[Deal]:
    """The open deal spoken of last, else those of the customer spoken of last."""
    number = turn.in_focus("deal")
    deal = queries.get(turn.session, Deal, turn.workspace.id, number) if number else None
    if deal and (deal.is_open or meanwhile.closed_of(turn, [deal])):
        turn.take("spoken_of", deal.buyer)
        return [deal]
    who = spoken_of(turn, turn.in_focus)
    theirs = _deals_with(turn, who) if who else []
    if who and len(theirs) == 1:
        turn.take("spoken_of", who.name)
    return theirs


def _deals_with(turn: Turn, who: Who) -> list[Deal]:
    """The person's own, else those of the company."""
    here = (turn.session, turn.workspace.id)
    theirs = queries.deals_of(*here, [who.contact.id]) if who.contact else []
    return theirs or (queries.deals_of(*here, [], [who.company.id]) if who.company else [])


def last_deals(turn: Turn, limit: int) -> list[Deal]:
    """The deal spoken of longer ago, then those entered last."""
    newest = queries.newest_deals(turn.session, turn.workspace.id, limit)
    number = turn.out_of_focus("deal")
    before = queries.get(turn.session, Deal, turn.workspace.id, number) if number else None
    if before is None or not before.is_open:
        return newest
    return [before, *(deal for deal in newest if deal is not before)]


def task(turn: Turn) -> Task | None:
    """The open task spoken of last."""
    number = turn.in_focus("task")
    found = queries.get(turn.session, Task, turn.workspace.id, number) if number else None
    return found if found and found.status == "open" else None


def tasks_with_them(turn: Turn, call: Call) -> tuple[list[Task], str] | None:
    """Open tasks with the customer spoken of last, and their name, where "with her" was said."""
    who = spoken_of(turn, turn.in_focus) if call.slots.get("of_them") else None
    if who is None:
        return None
    contacts = [who.contact.id] if who.contact else []
    companies = [who.company.id] if who.company and not who.contact else []
    found = queries.open_tasks_of(turn.session, turn.workspace.id, contacts, companies)
    return found, who.name
