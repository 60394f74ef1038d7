"""What the clock brings of a ticket: that its time runs out or is over, that it was given to
somebody or settled; each with what can be done about it."""

from __future__ import annotations

from typing import Any

from handlers.ratings import how_happy
from handlers.reply import Button, Line, Part, Reply, Title
from handlers.ticket_card import called, member_name
from handlers.turn import Turn
from storage.models import Nudge, Ticket


def news_of_ticket(turn: Turn, ticket: Ticket, nudge: Nudge) -> Reply:
    """The letter, without what it is worth. ``nudge``: what is told, and to whom."""
    turn.shows(ticket)
    values: dict[str, Any] = {"number": called(ticket), "name": ticket.about}
    match nudge.kind:
        case "ticket_due" | "ticket_late":
            values["at"] = ticket.due_at
        case "ticket_done":
            values["by"] = member_name(turn, ticket.resolved_by)
    parts: list[Part] = [
        Title(turn.say(f"nudge_{nudge.kind}", **values)),
        Line(turn.voice.apart(ticket.text)),
    ]
    if nudge.kind != "ticket_done":
        parts.append(_standing(turn, ticket))
        return Reply(tuple(parts), _buttons(turn, ticket, nudge))
    if nudge.member_id != ticket.owner_id:
        return Reply(tuple(parts), _after(turn, ticket))
    question, scores = how_happy(turn, name=ticket.about, ticket=ticket.id)
    return Reply((*parts, question), (*scores, *_after(turn, ticket)))


def _standing(turn: Turn, ticket: Ticket) -> Line:
    """How urgent it is, whose, and whether the customer has heard of us yet."""
    priority = turn.piece(f"priority_{ticket.priority}")
    unheard = None if ticket.answered_at else turn.piece("ticket_unanswered")
    owner = member_name(turn, ticket.owner_id)
    return Line(turn.voice.beside(priority, owner, unheard), quiet=True)


def _buttons(turn: Turn, ticket: Ticket, nudge: Nudge) -> tuple[Button, ...]:
    number = ticket.id
    return (
        turn.button("resolve_button", "ticket.close", "primary", ticket=number),
        turn.button("comment_button", "ticket.comment", ticket=number),
        turn.button("give_button", "ticket.give", ticket=number),
        turn.button("ticket_snooze_button", "ticket.snooze", nudge=nudge.id, ticket=number),
    )


def _after(turn: Turn, ticket: Ticket) -> tuple[Button, ...]:
    return (turn.button("reopen_button", "ticket.reopen", ticket=ticket.id),)
