"""What a customer's card shows: who they are, and where things stand with them."""

from __future__ import annotations

from sqlalchemy import select

from handlers.consent import card_row
from handlers.deal_held import role_said
from handlers.finding import deal_line
from handlers.own_fields import own_rows
from handlers.reply import Fields, Items, Line, Part
from handlers.turn import Turn
from handlers.who import Who
from storage import queries
from storage.deal_people import parts_of
from storage.models import Activity, Contact, Task

LATEST = 5
"""Activities on a card."""


def contact_card(turn: Turn, who: Who) -> list[Part]:
    """The profile as labelled values; nothing for what is not known."""
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
    shown = [(turn.say(f"field_{name}"), value) for name, value in rows if value]
    holder = who.contact or who.company
    shown += own_rows(turn, holder) if holder else []
    if who.contact and who.contact.language:
        shown.append((turn.say("field_language"), turn.say(f"tongue_{who.contact.language}")))
    if who.contact and (row := card_row(turn, who.contact)):
        shown.append(row)
    return [Fields(tuple(shown))] if shown else []


def customer_lines(turn: Turn, who: Who) -> list[Part]:
    """Open deals, open tasks, and the latest of what happened."""
    space = turn.workspace.id
    contacts = [who.contact.id] if who.contact else []
    companies = [who.company.id] if who.company and not who.contact else []
    parts: list[Part] = []
    deals = queries.deals_of(turn.session, space, contacts, companies)
    if deals:
        parts += [
            Line(turn.say("open_deals_head")),
            Items(tuple(deal_line(turn, deal) for deal in deals[:LATEST])),
        ]
    parts += _parts_in_deals(turn, contacts)
    tasks = queries.open_tasks_of(turn.session, space, contacts, companies)
    if tasks:
        parts += [
            Line(turn.say("open_tasks_head")),
            Items(tuple(task_line(turn, task) for task in tasks[:LATEST])),
        ]
    happened = _latest(turn, contacts, companies)
    if happened:
        parts += [
            Line(turn.say("latest_head")),
            Items(tuple(activity_line(turn, row) for row in happened)),
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


def task_line(turn: Turn, task: Task, *, of_today: bool = False) -> str:
    """``Friday 27 Nov, 3 pm: call her (Sara Malik)``; on today's list the time is enough."""
    apart = turn.voice.apart
    turn.shows(task, "text", "due_day", "remind_at", "contact_id", "company_id")
    about = f" ({apart(task.about)})" if task.about and task.about not in task.text else ""
    when = f"{turn.voice.due(task.due)}: " if task.due else ""
    if of_today and task.due and task.due.day == turn.today:
        when = f"{turn.voice.clock(task.due.at)}: " if task.due.at else ""
    return turn.voice.told(f"{when}{apart(task.text)}{about}")


def activity_line(turn: Turn, row: Activity) -> str:
    """``Wednesday 25 Nov: meeting, she wants 40 looms``."""
    kind = turn.say(f"kind_{row.kind}").lstrip("\u200f")
    what = turn.voice.beside(kind, row.text).lstrip("\u200f")
    return turn.voice.told(f"{turn.voice.day(row.on_day)}: {what}")
