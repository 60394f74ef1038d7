"""What a workspace keeps as plain records, all or some of it: read only, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from storage import pinned
from storage.database import MODE
from storage.models import (
    Activity,
    Company,
    Contact,
    ContactPoint,
    CustomField,
    Deal,
    Member,
    Stage,
    Task,
    Workspace,
)
from storage.scope import EVERYWHERE, OPTION, within
from storage.stages import are_usual, stages_of

BATCH = 500

Record = dict[str, Any]
Names = dict[int | None, str]
"""Members' names by id."""

Only = Mapping[str, Sequence[Any]]
"""What records of a kind must fulfil, as conditions; a kind that is not named, nothing."""

NOTES = 20
"""Notes that are told of one contact at most, the latest."""


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment throughout and keeps nobody from writing."""
    snapshot = create_engine(engine.url) if engine.dialect.name == "sqlite" else engine
    if snapshot is not engine:

        @event.listens_for(snapshot, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA query_only=ON").close()

        @event.listens_for(snapshot, "begin")
        def _on_begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN")

        pinned.guard(snapshot)
    mode = {MODE: "ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    try:
        bound = snapshot.execution_options(**{OPTION: EVERYWHERE}, **mode)
        with Session(bound) as session:
            yield session
    finally:
        if snapshot is not engine:
            snapshot.dispose()


def workspaces(session: Session, name: str | None = None) -> list[Workspace]:
    """All workspaces, or the one of that name, in order of their making."""
    query = select(Workspace).order_by(Workspace.id)
    if name is not None:
        query = query.where(Workspace.name == name)
    return list(session.scalars(query))


def records(
    session: Session, spaces: Sequence[Workspace], kinds: Sequence[str], only: Only | None = None
) -> Iterator[Record]:
    """The records of these kinds, workspace by workspace, in order of their making.

    Each says its ``type`` first; its ``workspace`` last, where there are several. Stages are told
    of where a team has changed the usual ones.
    """
    for space in spaces:
        with within(session, space.id):
            for kind in kinds:
                for record in of_kind(session, space.id, kind, (only or {}).get(kind, ())):
                    yield {**record, "workspace": space.name} if len(spaces) > 1 else record


def of_kind(
    session: Session,
    space: int,
    kind: str,
    conditions: Sequence[Any] = (),
    *,
    limit: int | None = None,
) -> Iterator[Record]:
    """The records of one kind in the workspace that the session sees, in order of their making.

    With a ``limit`` the newest of them.
    """
    if kind == "stage" and are_usual(stages_of(session, space)):
        return
    model, options, shape = KINDS[kind]
    names: Names = {
        member.id: member.name
        for member in session.scalars(select(Member).where(Member.workspace_id == space))
    }
    query = select(model).where(model.workspace_id == space, *conditions)
    if limit is not None:
        newest = query.with_only_columns(model.id).order_by(model.id.desc()).limit(limit)
        query = query.where(model.id.in_(newest))
    query = (
        query.options(*options)
        .order_by(*(model.position,) if model is Stage else (), model.id)
        .execution_options(yield_per=BATCH)
    )
    for row in session.scalars(query):
        yield {"type": kind, "id": row.id, **shape(row, names)}


def count(session: Session, space: int, kind: str, conditions: Sequence[Any] = ()) -> int:
    """How many records of a kind there are."""
    model = KINDS[kind][0]
    query = select(func.count(model.id)).where(model.workspace_id == space, *conditions)
    return session.scalar(query) or 0


def widest(session: Session, space: int) -> dict[str, int]:
    """How many phones and e-mails one contact has at most."""
    of_each = (
        select(ContactPoint.kind, func.count().label("n"))
        .where(ContactPoint.workspace_id == space)
        .group_by(ContactPoint.contact_id, ContactPoint.kind)
        .subquery()
    )
    query = select(of_each.c.kind, func.max(of_each.c.n)).group_by(of_each.c.kind)
    return {f"{kind}s": int(most) for kind, most in session.execute(query)}


def with_notes(session: Session, space: int, some: Iterator[Mapping[str, Any]]) -> Iterator[Record]:
    """Contacts with what was noted of them, the latest first, under ``notes``."""
    while batch := list(islice(some, BATCH)):
        query = (
            select(Activity.contact_id, Activity.text)
            .where(
                Activity.workspace_id == space,
                Activity.contact_id.in_([record["id"] for record in batch]),
                Activity.kind == "note",
                Activity.text.is_not(None),
            )
            .order_by(Activity.at.desc(), Activity.id.desc())
        )
        notes: dict[int | None, list[str]] = {}
        for contact, text in session.execute(query):
            notes.setdefault(contact, []).append(text or "")
        for record in batch:
            yield {**record, "notes": notes.get(record["id"], [])[:NOTES]}


def _stage(row: Stage, _names: Names) -> Record:
    return {
        "key": row.key,
        "name": row.name or row.key,
        "position": row.position + 1,
        "probability": row.probability,
        "days": row.days,
        "active": row.active,
    }


def _field(row: CustomField, _names: Names) -> Record:
    return {
        "key": row.key,
        "name": row.name,
        "for": row.subject,
        "kind": row.kind,
        "choices": row.choices,
        "active": row.active,
    }


def _company(row: Company, names: Names) -> Record:
    return {
        "name": row.name,
        "city": row.city,
        "phone": row.phone,
        "email": row.email,
        "source": row.source,
        "fields": _own(row),
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        **_once_called(row),
    }


def _contact(row: Contact, names: Names) -> Record:
    return {
        "name": row.name,
        "company": _name(row.company),
        "company_id": row.company_id,
        "title": row.title,
        "phones": row.phones,
        "emails": row.emails,
        "city": row.city,
        "source": row.source,
        "tags": row.tags,
        "fields": _own(row),
        "private": row.private,
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        **_once_called(row),
    }


def _deal(row: Deal, names: Names) -> Record:
    return {
        "title": row.title,
        **_customer(row),
        "quantity": row.quantity,
        "amount": row.amount.plain() if row.amount else None,
        "currency": row.currency,
        "stage": row.stage,
        "status": row.status,
        "reason": row.reason,
        "close": row.close_day.isoformat() if row.close_day else None,
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        "closed_at": _moment(row.closed_at),
    }


def _activity(row: Activity, names: Names) -> Record:
    return {
        "kind": row.kind,
        **_customer(row),
        "text": row.text,
        "at": _moment(row.at),
        "day": row.on_day.isoformat(),
        "by": names.get(row.by_id),
    }


def _task(row: Task, names: Names) -> Record:
    return {
        "text": row.text,
        **_customer(row),
        "due": _due(row),
        "every": row.every,
        "status": row.status,
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        "done_at": _moment(row.done_at),
    }


def _own(row: Contact | Company) -> dict[str, str]:
    """What stands in its custom fields, by their names."""
    return {each.field.name: each.value for each in row.own_values if each.field.active}


def _customer(row: Deal | Activity | Task) -> Record:
    """With whom it is: by name for people, by number for programs, as two may be called alike."""
    return {
        "contact": _name(row.contact),
        "contact_id": row.contact_id,
        "company": _name(row.company),
        "company_id": row.company_id,
    }


def _once_called(row: Contact | Company) -> Record:
    """Of what was merged the other names, too."""
    return {"also_called": row.also_called} if row.also_called else {}


def _name(row: Contact | Company | None) -> str | None:
    return row.name if row else None


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _due(task: Task) -> str | None:
    """A day, or the instant in UTC where a time was said."""
    if task.due is None:
        return None
    return _moment(task.due.instant(task.zone)) or str(task.due)


def _about(kind: type[Deal | Activity | Task]) -> tuple[ORMOption, ...]:
    return joinedload(kind.contact), joinedload(kind.company)


KINDS: dict[str, tuple[type[Any], tuple[ORMOption, ...], Callable[[Any, Names], Record]]] = {
    "stage": (Stage, (), _stage),
    "field": (CustomField, (), _field),
    "company": (
        Company,
        (selectinload(Company.own_values), selectinload(Company.formers)),
        _company,
    ),
    "contact": (
        Contact,
        (
            selectinload(Contact.points),
            selectinload(Contact.tag_rows),
            selectinload(Contact.own_values),
            selectinload(Contact.formers),
        ),
        _contact,
    ),
    "deal": (Deal, _about(Deal), _deal),
    "activity": (Activity, _about(Activity), _activity),
    "task": (Task, _about(Task), _task),
}
"""What is exported, in this order."""
