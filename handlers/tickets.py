"""Tickets: opened, from words or from somebody's message, looked at, listed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from handlers.book import Chapter
from handlers.finding import find_member
from handlers.forwarded import known_by
from handlers.named import known_in
from handlers.party import Party
from handlers.reply import Button, Call, Items, Line, Reply, Title
from handlers.ticket_card import (
    called,
    card,
    edit_button,
    member_name,
    of_who,
    open_buttons,
    ticket_line,
)
from handlers.ticket_meant import find_ticket
from handlers.ticket_words import matter, priority_in, without_priority
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who, find_who, meant, said_names
from language.reader import read as read_words
from language.setting import Setting
from language.voice import plain
from rules.tickets import PRIORITIES
from storage.models import Member, Ticket
from storage.privacy import everything
from storage.tickets import OPEN, next_number, service_of, tickets_of

chapter = Chapter(__name__)

SHOWN = 10
"""Tickets in one answer; more are counted."""

OPENED = 3
"""Of them, how many are one tap away."""

LONGEST = 2000
"""Letters that are kept of what is the matter."""


@chapter.command("ticket.open")
def open_(
    turn: Turn,
    call: Call,
    who: Party,
    text: str | None = None,
    priority: str | None = None,
    message: str | None = None,
) -> Reply:
    """A customer is in trouble. It belongs to whoever wrote it down, until somebody else gets it.

    ``message``: the platform's number of the one that tells of it, where it is another one.
    """
    whole = bool(call.slots.get("from"))
    said = (without_priority(text) if whole else matter(turn, text)) if text else ""
    if not said:
        raise Ask("ask_ticket_text", "text", kind="words", name=who.name)
    level = priority if priority in PRIORITIES else priority_in(turn.said) or "normal"
    service = service_of(turn.session, turn.workspace.id)
    with everything(turn.session):  # numbers are given whoever may see what has them
        number = next_number(turn.session, turn.workspace.id)
    ticket = Ticket(
        workspace_id=turn.workspace.id,
        number=number,
        text=said[:LONGEST],
        contact_id=who.ids["contact"],
        company_id=who.ids["company"],
        priority=level,
        status="open",
        owner_id=turn.member.id,
        opened_by=turn.member.id,
        created_at=turn.now,
        began_at=turn.now,
        waited=0,
        worked=0,
        reopened=0,
        chat_id=turn.chat.id,
        message=(message or turn.message)[:80] or None,
    )
    ticket.plan(service)
    turn.session.add(ticket)
    turn.session.flush()
    turn.focus(**of_who(ticket))
    title = Title(turn.say("ticket_opened", number=called(ticket), name=ticket.about))
    raises = [
        Button(
            turn.say("priority_button", priority=label),
            Call("ticket.priority", {"ticket": ticket.id, "priority": level}),
        )
        for level, label in _levels(turn, ticket)
    ]
    give = turn.button("give_button", "ticket.give", ticket=ticket.id)
    return Reply((title, *card(turn, ticket)), (turn.undo(), give, *raises))


def _levels(turn: Turn, ticket: Ticket) -> list[tuple[str, str]]:
    """The priority that somebody may have forgotten to tell, and what it is called."""
    if ticket.priority != "normal":
        return []
    return [("urgent", turn.piece("priority_urgent"))]


@chapter.command("ticket.from_message")
def from_message(
    turn: Turn,
    call: Call,
    said: str,
    name: str | None = None,
    username: str | None = None,
    message: str | None = None,
    priority: str | None = None,
) -> Reply:
    """Somebody's message makes one: of the customer who wrote it, or whom it names; else it is
    asked whose trouble it is."""
    said = plain(said).strip()
    slots: dict[str, Any] = {"text": said, "message": message, "from": True}
    if level := priority or priority_in(said):
        slots["priority"] = level
    named = {each: call.slots[each] for each in ("contact", "company") if call.slots.get(each)}
    if not named:
        handle = username or ""
        known = known_by(turn, plain(name or "").strip(), handle) if name or handle else []
        if len(known) == 1:
            named = {k: v for k, v in known[0].ids.items() if v is not None}
        else:
            named = _named_in(turn, said)
    return turn.run(turn, [Call("ticket.open", {**slots, **named})])


def _named_in(turn: Turn, said: str) -> dict[str, Any]:
    """The one customer that the words name, of those who are known."""
    setting = Setting(region=turn.workspace.region, known=known_in(turn, said))
    for action in read_words(said, turn.local, setting):
        names = {k: action.slots[k] for k in ("contact", "company") if action.slots.get(k)}
        found = meant(turn, Call("ticket.open", names)) if names else []
        if len(found) == 1:
            return {k: v for k, v in found[0].ids.items() if v is not None}
    return {}


@chapter.command("ticket.show")
def show(turn: Turn, call: Call) -> Reply:
    """Everything about a ticket on one card."""
    return _card(turn, find_ticket(turn, call))


def _card(turn: Turn, ticket: Ticket) -> Reply:
    turn.focus(**of_who(ticket))
    title = Title(turn.say("ticket_title", number=called(ticket), name=ticket.about))
    buttons = (*open_buttons(turn, ticket), edit_button(turn, ticket))
    return Reply((title, *card(turn, ticket)), buttons)


# --- which there are ------------------------------------------------------------------------------


@chapter.command("ticket.list")
def tickets(
    turn: Turn,
    call: Call,
    state: str | None = None,
    priority: str | None = None,
    owner: Member | None = None,
) -> Reply:
    """Tickets of a customer, a member, a state, or all that are open, the next due first."""
    about = said_names(call) or call.slots.get("of_them")
    who, owner = _whose(turn, call, owner) if about else (None, owner)
    here = _in_state(turn, state, with_resolved=who is not None)
    if who:
        people = [who.contact.id] if who.contact else []
        firms = [who.company.id] if who.company and not who.contact else []
        here = here.where(tickets_of(turn.workspace.id, people, firms))
    if owner:
        here = here.where(Ticket.owner_id == owner.id)
    if priority in PRIORITIES:
        here = here.where(Ticket.priority == priority)
    order = (
        (Ticket.resolved_at.desc(), Ticket.id.desc())
        if state == "resolved"
        else (Ticket.resolved_at.is_not(None), Ticket.due_at, Ticket.id)
    )
    rows = list(turn.session.scalars(here.order_by(*order)))
    if who:
        turn.focus(**who.ids)
    what = _what(turn, state, priority)
    if not rows:
        raise _none(turn, who, owner, what)
    head = turn.voice.beside(
        turn.piece(what, n=len(rows)),
        who.name if who else None,
        owner.name if owner else None,
        turn.piece(f"priority_{priority}") if priority in PRIORITIES else None,
    )
    lines = tuple(_line(turn, row, owner, named=who is None) for row in rows[:SHOWN])
    more = [Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True)] if rows[SHOWN:] else []
    openers = tuple(
        Button(turn.voice.beside(called(row), row.about), Call("ticket.show", {"ticket": row.id}))
        for row in rows[:OPENED]
    )
    return Reply((Title(head), Items(lines), *more), openers)


def _whose(turn: Turn, call: Call, owner: Member | None) -> tuple[Who | None, Member | None]:
    """A customer, else a member of the team, of that name."""
    try:
        return find_who(turn, call), owner
    except Sorry:
        named = call.slots.get("contact") or call.slots.get("company")
        if not isinstance(named, str):
            raise
        try:
            return None, find_member(turn, Call("", {"owner": named}))
        except Sorry:
            pass
        raise


def _line(turn: Turn, row: Ticket, owner: Member | None, *, named: bool) -> str:
    """Whose it is is told where several may have some."""
    line = ticket_line(turn, row, named=named)
    if owner or row.owner_id == turn.member.id:
        return line
    return turn.voice.told(f"{line} ({turn.voice.apart(member_name(turn, row.owner_id))})")


def _in_state(turn: Turn, state: str | None, *, with_resolved: bool) -> Select[Ticket]:
    here = select(Ticket).where(Ticket.workspace_id == turn.workspace.id)
    match state:
        case "late":
            running = here.where(Ticket.status.in_(("open", "reopened")))
            return running.where(Ticket.due_at < turn.now)
        case "waiting" | "resolved":
            return here.where(Ticket.status == state)
        case None if with_resolved:
            return here
    return here.where(Ticket.status.in_(OPEN))


def _what(turn: Turn, state: str | None, priority: str | None) -> str:
    del turn, priority
    return f"tickets_{state}" if state in ("late", "waiting", "resolved") else "tickets_open"


def _none(turn: Turn, who: Who | None, owner: Member | None, what: str) -> Sorry:
    if who:
        ids = {name: number for name, number in who.ids.items() if number is not None}
        show_ = Button(turn.say("show_button"), Call("contact.show", ids))
        return Sorry("no_ticket_of", (show_,), name=who.name)
    key = {"tickets_late": "no_late_ticket", "tickets_resolved": "no_resolved_ticket"}.get(what)
    if key is None:
        key = "no_own_ticket" if owner and owner.id == turn.member.id else "no_open_tickets"
    return Sorry(key)
