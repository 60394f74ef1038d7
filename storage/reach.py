"""Who is reached at a number or address of which the last digits, or the domain, were said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from rules.reach_keys import reach_key
from storage.asking import asked, made_once
from storage.base import Base
from storage.models import Company, Contact, ContactPoint

MOST = 100
"""People, and companies, with one ending that are given at most."""

SHORTEST = 4
"""Digits, or letters of a domain, that tell somebody from others."""

_END = "\U0010ffff"


def ends_with(session: Session, space: int, digits: str) -> list[Contact | Company]:
    """Whose phone number ends with these digits."""
    return _reached(session, space, reach_key(digits) or "", Company.phone_key)


def at_address(session: Session, space: int, said: str) -> list[Contact | Company]:
    """Whose e-mail address is this one, or at a domain that begins so: ``nishat.pk``."""
    name, _, domain = said.casefold().rpartition("@")
    key = reach_key(said) if name and domain else domain
    return _reached(session, space, key or "", Company.email_key)


def is_city(session: Session, space: int, key: str) -> bool:
    """Whether anybody is in a city that sounds so."""
    found = asked(session, _in_city(), {"space": space, "key": key})
    return found.first() is not None


@made_once
def _in_city() -> Select[Any]:
    person = Base.metadata.tables["contact"]
    here = (person.c.workspace_id == bindparam("space"), person.c.city_key == bindparam("key"))
    return select(person.c.id).where(*here).limit(1)


def _reached(session: Session, space: int, key: str, of_company: Any) -> list[Contact | Company]:
    """People, then companies, the newest first."""
    if len(key) < SHORTEST:
        return []
    points = select(ContactPoint.contact_id).where(
        ContactPoint.workspace_id == space, *_begins(ContactPoint.value_key, key)
    )
    people = select(Contact).where(
        Contact.workspace_id == space, Contact.id.in_(points.limit(MOST))
    )
    companies = select(Company).where(Company.workspace_id == space, *_begins(of_company, key))
    newest = (Company.id + 0).desc()  # so that no planner walks through all ids for the order
    return [
        *session.scalars(people.order_by(Contact.id.desc())),
        *session.scalars(companies.order_by(newest).limit(MOST)),
    ]


def _begins(column: Any, key: str) -> tuple[Any, Any]:
    return column >= key, column < key + _END
