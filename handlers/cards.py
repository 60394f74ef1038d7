"""What a customer's card shows: who they are, and where things stand with them."""

from __future__ import annotations

from sqlalchemy import select

from handlers import contract_words
from handlers.consent import card_row
from handlers.deal_held import role_said
from handlers.finding import deal_line
from handlers.loyalty import tier_line
from handlers.own_fields import own_rows
from handlers.reply import Fields, Items, Line, Part
from handlers.sequence_cards import card_row as sequences_row
from handlers.ticket_card import ticket_events, ticket_line, tickets_on_card
from handlers.turn import Turn
from handlers.who import Who
from language.voice import RLM
from rules.calendar import Due
from storage import queries
from storage.deal_people import parts_of
from storage.models import Activity, Contact, Task
from storage.ratings import BEST
from storage.renewals import contracts_of
from storage.service import last_score, referrer_name

LATEST = 5
"""Activities on a card."""


def contact_card(turn: Turn, who: Who, *more: tuple[str, str | None]) -> list[Part]:
    """The profile as labelled values, ``more`` first; nothing for what is not known."""
    rows: list[tuple[str, str | None]] = []
    for row in (who.contact or who.company, *(who.contact.points if who.contact else ())):
        if row is not None:
            turn.shows(row)
    if who.contact:
        contact = who.contact
        rows = [
            ("company", contact.company.name if contact.company else None),
            ("title", contact.title),
            ("phone", turn.voice.beside(*contact.phones)),
            ("email", turn.voice.beside(*contact.emails)),
            ("city", contact.city),
            ("source", contact.source),
            ("tags", turn.voice.beside(*contact.tags)),
        ]
    elif who.company:
        company = who.company
        people = turn.session.scalars(
            select(Contact)
            .where(Contact.workspace_id == company.workspace_id, Contact.company_id == company.id)
            .order_by(Contact.id)
            .limit(8)
        )
        rows = [
            ("people", turn.voice.listed([person.name for person in people])),
            ("phone", company.phone),
            ("email", company.email),
            ("city", company.city),
            ("source", company.source),
        ]
    rows += _from_service(turn, who)
    shown = [(turn.say(f"field_{name}"), value) for name, value in (*more, *rows) if value]
    holder = who.contact or who.company
    shown += own_rows(turn, holder) if holder else []
    if who.contact and who.contact.language:
        shown.append((turn.say("field_language"), turn.say(f"tongue_{who.contact.language}")))
    if who.contact and (row := card_row(turn, who.contact)):
        shown.append(row)
    if who.contact and (row := sequences_row(turn, who.contact)):
        shown.append(row)
    return [Fields(tuple(shown))] if shown else []


def _from_service(turn: Turn, who: Who) -> list[tuple[str, str | None]]:
    """By whom they came, and how happy they were last."""
    ids = (who.contact.id if who.contact else None, None if who.contact else who.ids["company"])
    score = last_score(turn.session, turn.workspace.id, *ids)
    told = turn.piece("score_of", score=score, best=BEST) if score else None
    return [
        ("referred_by", referrer_name(turn.session, turn.workspace.id, *ids)),
        ("satisfaction", told),
    ]


def customer_lines(turn: Turn, who: Who) -> list[Part]:
    """Open deals, open tasks, and the latest of what happened."""
    space = turn.workspace.id
    contacts = [who.contact.id] if who.contact else []
    companies = [who.company.id] if who.company and not who.contact else []
    parts: list[Part] = []
    if tier := tier_line(turn, who):
        parts.append(Line(tier))
    deals = queries.deals_of(turn.session, space, contacts, companies)
    if deals:
        parts += [
            Line(turn.say("open_deals_head")),
            Items(tuple(deal_line(turn, deal) for deal in deals[:LATEST])),
        ]
    parts += _parts_in_deals(turn, contacts)
    agreed = contracts_of(
        turn.session, space,
        contact=who.contact.id if who.contact else None,
        company=who.company.id if who.company else None,
    )  # fmt: skip
    if agreed:
        lines = tuple(contract_words.line(turn, row) for row in agreed[:LATEST])
        parts += [Line(turn.say("contracts_head")), Items(lines)]
    tasks = queries.open_tasks_of(turn.session, space, contacts, companies)
    if tasks:
        parts += [
            Line(turn.say("open_tasks_head")),
            Items(tuple(task_line(turn, task) for task in tasks[:LATEST])),
        ]
    tickets = tickets_on_card(turn, contacts, companies)
    open_ones = [row for row in tickets if row.is_open]
    if open_ones:
        parts += [
            Line(turn.say("open_tickets_head")),
            Items(tuple(ticket_line(turn, row, named=False) for row in open_ones[:LATEST])),
        ]
    told = [
        *((row.at, activity_line(turn, row)) for row in _latest(turn, contacts, companies)),
        *(event for row in tickets for event in ticket_events(turn, row)),
    ]
    if told:
        told.sort(key=lambda each: each[0], reverse=True)
        parts += [
            Line(turn.say("latest_head")),
            Items(tuple(line for _, line in told[:LATEST])),
        ]
    return parts or [Line(turn.say("nothing_yet_with", name=who.name), quiet=True)]


def _parts_in_deals(turn: Turn, contacts: list[int]) -> list[Part]:
    """Open deals with somebody else in which they have a part, and as what."""
    rows = parts_of(turn.session, turn.workspace.id, contacts) if contacts else []
    lines = []
    for row in rows[:LATEST]:
        turn.shows(row)
        lines.append(turn.voice.beside(deal_line(turn, row.deal), role_said(turn, row.role)))
    return [Line(turn.say("in_deals_head")), Items(tuple(lines))] if lines else []


def _latest(turn: Turn, contacts: list[int], companies: list[int]) -> list[Activity]:
    return list(
        turn.session.scalars(
            select(Activity)
            .where(
                Activity.workspace_id == turn.workspace.id,
                queries.with_any(Activity, turn.workspace.id, contacts, companies),
            )
            .order_by(Activity.at.desc(), Activity.id.desc())
            .limit(LATEST)
        )
    )


def task_line(turn: Turn, task: Task, due: Due | None = None, *, of_today: bool = False) -> str:
    """``Friday 27 Nov, 3 pm: call her (Sara Malik)``; on today's list the time is enough. ``due``:
    for when it is told, where it has gone on since."""
    due = due or task.due
    apart = turn.voice.apart
    turn.shows(task, "text", "due_day", "remind_at", "contact_id", "company_id")
    about = f" ({apart(task.about)})" if task.about and task.about not in task.text else ""
    when = f"{turn.voice.due(due)}: " if due else ""
    if of_today and due and due.day == turn.today:
        when = f"{turn.voice.clock(due.at)}: " if due.at else ""
    return turn.voice.told(f"{when}{apart(task.text)}{about}")


def activity_line(turn: Turn, row: Activity) -> str:
    """``Wednesday 25 Nov: meeting, she wants 40 looms``."""
    kind = turn.piece(f"kind_{row.kind}")
    what = turn.voice.beside(kind, row.text).lstrip(RLM)
    return turn.voice.told(f"{turn.voice.day(row.on_day)}: {what}")
