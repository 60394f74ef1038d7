"""How much of a contact is known, whether it is still true, and whether they can be reached so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

WORTH = {"phone": 30, "email": 20, "company": 20, "city": 15, "title": 15}
"""What counts, and how much of the whole it is; the most wanted first."""

STALE = timedelta(days=180)
"""After so long without a touch, numbers, titles and employers are as likely wrong as right."""

Kind = Literal["wrong", "stale", "lacks"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a contact. ``touched_at``: the last activity, or when they were entered."""

    phones: tuple[str, ...]
    emails: tuple[str, ...]
    company: bool
    city: bool
    title: bool
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """``wrong``: a value that cannot be; ``lacks``: a field; ``stale``: nothing heard for long."""

    kind: Kind
    field: str = ""
    value: str = ""


def lacking(known: Known) -> tuple[str, ...]:
    """The fields that are empty, the most wanted first."""
    has = {
        "phone": bool(known.phones),
        "email": bool(known.emails),
        "company": known.company,
        "city": known.city,
        "title": known.title,
    }
    return tuple(field for field in WORTH if not has[field])


def completeness(counts: Mapping[str, int], total: int) -> float:
    """From 0 to 1: of ``total`` contacts so many have each field."""
    if not total:
        return 1.0
    full = sum(WORTH.values()) * total
    return sum(WORTH[field] * min(counts.get(field, 0), total) for field in WORTH) / full


def is_stale(touched_at: datetime, now: datetime) -> bool:
    return now - touched_at > STALE


def faults(known: Known, now: datetime) -> list[Fault]:
    """What is to be mended, the worst first: what is wrong, what may be old, what lacks."""
    found = [Fault("wrong", "phone", each) for each in known.phones if not can_ring(each)]
    found += [Fault("wrong", "email", each) for each in known.emails if not can_arrive(each)]
    found += [Fault("stale")] if is_stale(known.touched_at, now) else []
    return found + [Fault("lacks", field) for field in lacking(known)]


def is_right(kind: str, value: str) -> bool:
    """Whether a phone number or e-mail address can be one."""
    return can_ring(value) if kind == "phone" else can_arrive(value)


def scaled(wrong: int, looked_at: int, total: int) -> int:
    """Of ``total`` about so many are wrong, if of ``looked_at`` so many were."""
    return round(wrong * total / looked_at) if looked_at else 0


@lru_cache(maxsize=20_000)
def can_ring(phone: str) -> bool:
    """Whether a number in international form is one that is given out."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=20_000)
def can_arrive(email: str) -> bool:
    """Whether an address is well formed; nobody is asked whether it lives."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def worst(some: Iterable[Fault], most: int) -> list[Fault]:
    """So many of one contact's faults, of different kinds where there are."""
    by_kind: dict[str, Fault] = {}
    rest: list[Fault] = []
    for fault in some:
        if fault.kind in by_kind:
            rest.append(fault)
        else:
            by_kind[fault.kind] = fault
    return [*by_kind.values(), *rest][:most]
