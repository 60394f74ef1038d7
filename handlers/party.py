"""A customer who may be new: found by name, or made at once, and introduced."""

from __future__ import annotations

from typing import Any

from handlers.alike import asks, twin_of
from handlers.reply import Call, Line, Reply
from handlers.turn import Ask, Choice, Turn
from handlers.who import (
    MANY,
    Who,
    called,
    choices_of,
    in_focus,
    meant,
    recent,
    said_names,
)
from language.folding import fold
from language.sounds import name_keys
from language.voice import one_line
from storage.base import link, none_yet
from storage.models import Company, Contact


class Party(Who):
    """A customer that is made at once where nobody of that name is known yet."""


def find_party(turn: Turn, call: Call, *, optional: bool = False) -> Party | None:
    """The one who was named, made at once if nobody is called so."""
    if not said_names(call):
        return _not_named(turn, call, optional=optional)
    contact_said, company_said = call.slots.get("contact"), call.slots.get("company")
    if not company_said and isinstance(contact_said, str) and not call.slots.get("is_new"):
        who = _known_by_bare_name(turn, call)
        if who:
            return Party(who.contact, who.company)
    company = _company(turn, call, company_said) if company_said else None
    contact = _contact(turn, call, contact_said, company) if contact_said else None
    if contact and not company:
        company = contact.company
    return Party(contact, company)


def _not_named(turn: Turn, call: Call, *, optional: bool) -> Party | None:
    """Who was spoken of last; what can do without anybody asks only where "her" was said."""
    if optional and (call.intent == "contact.add" or not call.slots.get("of_them")):
        return None
    if call.slots.get("no_one"):
        return None
    focused = in_focus(turn)
    if focused:
        return Party(focused.contact, focused.company)
    no_one = (Choice(turn.say("no_one_button"), {"no_one": True}),) if optional else ()
    raise Ask("ask_who", "contact", kind="name", choices=(*recent(turn), *no_one))


def _known_by_bare_name(turn: Turn, call: Call) -> Who | None:
    found = meant(turn, call)
    if len(found) == 1:
        return found[0]
    if found:
        raise ask_or_new(turn, call, found)
    return None


def ask_or_new(turn: Turn, call: Call, found: list[Who]) -> Ask:
    """Which of these was meant, or somebody who is not known yet."""
    fresh = Choice(turn.say("somebody_new"), {"is_new": True})
    return Ask(
        "ask_which",
        "contact",
        choices=(*choices_of(found[: MANY - 1]), fresh),
        name=str(call.slots.get("contact") or call.slots.get("company")),
    )


def _company(turn: Turn, call: Call, said: Any) -> Company:
    if isinstance(said, int):
        return turn.record(Company, said)
    found = called(turn, Company, said)
    if len(found) == 1:
        only: Company = found[0]
        return only
    if found and not call.slots.get("is_new"):
        raise _which_company(turn, str(said), found)
    turn.said_new = turn.said_new or bool(found)
    return new_company(turn, said)


def _which_company(turn: Turn, said: str, found: list[Company]) -> Ask:
    """Only the company is asked for; who was named there stays named."""
    choices = tuple(Choice(company.name, {"company": company.id}) for company in found[: MANY - 1])
    fresh = Choice(turn.say("somebody_new"), {"is_new": True})
    return Ask("ask_which", "company", choices=(*choices, fresh), name=said)


def _contact(turn: Turn, call: Call, said: Any, company: Company | None) -> Contact:
    if isinstance(said, int):
        return turn.record(Contact, said)
    rows: list[Contact] = called(turn, Contact, said, [company.id] if company else None)
    if company and len(rows) == 1:
        return rows[0]
    if company and not rows:
        same = [row for row in called(turn, Contact, said) if row.name_key == fold(said)]
        free = [row for row in same if row.company_id is None]
        if len(free) == 1:
            link(free[0], "company", company)
            return free[0]
    if rows and not call.slots.get("is_new"):
        raise ask_or_new(turn, call, [Who(row) for row in rows])
    turn.said_new = turn.said_new or bool(rows)
    return new_contact(turn, said, company)


def _as_written(name: str) -> str:
    """A name typed in a hurry, without capitals, gets them."""
    name = one_line(name)
    return name.title() if name.isascii() and name.islower() else name


def new_company(turn: Turn, name: str, **more: Any) -> Company:
    company = Company(
        workspace_id=turn.workspace.id,
        **name_keys(_as_written(name)),
        owner_id=turn.member.id,
        created_at=turn.now,
        **more,
    )
    none_yet(company, "own_values")
    turn.session.add(company)
    turn.session.flush()
    turn.newcomers.append(company)
    turn.came.append(company)
    return company


def new_contact(turn: Turn, name: str, company: Company | None = None, **more: Any) -> Contact:
    contact = Contact(
        workspace_id=turn.workspace.id,
        **name_keys(_as_written(name)),
        owner_id=turn.member.id,
        created_at=turn.now,
        **more,
    )
    link(contact, "company", company)
    none_yet(contact, "points", "own_values")
    turn.session.add(contact)
    turn.session.flush()
    turn.newcomers.append(contact)
    turn.came.append(contact)
    return contact


def introduce(turn: Turn) -> Reply:
    """Say which customers are new, and ask about the one that is likeliest known already."""
    if not turn.newcomers:
        return Reply()
    names = [
        row.full_name if isinstance(row, Contact) else row.name
        for row in turn.newcomers
        if isinstance(row, Contact) or not _came_along(turn, row)
    ]
    new = Reply((Line(turn.say("newcomers", names=names), quiet=True),))
    twins = [twin_of(turn, row, certain=turn.said_new) for row in turn.newcomers[:2]]
    turn.newcomers.clear()
    found = [each for each in twins if each]
    likeliest = max(found, key=lambda each: each.verdict.score, default=None)
    return new.and_then(asks(turn, likeliest))


def introduced(turn: Turn, row: Contact | Company | None) -> Reply:
    """The card itself says that this one is new; what is left is whether it is."""
    if row is None or row not in turn.newcomers:
        return Reply()
    turn.newcomers.remove(row)
    return asks(turn, twin_of(turn, row, certain=turn.said_new))


def _came_along(turn: Turn, company: Company) -> bool:
    """Named together with a new person of theirs."""
    return any(isinstance(row, Contact) and row.company_id == company.id for row in turn.newcomers)
