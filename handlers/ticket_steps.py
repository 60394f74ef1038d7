"""What becomes of a ticket: settled, reopened, waiting, given to somebody, raised, noted upon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.book import Chapter
from handlers.edit import edit
from handlers.finding import find_member
from handlers.ratings import how_happy
from handlers.reply import Button, Call, Line, Part, Reply, Title
from handlers.ticket_card import called, card, of_who, open_buttons, span_said
from handlers.ticket_meant import find_open, find_ticket
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.tickets import PRIORITIES
from storage import queries
from storage.models import Nudge, Ticket, TicketComment
from storage.ticket_nudges import tell_new_owner, tell_resolved
from storage.tickets import service_of

chapter = Chapter(__name__)

LONGEST = 2000
"""Letters that are kept of a comment."""

SNOOZE = timedelta(hours=1)
"""Working time after which a warning comes again."""


@chapter.command("ticket.close")
def close(turn: Turn, call: Call, text: str | None = None) -> Reply:
    """It is settled. Whoever wrote it down hears of it; its owner is asked how happy the customer
    is."""
    ticket = find_open(turn, call)
    if text:
        _write(turn, ticket, text)
    ticket.resolve(turn.now, turn.member.id, service_of(turn.session, turn.workspace.id))
    asks = ticket.asked_at is None
    ticket.asked_at = ticket.asked_at or turn.now
    turn.session.flush()
    tell_resolved(turn.session, ticket, turn.member, turn.now)
    turn.focus(**of_who(ticket))
    turn.note(ticket=ticket.id)
    key = "ticket_closed_late" if ticket.is_late(turn.now) else "ticket_closed"
    took = Line(turn.say(key, took=span_said(turn, ticket.worked)), quiet=True)
    title = Title(turn.say("ticket_is_closed", number=called(ticket), name=ticket.about))
    buttons: tuple[Button, ...] = (
        turn.undo(),
        turn.button("reopen_button", "ticket.reopen", ticket=ticket.id),
    )
    if not asks or ticket.owner_id != turn.member.id:
        return Reply((title, took), buttons)
    question, scores = how_happy(turn, name=ticket.about, ticket=ticket.id)
    return Reply((title, took, question), (*scores, *buttons))


@chapter.command("ticket.reopen")
def reopen(turn: Turn, call: Call, text: str | None = None) -> Reply:
    """It was not settled after all."""
    ticket = find_ticket(turn, call, closed=True)
    if ticket.is_open:
        raise Sorry("ticket_is_open", open_buttons(turn, ticket)[:1], number=called(ticket))
    ticket.reopen(turn.now, service_of(turn.session, turn.workspace.id))
    if text:
        _write(turn, ticket, text)
    return changed(turn, ticket, "ticket_reopened_now")


@chapter.command("ticket.wait")
def wait(turn: Turn, call: Call, text: str | None = None) -> Reply:
    """The customer has to do something first: its clock stands still."""
    ticket = find_open(turn, call)
    if ticket.status == "waiting":
        raise Sorry(
            "ticket_waits", (turn.button("go_on_button", "ticket.go_on", ticket=ticket.id),),
            number=called(ticket),
        )  # fmt: skip
    ticket.wait(turn.now, service_of(turn.session, turn.workspace.id))
    if text:
        _write(turn, ticket, text)
    return changed(turn, ticket, "ticket_waits_now")


@chapter.command("ticket.go_on")
def go_on(turn: Turn, call: Call, text: str | None = None) -> Reply:
    """The customer has done it."""
    ticket = find_open(turn, call)
    if ticket.status != "waiting":
        raise Sorry("ticket_runs", open_buttons(turn, ticket)[:1], number=called(ticket))
    ticket.go_on(turn.now, service_of(turn.session, turn.workspace.id))
    if text:
        _write(turn, ticket, text)
    return changed(turn, ticket, "ticket_goes_on")


@chapter.command("ticket.give")
def give(turn: Turn, call: Call) -> Reply:
    """It is somebody else's from now on, who hears of it."""
    ticket = find_open(turn, call)
    if call.slots.get("owner") is None:
        others = [
            each
            for each in queries.members(turn.session, turn.workspace.id)
            if each.id != ticket.owner_id
        ]
        if not others:
            raise Sorry("nobody_to_give_to")
        choices = tuple(
            Choice(each.name, {"owner": each.id, "ticket": ticket.id}) for each in others[:8]
        )
        raise Ask("ask_give_to", "owner", choices=choices, number=called(ticket))
    member = find_member(turn, call) or turn.member
    if member.id == ticket.owner_id:
        raise Sorry("ticket_is_theirs", number=called(ticket), name=member.name)
    ticket.owner_id = member.id
    turn.session.flush()
    tell_new_owner(turn.session, ticket, member, turn.member, turn.now)
    return changed(turn, ticket, "ticket_given", to=member.name)


@chapter.command("ticket.mine")
def mine(turn: Turn, call: Call) -> Reply:
    """Whoever says so takes it."""
    return give(turn, call.with_slots(owner="me"))


@chapter.command("ticket.priority")
def priority_(turn: Turn, call: Call, priority: str | None = None, up: str | None = None) -> Reply:
    """How urgent it is; by when it is to be settled follows."""
    ticket = find_open(turn, call)
    if up:
        step = 1 if up == "up" else -1
        at = PRIORITIES.index(ticket.priority) + step
        priority = PRIORITIES[min(max(at, 0), len(PRIORITIES) - 1)]
    if priority not in PRIORITIES:
        choices = tuple(
            Choice(
                turn.piece(f"priority_{each}"),
                {"priority": each, "ticket": ticket.id},
            )
            for each in reversed(PRIORITIES)
        )
        raise Ask("ask_priority", "priority", choices=choices, number=called(ticket))
    ticket.priority = priority
    ticket.plan(service_of(turn.session, turn.workspace.id))
    return changed(turn, ticket, "ticket_prioritised")


@chapter.command("ticket.comment")
def comment(turn: Turn, call: Call, text: str | None = None, quiet: bool | None = None) -> Reply:
    """What was done or said about it. ``quiet``: colleagues talk in its thread, and are not to be
    answered."""
    ticket = find_ticket(turn, call)
    if not text:
        slots = call.with_slots(ticket=ticket.id)
        del slots
        raise Ask(
            "ask_comment", "text", kind="words", number=called(ticket), shows=(ticket,),
        )  # fmt: skip
    _write(turn, ticket, text)
    turn.session.flush()
    turn.focus(**of_who(ticket))
    turn.note(ticket=ticket.id)
    if quiet:
        return Reply(silent=True)
    title = Title(turn.say("ticket_noted", number=called(ticket), name=ticket.about))
    buttons = (turn.undo(), *open_buttons(turn, ticket)[:1])
    return Reply((title, Line(turn.voice.apart(text))), buttons)


def _write(turn: Turn, ticket: Ticket, text: str) -> None:
    turn.session.add(
        TicketComment(
            workspace_id=turn.workspace.id, ticket_id=ticket.id, text=text[:LONGEST],
            at=turn.now, by_id=turn.member.id,
        )
    )  # fmt: skip
    if ticket.is_open:
        ticket.answer(turn.now, service_of(turn.session, turn.workspace.id))


@chapter.command("ticket.edit")
def edit_(turn: Turn, call: Call) -> Reply:
    """A form over what is the matter and how urgent it is."""
    return edit(turn, kind="ticket", record=find_ticket(turn, call).id)


@chapter.command("ticket.snooze")
def snooze(turn: Turn, ticket: int, nudge: int) -> Reply:
    """A warning comes again after an hour of work, if it still holds."""
    row = turn.record(Ticket, ticket)
    told = turn.session.get(Nudge, (turn.workspace.id, nudge))
    if told is None or turn.member.id != (told.to_id or told.member_id):
        raise Sorry("gone")
    work = service_of(turn.session, turn.workspace.id).work
    told.state, told.due_at = "later", work.after(turn.now, SNOOZE)
    turn.session.flush()
    return Reply((Line(turn.say("ticket_snoozed", number=called(row), at=told.due_at)),))


def changed(turn: Turn, ticket: Ticket, key: str, *more: Part, **values: Any) -> Reply:
    """What has become of it, with how it stands now."""
    turn.session.flush()
    turn.focus(**of_who(ticket))
    title = Title(turn.say(key, number=called(ticket), name=ticket.about, **values))
    return Reply((title, *more, *card(turn, ticket)), (turn.undo(), *open_buttons(turn, ticket)))
