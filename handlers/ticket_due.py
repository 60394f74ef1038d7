"""By when a ticket is to be settled, told by hand; what the team promises yields to it."""

from __future__ import annotations

from datetime import datetime

from handlers.book import Chapter
from handlers.finding import due_said
from handlers.reply import Call, Reply
from handlers.ticket_card import called
from handlers.ticket_meant import find_open
from handlers.ticket_steps import changed
from handlers.turn import Ask, Sorry, Turn
from language.values import read_due
from storage.tickets import Service, service_of

chapter = Chapter(__name__)


@chapter.command("ticket.due")
def due_(turn: Turn, call: Call, due: str | None = None) -> Reply:
    """It is to be settled by then, whatever its priority says. ``due``: a day or time in words."""
    ticket = find_open(turn, call)
    if not due:
        raise Ask("ask_ticket_due", "due", kind="due", number=called(ticket), shows=(ticket,))
    service = service_of(turn.session, turn.workspace.id)
    until = moment_said(turn, due, service)
    if until <= turn.now:
        raise Sorry("ticket_due_is_over", number=called(ticket), at=until)
    ticket.promise(until, turn.now, service)
    return changed(turn, ticket, "ticket_due_set")


def moment_said(turn: Turn, said: str, service: Service) -> datetime:
    """A day without a time is over when the team goes home, or at its midnight where that was."""
    found = due_said(read_due(said, turn.local) or said)
    until = found.instant(turn.member.zone)
    return until or service.work.end_of(found.day, turn.now)


@chapter.command("ticket.due_usual")
def due_usual(turn: Turn, call: Call) -> Reply:
    """By when it is to be settled is as the team promises it again."""
    ticket = find_open(turn, call)
    if ticket.due_told_at is None:
        raise Sorry("ticket_due_is_usual", number=called(ticket), at=ticket.due_at)
    ticket.promise(None, turn.now, service_of(turn.session, turn.workspace.id))
    return changed(turn, ticket, "ticket_due_usual_now")
