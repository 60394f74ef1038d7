"""What is read of one customer to foresee them: their purchases, touches and people.

Private contacts, and what hangs on them, are left out of what is told of a company: it is seen by
more than their owner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from rules.loyalty import YEAR
from rules.risk import BEFORE, RECENT
from storage.asking import made_once
from storage.models import Activity, Contact, ContactTag, DealContact, Outlook, Workspace
from storage.people import by_people
from storage.privacy import in_public
from storage.purchases import Customer, purchases
from storage.types import Moment

TOUCHES = 12
"""The latest touches of a customer that are looked at."""

LOOKED_BACK = timedelta(days=400)
DAYS = 400
"""The latest days with a purchase that are kept."""

TOLD = ("call", "meeting", "visit", "email", "message")
"""What counts as a touch; a note is none, but may tell of a complaint."""


HEADS = ("champion", "decision_maker")
"""Parts in a deal of those without whom it would not have been."""


@dataclass(frozen=True, slots=True)
class Touch:
    kind: str
    day: date
    text: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Who is known at a customer: names with their tags, and who of them decides there, or speaks
    for us."""

    tags: dict[str, list[str]]
    champions: frozenset[str] = frozenset()


@contextmanager
def of_customer(session: Session, workspace: Workspace, row: Outlook) -> Iterator[None]:
    """A company as all may see it; a person as whoever may see them."""
    if row.company_id and workspace.keeps_private:
        with in_public(session, workspace.id):
            yield
    else:
        yield


def read_purchases(session: Session, row: Outlook) -> bool:
    """Take on what a customer bought; False where there is nothing."""
    customer = (
        Customer("company", row.company_id)
        if row.company_id
        else Customer("contact", row.contact_id)
    )
    bought = purchases(session, row.workspace_id, customer=customer)
    if not bought:
        return False
    by_day: dict[date, list[int]] = {}
    for each in bought:
        by_day.setdefault(each.day, []).extend([] if each.minor is None else [each.minor])
    days = sorted(by_day)
    sums = [sum(by_day[day]) for day in days if by_day[day]]
    row.orders, row.first_day, row.last_day = len(days), days[0], days[-1]
    row.log_gaps = sum(math.log((then - day).days / 7) for day, then in pairwise(days))
    row.spent_minor, row.priced = sum(sums), len(sums)
    enough = len(sums) >= RECENT + BEFORE
    row.facts = {
        "year": [
            [day.toordinal(), sum(by_day[day])]
            for day in days[-YEAR:]
            if by_day[day] and (days[-1] - day).days <= YEAR + 1
        ],
        "days": [day.toordinal() for day in days[-DAYS:]],
        "recent": round(median(sums[-RECENT:])) if enough else None,
        "before": round(median(sums[:-RECENT])) if enough else None,
    }
    return True


def touches(session: Session, row: Outlook, now: datetime) -> list[Touch]:
    """The latest, the newest first."""
    said = {
        "space": row.workspace_id, "customer": row.company_id or row.contact_id,
        "since": now - LOOKED_BACK,
    }  # fmt: skip
    found = session.execute(_touches(bool(row.company_id)), said)
    return [Touch(*each) for each in found]


@made_once
def _touches(of_company: bool) -> Any:
    space, one = _SPACE, _ONE
    latest: Any = (
        select(Activity.kind, Activity.on_day, Activity.text)
        .where(Activity.workspace_id == space, Activity.at >= bindparam("since", type_=Moment()))
        .where(by_people())
        .order_by(Activity.at.desc())
        .limit(TOUCHES)
    )
    if not of_company:
        return latest.where(Activity.contact_id == one)
    theirs = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id == one)
    return latest.where(or_(Activity.company_id == one, Activity.contact_id.in_(theirs)))


def people(session: Session, row: Outlook) -> People:
    """Those of a company, with their tags."""
    if not row.company_id:
        return People({})
    found = session.execute(_people(), {"space": row.workspace_id, "customer": row.company_id})
    tags: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for number, name, tag in found:
        names[number] = name
        tags.setdefault(number, []).extend([tag] if tag else [])
    if not names:
        return People({})
    heads = (
        select(DealContact.contact_id)
        .where(DealContact.workspace_id == row.workspace_id, DealContact.contact_id.in_(names))
        .where(DealContact.role.in_(HEADS))
    )
    champions = frozenset(names[number] for number in session.scalars(heads) if number in names)
    return People({names[number]: said for number, said in tags.items()}, champions)


_SPACE: Any = bindparam("space", type_=Integer)
_ONE: Any = bindparam("customer", type_=BigInteger)


@made_once
def _people() -> Any:
    tagged = (ContactTag.workspace_id == Contact.workspace_id) & (
        ContactTag.contact_id == Contact.id
    )
    found: Any = select(Contact.id, Contact.name, ContactTag.tag)
    return (
        found.outerjoin(ContactTag, tagged)
        .where(Contact.workspace_id == _SPACE, Contact.company_id == _ONE)
        .limit(100)
    )
