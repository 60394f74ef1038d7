"""Who of a segment may be advertised to and is known by what, and what leads of a source bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import phonenumbers
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from rules.audiences import Person, reached_by
from rules.countries import code_of
from rules.money import Money
from rules.segments import Test
from rules.segments.fields import CALLED
from storage.consent import Consent, consents
from storage.models import Contact, CustomField, CustomValue, Deal
from storage.segment_events import Such
from storage.segment_query import Query

AT_ONCE = 500

MOST = 5_000
"""People in a file of the chat: while one is written, on SQLite nobody else is served."""

BY_MAIL = ("email",)
BY_PHONE = ("whatsapp", "sms")
"""The consents by which an address, or a number, may be used. Telegram's is for a chat alone."""

ZIPS = frozenset({
    "zip", "zip code", "zipcode", "postal code", "postcode", "post code", "postal", "pin code",
    "زپ کوڈ", "پوسٹل کوڈ", "ڈاک کوڈ",
})  # fmt: skip
"""What a team's own field for it may be called."""

Buyer = tuple[int, int]
"""A company, or 0 and the number of a single person."""


@dataclass
class Reached:
    """Who comes into a file, with the numbers of their records, and why others do not: ``reasons``
    are no_consent, opted_out and no_such_address. ``more``: there are more than a file holds."""

    people: list[tuple[Person, Contact]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    more: bool = False

    @property
    def persons(self) -> list[Person]:
        return [person for person, _ in self.people]


def reached(session: Session, space: int, chosen: Select[int], platform: str) -> Reached:
    """Of the chosen, in which no private contacts may be, those who agreed to be written to and
    whom the platform can know again by what they agreed to be reached at."""
    found = Reached()
    ids = list(session.scalars(chosen.order_by(Contact.id).limit(MOST + 1)))
    found.more = len(ids) > MOST
    own = _own_fields(session, space)
    for begin in range(0, min(len(ids), MOST), AT_ONCE):
        some = ids[begin : min(begin + AT_ONCE, MOST)]
        agreed = consents(session, space, some)
        values = _values(session, space, some, own)
        rows = session.scalars(
            select(Contact)
            .where(Contact.workspace_id == space, Contact.id.in_(some), ~Contact.private)
            .options(selectinload(Contact.points))
            .order_by(Contact.id)
        )
        for row in rows:
            person = _person(row, agreed, values.get(row.id, {}))
            if isinstance(person, str):
                found.left_out[person] += 1
            elif not reached_by(platform, person):
                found.left_out["no_such_address"] += 1
            else:
                found.people.append((person, row))
    return found


def _person(
    row: Contact, agreed: Mapping[tuple[int, str], Consent], values: Mapping[str, str]
) -> Person | str:
    """With the addresses alone that they agreed to; or why not at all."""
    words = [agreed.get((row.id, way)) for way in (*BY_MAIL, *BY_PHONE)]
    granted = {word.channel for word in words if word is not None and word.granted}
    if not granted:
        refused = any(word is not None for word in words)
        return "opted_out" if refused else "no_consent"
    emails = tuple(row.emails) if not granted.isdisjoint(BY_MAIL) else ()
    phones = tuple(row.phones) if not granted.isdisjoint(BY_PHONE) else ()
    return Person(
        name=row.name, emails=emails, phones=phones,
        city=row.city or (row.company.city if row.company and row.company.city else ""),
        country=code_of(values.get("country", "")) or _dialled_from(row.phones),
        zip=values.get("zip", ""), title=row.title or "",
        company=row.company.name if row.company else "",
    )  # fmt: skip


def _dialled_from(phones: Sequence[str]) -> str:
    """The country of the first number that tells one."""
    for phone in phones:
        try:
            code = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
        except phonenumbers.NumberParseException:
            continue
        if code and code.isalpha() and len(code) == 2:
            return code
    return ""


def _own_fields(session: Session, space: int) -> dict[int, str]:
    """The team's own fields for a country or zip, by their numbers."""
    found = {}
    rows = session.scalars(select(CustomField).where(CustomField.workspace_id == space))
    for each in rows:
        names = {each.name.casefold().replace("_", " "), each.key.casefold().replace("_", " ")}
        if each.active and names & ZIPS:
            found[each.id] = "zip"
        elif each.active and not names.isdisjoint(CALLED["country"]):
            found[each.id] = "country"
    return found


def _values(
    session: Session, space: int, ids: Sequence[int], own: Mapping[int, str]
) -> dict[int, dict[str, str]]:
    if not own:
        return {}
    query = select(CustomValue.contact_id, CustomValue.field_id, CustomValue.value).where(
        CustomValue.workspace_id == space,
        CustomValue.contact_id.in_(ids),
        CustomValue.field_id.in_(list(own)),
    )
    found: dict[int, dict[str, str]] = {}
    for contact, number, value in session.execute(query):
        if contact and value:
            found.setdefault(contact, {})[own[number]] = value
    return found


# --- what customers have brought ------------------------------------------------------------------


@dataclass(frozen=True)
class Brought:
    """What each buyer has brought so far, in minor units of the workspace's ``currency``; whoever
    bought something without an amount has brought nothing, but bought."""

    by_buyer: Mapping[Buyer, int]
    currency: str

    def of(self, row: Contact) -> int:
        return self.by_buyer.get(buyer_of(row), 0)


def buyer_of(row: Contact) -> Buyer:
    return (row.company_id, 0) if row.company_id else (0, row.id)


def brought(session: Session, space: int, now: datetime, zone: str) -> Brought:
    """Of all buyers of the workspace; what is others' private is left out."""
    query = Query(session, space, now, zone, None)
    events = query.events.purchases(Such(), query.worth.of)
    by_firm = select(events.c.company, func.sum(events.c.minor)).where(
        events.c.company.is_not(None)
    )
    alone = select(events.c.person, func.sum(events.c.minor)).where(
        events.c.company.is_(None), events.c.person.is_not(None)
    )
    found: dict[Buyer, int] = {}
    for company, minor in session.execute(by_firm.group_by(events.c.company)):
        found[company, 0] = int(minor or 0)
    for person, minor in session.execute(alone.group_by(events.c.person)):
        found[0, person] = int(minor or 0)
    return Brought(found, query.worth.currency)


BEST = 5
"""The best are one of so many."""


def valued(there: Reached, worth: Brought) -> Reached:
    """Those who have brought anything, the most first, each with their share of what their company
    has: so the values add up to what was sold."""
    shares = Counter(buyer_of(row) for _, row in there.people)
    found = []
    for person, row in there.people:
        minor = worth.of(row) // shares[buyer_of(row)]
        if minor > 0:
            told = f"{Money(minor, worth.currency).amount:f}"
            found.append((minor, replace(person, value=told), row))
    found.sort(key=lambda each: (-each[0], each[2].id))
    return Reached([(person, row) for _, person, row in found], there.left_out, there.more)


def best(there: Reached, *, valued: bool) -> Reached:
    """The best fifth of those; with their values, or without."""
    many = -(-len(there.people) // BEST)
    kept = [
        (person if valued else replace(person, value=""), row)
        for person, row in there.people[:many]
    ]
    return Reached(kept, there.left_out, there.more)


# --- leads of a source ----------------------------------------------------------------------------


def from_source(
    session: Session, space: int, names: Sequence[str], labels: Sequence[int], now: datetime,
    zone: str,
) -> Select[int]:  # fmt: skip
    """Contacts that came from a source: their own says so, their company's, or that of a deal."""
    said = Query(session, space, now, zone, None).select(Test("source", "=", tuple(names)))
    query = select(Contact.id).where(Contact.workspace_id == space, ~Contact.private)
    if not labels:
        return query.where(Contact.id.in_(said))
    of_deal = (Deal.workspace_id == space, Deal.source_id.in_(labels))
    people = select(Deal.contact_id).where(*of_deal, Deal.contact_id.is_not(None))
    firms = select(Deal.company_id).where(*of_deal, Deal.company_id.is_not(None))
    return query.where(
        or_(Contact.id.in_(said), Contact.id.in_(people), Contact.company_id.in_(firms))
    )


def leads(session: Session, space: int, chosen: Select[int] | None) -> Iterator[Buyer]:
    """The leads among the chosen, or all of the workspace: a company counts once."""
    here = [Contact.workspace_id == space, ~Contact.private]
    if chosen is not None:
        here.append(Contact.id.in_(chosen))
    firms = select(Contact.company_id).where(*here, Contact.company_id.is_not(None)).distinct()
    alone = select(Contact.id).where(*here, Contact.company_id.is_(None))
    yield from ((number, 0) for number in session.scalars(firms) if number)
    yield from ((0, number) for number in session.scalars(alone))
