"""Who fits a description: by company, city, title and tags, or by name."""

from __future__ import annotations

from sqlalchemy import func, select

from handlers.own_fields import fields
from handlers.turn import Turn
from handlers.who import called, nearly_called
from language.folding import fold, letters
from storage.fields import holding
from storage.models import Company, Contact, ContactTag


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
    people = select(Contact).where(Contact.workspace_id == space)
    if company:
        companies = called(turn, Company, company)
        people = people.where(Contact.company_id.in_([row.id for row in companies]))
    if city:
        people = people.where(func.lower(Contact.city) == city.lower())
    if title:
        people = people.where(
            func.lower(Contact.title).contains(title.lower()[:400], autoescape=True)
        )
    for tag in tags:
        tagged = select(ContactTag.id).where(
            ContactTag.workspace_id == space,
            ContactTag.contact_id == Contact.id,
            ContactTag.tag == tag.lower(),
        )
        people = people.where(tagged.exists())
    if query:
        return _named(turn, query)
    found: list[Contact | Company] = list(
        turn.session.scalars(people.order_by(Contact.id.desc()).limit(200))
    )
    if city and not (company or tags or title):
        found += turn.session.scalars(
            select(Company)
            .where(Company.workspace_id == space, func.lower(Company.city) == city.lower())
            .limit(100)
        )
    return found


def _named(turn: Turn, query: str) -> list[Contact | Company]:
    """By name, or the nearest spellings; a word of the query may be a tag."""
    space, key = turn.workspace.id, fold(query)
    found: list[Contact | Company] = []
    found += called(turn, Contact, query)
    found += called(turn, Company, query)
    if not found:
        found += [row for _, row in nearly_called(turn, Contact, query)]
        found += [row for _, row in nearly_called(turn, Company, query)]
    if found:
        return found
    tagged = (
        select(Contact)
        .join(Contact.tag_rows)
        .where(Contact.workspace_id == space, ContactTag.tag == key)
        .limit(100)
    )
    return list(turn.session.scalars(tagged)) or _with_value(turn, query)


def _with_value(turn: Turn, query: str) -> list[Contact | Company]:
    """Whoever has this in a custom field."""
    values = holding(turn.session, fields(turn), letters(query), 10)
    return [
        turn.record(Contact, value.contact_id)
        if value.contact_id
        else turn.record(Company, value.company_id or 0)
        for value in values
    ]
