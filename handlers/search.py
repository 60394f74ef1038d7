"""Who fits a description: by name, company, city, title and tags, together or alone."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from handlers.among import FOUND, among, one_of_these
from handlers.own_fields import fields
from handlers.turn import Turn
from handlers.who import EVERY, called, companies_numbered, nearly_called
from language.folding import ascii_digits, fold, letters
from rules.reach_keys import city_key
from storage import reach
from storage.fields import holding
from storage.models import Company, Contact, ContactTag
from storage.titles import titled

TAGGED = 5000
"""People with a tag that are looked through, the newest."""

TITLED = 400
"""People with a title that are looked through."""


def search(
    turn: Turn,
    company: str | None,
    city: str | None,
    tags: list[str],
    title: str | None,
    query: str | None,
) -> list[Contact | Company]:
    """People, and companies where nothing personal was asked for, newest first."""
    space = turn.workspace.id
    if query and not (company or city or tags or title):
        return _named(turn, query)
    people = select(Contact).where(Contact.workspace_id == space)
    if company:
        people = people.where(
            one_of_these(turn, Contact.company_id, companies_numbered(turn, company))
        )
    if city:
        people = people.where(Contact.city_key == city_key(city))
    if title and (company or city or tags):
        people = people.where(
            func.lower(Contact.title).contains(title.lower()[:400], autoescape=True)
        )
    elif title:
        ids = titled(turn.session, space, title, TITLED)
        people = people.where(one_of_these(turn, Contact.id, ids))
    for tag in tags:
        people = people.where(Contact.id.in_(_tagged(space, tag.lower())))
    if query:
        return [*among(turn, people, query)]
    newest = Contact.id if city else Contact.id + 0  # else all ids are walked for the order
    found: list[Contact | Company] = list(
        turn.session.scalars(people.order_by(newest.desc()).limit(FOUND))
    )
    if city and not (company or tags or title):
        found += companies_in(turn, city)
    return found


def companies_in(turn: Turn, city: str) -> list[Company]:
    there = select(Company).where(
        Company.workspace_id == turn.workspace.id, Company.city_key == city_key(city)
    )
    return list(turn.session.scalars(there.order_by(Company.id.desc()).limit(FOUND // 2)))


def _tagged(space: int, tag: str) -> Select[int]:
    tagged = select(ContactTag.contact_id).where(
        ContactTag.workspace_id == space, ContactTag.tag == tag
    )
    return tagged.order_by(ContactTag.contact_id.desc()).limit(TAGGED)


def is_tag(turn: Turn, tag: str) -> bool:
    """Whether anybody has it."""
    return turn.session.scalar(_tagged(turn.workspace.id, tag).limit(1)) is not None


def _named(turn: Turn, query: str) -> list[Contact | Company]:
    """By name, or the nearest spellings; it may be a tag, or the end of a number."""
    space, key = turn.workspace.id, fold(query)
    found: list[Contact | Company] = []
    found += called(turn, Contact, query, most=EVERY)
    found += called(turn, Company, query, most=EVERY)
    if not found:
        found += [row for _, row in nearly_called(turn, Contact, query)]
        found += [row for _, row in nearly_called(turn, Company, query)]
    if found:
        return found
    tagged = select(Contact).where(
        Contact.workspace_id == space, Contact.id.in_(_tagged(space, key))
    )
    people = tagged.order_by(Contact.id.desc()).limit(FOUND // 2)
    return list(turn.session.scalars(people)) or reached(turn, query) or _with_value(turn, query)


def reached(turn: Turn, said: str) -> list[Contact | Company]:
    """Whose number ends so, or whose address is at this domain."""
    session, space, said = turn.session, turn.workspace.id, ascii_digits(said).strip()
    digits = "".join(filter(str.isdecimal, said))
    if digits and not any(map(str.isalpha, said)):
        local = digits.lstrip("0")  # of 0300 and 0092, as it is kept after the +
        found = reach.ends_with(session, space, digits)
        return found or reach.ends_with(session, space, local if local != digits else "")
    return reach.at_address(session, space, said) if " " not in said else []


def _with_value(turn: Turn, query: str) -> list[Contact | Company]:
    """Whoever has this in a custom field."""
    values = holding(turn.session, fields(turn), letters(query), 10)
    return [
        turn.record(Contact, value.contact_id)
        if value.contact_id
        else turn.record(Company, value.company_id or 0)
        for value in values
    ]
