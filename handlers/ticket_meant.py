"""Which ticket is meant: by its number, its customer, its thread, or what was spoken of."""

from __future__ import annotations

from sqlalchemy import select

from handlers.reply import Button, Call
from handlers.ticket_card import called, ticket_line
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import MANY, Who, companies_meant, contacts_meant, find_who, said_names
from handlers.who import spoken_of as customer_spoken_of
from rules.nudging import KINDS
from storage import queries, turns
from storage.models import Nudge, Outbox, Ticket
from storage.tickets import in_thread, numbered, of_message, open_tickets, tickets_of

_TOPIC = "nudge:"
_SUBJECT = "ticket:"


def find_ticket(turn: Turn, call: Call, *, closed: bool = False) -> Ticket:
    """The one that a call means; asks where several fit. ``closed``: it is settled already, and
    that is what is meant by it being spoken of."""
    if isinstance(call.slots.get("ticket"), int):
        return turn.record(Ticket, call.slots["ticket"])
    if number := call.slots.get("number"):
        found = numbered(turn.session, turn.workspace.id, int(number))
        if found is None:
            raise Sorry("no_such_ticket", (_list(turn),), number=f"#{number}")
        return found
    if said_names(call):
        return _of_customer(turn, call, closed=closed)
    here = ticket_here(turn) or spoken_of(turn)
    if here:
        return here
    who = customer_spoken_of(turn, turn.in_focus)
    rows = _rows(turn, who, closed=closed) if who else _mine(turn, closed=closed)
    return _one(turn, rows, who.name if who else "")


def find_open(turn: Turn, call: Call) -> Ticket:
    """The same, where it is to be settled yet."""
    ticket = find_ticket(turn, call)
    if not ticket.is_open:
        raise Sorry(
            "ticket_is_resolved",
            (turn.button("reopen_button", "ticket.reopen", ticket=ticket.id),),
            number=called(ticket),
        )
    return ticket


def _of_customer(turn: Turn, call: Call, *, closed: bool) -> Ticket:
    people = contacts_meant(turn, call)
    companies = companies_meant(turn, call, people)
    if not people and not companies:
        who = find_who(turn, call)  # asks, or is sorry
        return _one(turn, _rows(turn, who, closed=closed), who.name if who else "")
    firms = [row.id for row in companies]
    rows = _matching(turn, [row.id for row in people], firms, closed=closed)
    name = people[0].name if people else companies[0].name
    return _one(turn, rows, name)


def _rows(turn: Turn, who: Who | None, *, closed: bool) -> list[Ticket]:
    people = [who.contact.id] if who and who.contact else []
    firms = [who.company.id] if who and who.company and not who.contact else []
    return _matching(turn, people, firms, closed=closed)


def _matching(turn: Turn, people: list[int], firms: list[int], *, closed: bool) -> list[Ticket]:
    here = turn.workspace.id
    rows = select(Ticket).where(Ticket.workspace_id == here) if closed else open_tickets(here)
    if closed:
        rows = rows.where(Ticket.status == "resolved")
    found = rows.where(tickets_of(here, people, firms)).order_by(Ticket.id.desc())
    return list(turn.session.scalars(found.limit(MANY)))


def _mine(turn: Turn, *, closed: bool) -> list[Ticket]:
    here = turn.workspace.id
    rows = (
        select(Ticket).where(Ticket.workspace_id == here, Ticket.status == "resolved")
        if closed
        else open_tickets(here)
    )
    own = rows.where(Ticket.owner_id == turn.member.id).order_by(Ticket.id.desc())
    return list(turn.session.scalars(own.limit(MANY)))


def _one(turn: Turn, rows: list[Ticket], name: str) -> Ticket:
    if len(rows) == 1:
        return rows[0]
    if not rows:
        if name:
            new = turn.button("ticket_open_button", "ticket.open", contact=name)
            raise Sorry("no_open_ticket", (new, _list(turn)), name=name)
        raise Sorry("no_tickets", (_list(turn),))
    choices = tuple(
        Choice(ticket_line(turn, row), {"ticket": row.id}, also=str(row.number)) for row in rows
    )
    raise Ask("ask_which_ticket", "ticket", choices=choices)


def _list(turn: Turn) -> Button:
    return turn.button("tickets_button", "ticket.list", state="open")


def spoken_of(turn: Turn) -> Ticket | None:
    """The ticket that was spoken of here last, within the hour."""
    number = turn.in_focus("ticket")
    return queries.get(turn.session, Ticket, turn.workspace.id, number) if number else None


def told_of_last(turn: Turn) -> Ticket | None:
    """The ticket of which the last letter to this member told, today."""
    here = (
        select(Nudge.subject)
        .where(Nudge.workspace_id == turn.workspace.id, Nudge.kind.in_(KINDS))
        .where(Nudge.member_id == turn.member.id, Nudge.to_id.is_(None))
        .where(Nudge.day == turn.today, Nudge.state == "sent")
        .order_by(Nudge.raised_at.desc(), Nudge.id.desc())
        .limit(1)
    )
    subject = turn.session.scalars(here).first() or ""
    if not subject.startswith(_SUBJECT):
        return None
    number = int(subject.removeprefix(_SUBJECT))
    return queries.get(turn.session, Ticket, turn.workspace.id, number)


def has_open(turn: Turn) -> bool:
    """Whether any ticket is the member's own to settle."""
    own = open_tickets(turn.workspace.id).where(Ticket.owner_id == turn.member.id)
    return turn.session.scalars(own.limit(1)).first() is not None


# --- the thread of a ticket -----------------------------------------------------------------------


def ticket_here(turn: Turn) -> Ticket | None:
    """The ticket in whose thread this was said: where it arose, under its card, under a letter
    about it; of Telegram, where nothing has a thread, in answer to a message of these."""
    session, space = turn.session, turn.workspace.id
    if turn.chat.platform == "slack" and turn.thread:
        found = in_thread(session, space, turn.chat.id)
        if found:
            return found
    messages = dict.fromkeys(each for each in (turn.replies_to, turn.thread) if each)
    for message in messages if turn.chat.platform != "telegram" else [turn.replies_to]:
        if message and (found := _of_message(turn, message)):
            return found
    return None


def _of_message(turn: Turn, message: str) -> Ticket | None:
    session, space = turn.session, turn.workspace.id
    chats = turns.chats_of_place(session, turn.chat)
    for chat in chats:
        if found := of_message(session, space, chat, message):
            return found
    told = turns.turn_told_by(session, turn.chat, chats, message)
    told = told or turns.turn_begun_by(session, turn.chat, chats, message)
    number = (told.reading or {}).get("ticket") if told else None
    number = number or _of_letter(turn, message)
    return queries.get(session, Ticket, space, number) if number else None


def _of_letter(turn: Turn, message: str) -> int | None:
    """What a letter to this member was about that the clock wrote."""
    here = select(Outbox.topic).where(
        Outbox.workspace_id == turn.workspace.id,
        Outbox.platform == turn.chat.platform,
        Outbox.sent_as == message,
        Outbox.topic.startswith(_TOPIC),
    )
    for topic in turn.session.scalars(here):
        number = str(topic).removeprefix(_TOPIC)
        nudge = turn.session.get(Nudge, (turn.workspace.id, int(number)))
        if nudge is None or turn.member.id != (nudge.to_id or nudge.member_id):
            continue
        if nudge.subject.startswith(_SUBJECT):
            return int(nudge.subject.removeprefix(_SUBJECT))
    return None
