"""Two records that are one: all that hangs on the second moves to the first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.base import link
from storage.models import Activity, Company, Contact, Deal, Task

WITH_PEOPLE: tuple[type[Any], ...] = (Activity, Deal, Task)
WITH_COMPANIES: tuple[type[Any], ...] = (*WITH_PEOPLE, Contact)


def fold_into(session: Session, kept: Contact | Company, extra: Contact | Company) -> None:
    """Move everything from ``extra`` to ``kept``, fill its gaps, and remove ``extra``."""
    if isinstance(kept, Contact) and isinstance(extra, Contact):
        _contact(session, kept, extra)
    elif isinstance(kept, Company) and isinstance(extra, Company):
        _company(session, kept, extra)
    _own_values(kept, extra)
    session.flush()
    session.expire(extra)
    session.delete(extra)
    session.flush()


def _own_values(kept: Contact | Company, extra: Contact | Company) -> None:
    """What stands in custom fields; where both have something, that of ``kept`` stays."""
    for each in list(extra.own_values):
        if kept.has(each.field) is None:
            kept.keep(each.field, each.value, each.value_key)
        extra.keep(each.field, "", "")


def _contact(session: Session, kept: Contact, extra: Contact) -> None:
    for kind in WITH_PEOPLE:
        for row in session.scalars(
            select(kind).where(kind.workspace_id == extra.workspace_id, kind.contact_id == extra.id)
        ):
            link(row, "contact", kept)
            if kept.company_id and row.company_id in (None, extra.company_id):
                link(row, "company", kept.company)
    for each in list(extra.points):
        kept.reach_by(each.kind, each.value)
    kept.tag(*extra.tags)
    for name in ("title", "city", "source"):
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(extra, name))
    if kept.company_id is None and extra.company_id is not None:
        link(kept, "company", extra.company)


def _company(session: Session, kept: Company, extra: Company) -> None:
    for kind in WITH_COMPANIES:
        for row in session.scalars(
            select(kind).where(kind.workspace_id == extra.workspace_id, kind.company_id == extra.id)
        ):
            link(row, "company", kept)
    for name in ("city", "phone", "email", "source"):
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(extra, name))
