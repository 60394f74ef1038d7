"""A ticket as it is told: on a card of its own, in a list, on its customer's card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers.reply import Button, Call, Fields, Items, Line, Part
from handlers.turn import Turn
from language.voice import RLM
from storage import queries
from storage.models import Member, Ticket
from storage.tickets import comments_of, tickets_of

LATEST = 3
"""Comments on a card."""

ON_CARD = 10
"""Tickets that are looked at for a customer's card."""

SHORT = 60
"""Letters of its text in a line."""


def called(ticket: Ticket) -> str:
    """``#12``."""
    return f"#{ticket.number}"


def member_name(turn: Turn, number: int | None) -> str:
    member = queries.get(turn.session, Member, turn.workspace.id, number)
    return member.name if member else "—"


def state_said(turn: Turn, ticket: Ticket) -> str:
    late = ticket.is_open and ticket.status != "waiting" and ticket.is_late(turn.now)
    said = turn.piece(f"ticket_{ticket.status}")
    return turn.voice.beside(said, turn.piece("ticket_late") if late else None)


def card(turn: Turn, ticket: Ticket) -> list[Part]:
    """What is the matter, how it stands, by when it is to be settled, what was said last."""
    turn.shows(ticket)
    turn.note(ticket=ticket.id)
    rows: list[tuple[str, str | None]] = [
        ("customer", ticket.about),
        ("contact", ticket.contact.name if ticket.contact and ticket.company else None),
        ("ticket_state", state_said(turn, ticket)),
        ("priority", turn.piece(f"priority_{ticket.priority}")),
        ("ticket_owner", member_name(turn, ticket.owner_id)),
        *_moments(turn, ticket),
    ]
    shown = tuple((turn.say(f"field_{name}"), value) for name, value in rows if value)
    comments = comments_of(turn.session, ticket)
    lines = tuple(
        turn.voice.told(
            f"{turn.voice.beside(turn.voice.moment(each.at), member_name(turn, each.by_id))}: "
            f"{turn.voice.apart(each.text)}"
        )
        for each in comments[-LATEST:]
    )
    parts: list[Part] = [Line(turn.voice.apart(ticket.text)), Fields(shown)]
    if len(comments) > LATEST:
        parts.append(Line(turn.say("ticket_comments_before", n=len(comments) - LATEST), quiet=True))
    return [*parts, *([Items(lines)] if lines else [])]


def _moments(turn: Turn, ticket: Ticket) -> list[tuple[str, str | None]]:
    """When it is to be answered and settled, or was."""
    moment = turn.voice.moment
    if not ticket.is_open:
        return [
            ("ticket_resolved_at", moment(ticket.resolved_at) if ticket.resolved_at else None),
            ("ticket_took", span_said(turn, ticket.worked)),
        ]
    if ticket.status == "waiting" and ticket.waiting_since:
        return [("ticket_waits_since", moment(ticket.waiting_since))]
    answer = moment(ticket.answer_due_at) if ticket.answered_at is None else None
    due = moment(ticket.due_at)
    if ticket.due_told_at:
        due = turn.piece("ticket_due_by_hand", at=ticket.due_at)
    return [("ticket_answer_due", answer), ("ticket_due", due)]


def span_said(turn: Turn, seconds: float) -> str:
    """Working time: ``2 h 15 min``."""
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    told = [turn.say("n_hours", n=hours)] if hours else []
    told += [turn.say("n_minutes", n=rest)] if rest or not hours else []
    return " ".join(each.lstrip(RLM) for each in told)


def ticket_line(turn: Turn, ticket: Ticket, *, named: bool = True) -> str:
    """``#12 Bilal Traders: 3 rolls torn, urgent, by Tuesday 1 pm``."""
    turn.shows(ticket)
    apart = turn.voice.apart
    text, priority = _short(ticket.text), None
    if ticket.priority != "normal":
        priority = turn.piece(f"priority_{ticket.priority}")
    told = turn.voice.beside(text, priority, _stands(turn, ticket))
    about = f" {apart(ticket.about)}" if named and ticket.about else ""
    return turn.voice.told(f"{apart(called(ticket))}{about}: {told}")


def _stands(turn: Turn, ticket: Ticket) -> str:
    """By when, or why not yet."""
    if not ticket.is_open:
        return turn.piece("ticket_resolved")
    if ticket.status == "waiting":
        return turn.piece("ticket_waiting")
    key = "ticket_late_since" if ticket.is_late(turn.now) else "ticket_by"
    return turn.piece(key, at=ticket.due_at)


def open_buttons(turn: Turn, ticket: Ticket) -> tuple[Button, ...]:
    """What can be done with it."""
    number = ticket.id
    if not ticket.is_open:
        return (turn.button("reopen_button", "ticket.reopen", ticket=number),)
    wait = (
        turn.button("go_on_button", "ticket.go_on", ticket=number)
        if ticket.status == "waiting"
        else turn.button("wait_button", "ticket.wait", ticket=number)
    )
    return (
        turn.button("resolve_button", "ticket.close", "primary", ticket=number),
        turn.button("comment_button", "ticket.comment", ticket=number),
        turn.button("give_button", "ticket.give", ticket=number),
        wait,
    )


def edit_button(turn: Turn, ticket: Ticket) -> Button:
    call = Call("edit", {"kind": "ticket", "record": ticket.id})
    return Button(turn.say("edit_button"), call, opens_form=True)


def tickets_on_card(turn: Turn, contacts: list[int], companies: list[int]) -> list[Ticket]:
    """Tickets of a customer, those that are open first, then those settled last."""
    rows = (
        select(Ticket)
        .where(Ticket.workspace_id == turn.workspace.id)
        .where(tickets_of(turn.workspace.id, contacts, companies))
        .order_by(Ticket.resolved_at.is_not(None), Ticket.resolved_at.desc(), Ticket.due_at)
        .limit(ON_CARD)
    )
    return list(turn.session.scalars(rows))


def ticket_events(turn: Turn, ticket: Ticket) -> Iterator[tuple[datetime, str]]:
    """That it was opened and settled, as lines of the customer's timeline."""
    moments = (
        ("ticket_event_opened", ticket.created_at),
        ("ticket_event_done", ticket.resolved_at),
    )
    for key, moment in moments:
        if moment is not None:
            what = turn.say(key, number=called(ticket), text=_short(ticket.text))
            day = turn.voice.day(turn.local_day(moment))
            yield moment, turn.voice.told(f"{day}: {what}")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def of_who(ticket: Ticket) -> dict[str, Any]:
    """As ``turn.focus`` keeps it."""
    return {"ticket": ticket.id, **ticket.ids}
