"""What is about somebody: which records of each kind a search of a few words means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from rules.reach_keys import city_key
from storage.called import called, like
from storage.export import Only
from storage.models import (
    Activity,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    Contract,
    Deal,
    Dealing,
    Order,
    Rating,
    Referral,
    Task,
    Ticket,
)

# Tables and not models: what stands in a question within a question is compiled as it is.
CONTACT, COMPANY = Contact.__table__.c, Company.__table__.c
_TAG, _POINT = ContactTag.__table__.c, ContactPoint.__table__.c

NEAR = 0.72
"""Names as alike as this (0 to 1) are meant where nobody is called so."""

SOUNDING = 3
"""Sounds of a city's name from which on it is known in either script."""

Row = TypeVar("Row", bound=Contact | Company)


def about(session: Session, space: int, said: str, key: str) -> Only:
    """Conditions by kind: those who are called so, at a company called so, in a city of that
    name, with that tag, number or address; and what there is with them.

    What is about nobody, stages, fields and products, has none. ``key`` is the folded text. Names
    that are nearly so count where nothing else fits.
    """
    people, companies = _people(session, space, said, key), _companies(session, space, said, key)
    return {
        "contact": [people],
        "company": [companies],
        **with_these(space, people, companies),
    }


def with_these(space: int, people: Any, companies: Any) -> dict[str, list[Any]]:
    """What there is with such people and companies, as conditions by kind."""
    contacts = select(CONTACT.id).where(CONTACT.workspace_id == space, people)
    firms = select(COMPANY.id).where(COMPANY.workspace_id == space, companies)
    kinds: dict[str, type[Dealing]] = {
        "deal": Deal, "order": Order, "contract": Contract, "activity": Activity, "task": Task,
        "ticket": Ticket, "rating": Rating, "referral": Referral,
    }  # fmt: skip
    return {
        name: [or_(kind.contact_id.in_(contacts), kind.company_id.in_(firms))]
        for name, kind in kinds.items()
    }


def _people(session: Session, space: int, said: str, key: str) -> Any:
    plain = said.strip().lower()
    reached = select(_POINT.contact_id).where(_POINT.workspace_id == space, _POINT.value == plain)
    return or_(
        CONTACT.id.in_(_ids(session, Contact, space, key)),
        CONTACT.company_id.in_(_ids(session, Company, space, key)),
        _in_city(CONTACT, plain),
        CONTACT.id.in_(tagged(space, plain.removeprefix("#"))),
        CONTACT.id.in_(reached),
    )


def _in_city(model: Any, plain: str) -> Any:
    """In either script, where the name is long enough to sound like no other."""
    key = city_key(plain) or ""
    return model.city_key == key if len(key) >= SOUNDING else func.lower(model.city) == plain


def tagged(space: int, tag: str) -> Any:
    """Numbers of the people who have a tag."""
    return select(_TAG.contact_id).where(_TAG.workspace_id == space, _TAG.tag == tag.lower())


def _companies(session: Session, space: int, said: str, key: str) -> Any:
    plain = said.strip().lower()
    return or_(
        COMPANY.id.in_(_ids(session, Company, space, key)),
        _in_city(COMPANY, plain),
        COMPANY.phone == plain,
        COMPANY.email == plain,
    )


def _ids(session: Session, kind: type[Row], space: int, key: str) -> Sequence[int]:
    rows = called(session, kind, space, key)
    near = [] if rows else [row for score, row in like(session, kind, space, key) if score >= NEAR]
    return [row.id for row in rows or near]
