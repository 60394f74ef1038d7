"""The next best touch for one customer, with its reason and the way to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from handlers.book import Chapter
from handlers.consent import person, said
from handlers.offers import best_offer
from handlers.outlook_words import reasons
from handlers.reply import Button, Items, Line, Part, Reply, Title
from handlers.sequence_words import bare
from handlers.turn import Turn
from handlers.who import Who
from language.voice import RLM
from rules.next_touch import Facts, ranked
from rules.sequences import due_at, next_step
from rules.touches import CHANNELS, free_at
from storage import queries
from storage.journey_figures import stays_of
from storage.messages import went_to
from storage.models import Activity, Contact, Rating, Sequence, Ticket
from storage.outlook import outlook_of
from storage.people import by_people
from storage.scores import score_of
from storage.sequences import runs_of
from storage.tickets import open_tickets, tickets_of
from storage.touching import Reached, Rules

chapter = Chapter(__name__)

UNHAPPY, LATELY = 2, timedelta(days=30)
"""A rating of so much or less within this time, after which nobody talked to them."""

AT_RISK = ("risk", "lost")

BOUGHT = ("customer", "loyal", "lapsed")


@dataclass
class _Known:
    """What is known of a customer: the facts, and what each of them tells."""

    facts: Facts
    told: dict[str, dict[str, Any]]


@chapter.command("touch.next")
def next_(turn: Turn, who: Who) -> Reply:
    """What is most pressing, why, how they may be reached; and what comes after it."""
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    known = _known(turn, contact)
    wanted = ranked(known.facts)
    first = wanted[0]
    parts: list[Part] = [
        Title(turn.say("touch_title", name=contact.name)),
        Line(turn.say(f"touch_{first}", **known.told.get(first, {}))),
        Line(_way(turn, contact), quiet=True),
    ]
    if more := [each for each in wanted[1:] if each not in ("keep", "lately", "today")][:2]:
        parts.append(Line(turn.say("touch_then")))
        lines = (turn.say(f"touch_{each}", **known.told.get(each, {})) for each in more)
        parts.append(Items(tuple(lines)))
    return Reply(tuple(parts), _buttons(turn, contact, first))


def _known(turn: Turn, contact: Contact) -> _Known:
    space, firm = turn.workspace.id, contact.company_id
    told: dict[str, dict[str, Any]] = {}
    heard = _heard(turn, contact)
    ticket = _ticket(turn, contact)
    if ticket is not None:
        about = {"number": f"#{ticket.number}", "text": turn.voice.apart(ticket.text[:80])}
        told["late_ticket"] = told["open_ticket"] = about
    rating = _rating(turn, contact)
    unhappy = rating is not None and (heard is None or heard.at <= rating.at)
    if rating is not None:
        told["unhappy"] = {"score": rating.score, "day": turn.local_day(rating.at)}
    tasks = queries.open_tasks_of(turn.session, space, [contact.id], [firm] if firm else [])
    due = [task for task in tasks if task.due_day and task.due_day <= turn.today]
    if due:
        told["by_task"] = {"text": turn.voice.apart(due[0].text)}
    deals = queries.deals_of(turn.session, space, [contact.id], [firm] if firm else [])
    if deals:
        told["deal_silent"] = {"deal": turn.voice.apart(deals[0].title or deals[0].buyer)}
        told["deal_step"] = told["deal_silent"]
    silent = (turn.today - heard.on_day).days if heard else None
    if silent is not None:
        told.setdefault("deal_silent", {})["n"] = silent
        told["quiet"] = told["lately"] = {"n": silent}
    elif deals:
        told["deal_silent"]["n"] = (turn.today - turn.local_day(deals[0].created_at)).days
    led = _led(turn, contact)
    if led:
        told["sequence"] = led
    row = outlook_of(turn.session, space, company=firm, contact=contact.id)
    risky = row is not None and row.state in AT_RISK
    if row is not None and risky:
        why = next(reasons(turn, row), "")
        told["risk"] = {"why": turn.voice.told(why) or "—"}
    stays = stays_of(turn.session, space, contact.id)
    lapsed = bool(stays) and stays[-1].stage == "lapsed"
    if lapsed:
        told["lapsed"] = {"day": turn.voice.full_day(turn.local_day(stays[-1].at))}
    offer = best_offer(turn, contact) if row is not None else None
    if offer is not None:
        told["offer"] = {"name": turn.voice.apart(offer.name), "why": offer.why.strip(RLM)}
    scored = score_of(turn.session, space, contact.id)
    score = scored.score if scored else None
    told["lead"] = {"score": score or 0}
    facts = Facts(
        late_ticket=ticket is not None and ticket.is_late(turn.now), open_ticket=ticket is not None,
        unhappy=unhappy, task_due=bool(due), in_sequence=bool(led), deal=bool(deals),
        deal_has_step=bool(tasks), at_risk=risky, lapsed=lapsed,
        bought=bool(stays) and stays[-1].stage in BOUGHT, offer=offer is not None,
        score=score, silent=silent,
    )  # fmt: skip
    return _Known(facts, told)


def _heard(turn: Turn, contact: Contact) -> Activity | None:
    """When somebody last talked with them; what was sent by itself is no talk."""
    query = select(Activity).where(
        Activity.workspace_id == turn.workspace.id, Activity.contact_id == contact.id,
        Activity.kind != "note", by_people(),
    )  # fmt: skip
    return turn.session.scalars(query.order_by(Activity.at.desc()).limit(1)).first()


def _ticket(turn: Turn, contact: Contact) -> Ticket | None:
    """The open one that is due first."""
    space = turn.workspace.id
    firms = [contact.company_id] if contact.company_id else []
    query = open_tickets(space).where(tickets_of(space, [contact.id], firms))
    return turn.session.scalars(query.order_by(Ticket.due_at, Ticket.id).limit(1)).first()


def _rating(turn: Turn, contact: Contact) -> Rating | None:
    """A bad one, of late."""
    query = select(Rating).where(
        Rating.workspace_id == turn.workspace.id, Rating.contact_id == contact.id,
        Rating.at > turn.now - LATELY,
    )  # fmt: skip
    row = turn.session.scalars(query.order_by(Rating.at.desc()).limit(1)).first()
    return row if row is not None and row.score <= UNHAPPY else None


def _led(turn: Turn, contact: Contact) -> dict[str, Any] | None:
    """The sequence that they are in, with the day of its next step."""
    for run in runs_of(turn.session, turn.workspace.id, contact.id):
        row = turn.record(Sequence, run.sequence_id)
        step = next_step(row.plan, run.last_step)
        day: date = turn.today
        if step is not None and run.message_id is None:
            day = turn.local_day(max(due_at(step, run.since), turn.now))
        return {"name": turn.voice.apart(row.name), "day": turn.voice.day(day)}
    return None


def _way(turn: Turn, contact: Contact) -> str:
    """How they may be reached now: what they agreed to, within the cap; else by a call."""
    space = turn.workspace.id
    found = Reached(turn.session, space, [contact]).way(contact, list(CHANNELS))
    phone = contact.phones[0] if contact.phones else None
    if found.way is not None:
        rules = Rules.of(turn.session, space)
        went, waiting = went_to(turn.session, space, contact.id, turn.now)
        free = free_at(went, waiting, rules.most, turn.now) if rules.most else None
        if free == turn.now:
            return turn.say("touch_way", way=said(turn, found.way.channel))
        key = "touch_cap_call" if phone else "touch_cap"
        return turn.say(key, phone=phone or "")
    if phone:
        return turn.say("touch_call", phone=phone)
    return turn.say("touch_no_way")


def _buttons(turn: Turn, contact: Contact, first: str) -> tuple[Button, ...]:
    task = turn.button(
        "task_button", "task.add", contact=contact.id, text=bare(turn, "touch_task")
    )  # fmt: skip
    consent = turn.button("consent_button", "consent.show", contact=contact.id)
    offer = turn.button("what_to_offer_button", "recommend.show", contact=contact.id)
    if first == "offer":
        return (task, offer)
    return (task, consent)
