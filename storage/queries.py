"""The questions that more than one room asks. Each is led by its workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union_all
from sqlalchemy.orm import Session

from storage.lasting import once, outdated
from storage.merged import merged_into
from storage.models import (
    Company,
    Contact,
    ContactPoint,
    Deal,
    Member,
    Recorded,
    Setting,
    Task,
    Workspace,
)

Row = TypeVar("Row", bound=Recorded)

CANDIDATES = 400
"""Rows that are looked at closely at most."""

# Where nothing is said of it, SQLite puts nulls first and PostgreSQL last.
MOST_URGENT = (
    *(Task.due_day.is_(None), Task.due_day),
    *(Task.due_time.is_(None), Task.due_time, Task.id),
)
"""How tasks are ordered."""


def get(session: Session, kind: type[Row], workspace_id: int, row_id: int | None) -> Row | None:
    """The record of that number; of one that was merged, the one that it is now."""
    if row_id is None:  # the database would look for it
        return None
    row = session.get(kind, (workspace_id, row_id))
    if row is None and kind in (Contact, Company):
        table = "contact" if kind is Contact else "company"
        now = merged_into(session, table, workspace_id, row_id)
        return session.get(kind, (workspace_id, now)) if now else None
    return row


def setting(session: Session, workspace_id: int, name: str) -> Setting | None:
    return settings(session, workspace_id).get(name)


def settings(session: Session, workspace_id: int) -> dict[str, Setting]:
    """Those of the whole workspace that were changed in chat, by name."""

    def look() -> dict[str, Setting]:
        return {row.name: row for row in session.scalars(_in(Setting, workspace_id))}

    return once(session, ("settings", workspace_id), look)


def put_setting(session: Session, workspace_id: int, name: str, value: str) -> None:
    """Change a setting of the whole workspace."""
    row = setting(session, workspace_id, name)
    if row is None:
        session.add(Setting(workspace_id=workspace_id, name=name, value=value))
        session.flush()
        outdated(session)
    else:
        row.value = value


def workspace_named(session: Session, name: str) -> Workspace | None:
    return session.scalars(select(Workspace).where(Workspace.name == name)).first()


def members(session: Session, workspace_id: int) -> list[Member]:
    return list(
        session.scalars(
            select(Member)
            .where(Member.workspace_id == workspace_id, Member.active)
            .order_by(Member.id)
        )
    )


def one_at_a_time(session: Session, workspace_id: int) -> None:
    """Hold a workspace until the transaction ends: of two who name somebody new at once, the
    second finds what the first made. (SQLite lets one write at a time anyway.)"""
    if session.get_bind().dialect.name == "sqlite":
        return
    workspace = select(Workspace.id).where(Workspace.id == workspace_id)
    session.execute(workspace.with_for_update(key_share=True))


def reached_at(
    session: Session, kind: type[Contact | Company], workspace_id: int, value: str
) -> list[Any]:
    """People or companies with this phone number or e-mail address."""
    there = (
        or_(Company.phone == value, Company.email == value)
        if kind is Company
        else Contact.points.any(ContactPoint.value == value)
    )
    query = _in(kind, workspace_id).where(there).order_by(kind.id.desc())
    return list(session.scalars(query.limit(CANDIDATES)))


def _in(kind: type[Any], workspace_id: int) -> Select[Any]:
    return select(kind).where(kind.workspace_id == workspace_id)


def deals_of(
    session: Session,
    workspace_id: int,
    contacts: Sequence[int] = (),
    companies: Sequence[int] = (),
    *,
    status: str | None = "open",
) -> list[Deal]:
    """Deals with any of these people, or with any of these companies and their people."""
    people = select(Contact.id).where(
        Contact.workspace_id == workspace_id, Contact.company_id.in_(companies)
    )
    query = _in(Deal, workspace_id).where(
        or_(
            Deal.contact_id.in_(contacts),
            Deal.company_id.in_(companies),
            and_(Deal.company_id.is_(None), Deal.contact_id.in_(people)),
        )
    )
    if status:
        query = query.where(Deal.status == status)
    return list(session.scalars(query.order_by(Deal.id.desc()).limit(50)))


def with_any(
    kind: type[Any], workspace_id: int, contacts: Sequence[int], companies: Sequence[int]
) -> ColumnElement[bool]:
    """Whether it is about any of these people or companies: each is looked up by its own index,
    which SQLite would not do for one OR the other."""
    there = kind.__table__.alias().c
    found = [
        select(there.id).where(there.workspace_id == workspace_id, column.in_(numbers))
        for column, numbers in ((there.contact_id, contacts), (there.company_id, companies))
        if numbers
    ]
    about: ColumnElement[bool] = kind.id.in_(union_all(*found)) if found else false()
    return about


def open_tasks_of(
    session: Session, workspace_id: int, contacts: Sequence[int], companies: Sequence[int]
) -> list[Task]:
    """Open tasks about any of these people or companies, the most urgent first."""
    return list(
        session.scalars(
            _in(Task, workspace_id)
            .where(Task.status == "open", with_any(Task, workspace_id, contacts, companies))
            .order_by(*MOST_URGENT)
            .limit(50)
        )
    )


def newest_deals(session: Session, workspace_id: int, limit: int) -> list[Deal]:
    """The open deals entered last."""
    return list(
        session.scalars(
            _in(Deal, workspace_id)
            .where(Deal.status == "open")
            .order_by(Deal.id.desc())
            .limit(limit)
        )
    )


def tasks_of_member(session: Session, member: Member, limit: int = 100) -> list[Task]:
    """A member's open tasks, the most urgent first."""
    return list(
        session.scalars(
            _in(Task, member.workspace_id)
            .where(Task.owner_id == member.id, Task.status == "open")
            .order_by(*MOST_URGENT)
            .limit(limit)
        )
    )
