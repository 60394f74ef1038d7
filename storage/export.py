"""What a workspace keeps as plain records, all or some of it: read only, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Engine, and_, create_engine, event, func, or_, select
from sqlalchemy.orm import Session, joinedload

from storage import pinned
from storage.database import MODE
from storage.fields import fields_of
from storage.labels import labels_of
from storage.models import (
    Activity,
    Campaign,
    Consent,
    ContactPoint,
    ContactTag,
    CustomField,
    CustomValue,
    DealContact,
    DealMove,
    LineItem,
    Member,
    Message,
    MessageTemplate,
    Pipeline,
    Segment,
    SequenceRun,
    SequenceStart,
    Stage,
    TicketComment,
    Workspace,
)
from storage.pipelines import pipelines_of
from storage.records import KINDS, Names, Parts, Record
from storage.scope import EVERYWHERE, OPTION, within
from storage.stages import are_usual, stages_of

__all__ = [
    "KINDS",
    "Only",
    "Record",
    "count",
    "of_kind",
    "reading",
    "records",
    "widest",
    "with_notes",
    "workspaces",
]

BATCH = 500

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
    if kind in ("stage", "pipeline") and _are_usual(session, space):
        return
    model, options, shape = KINDS[kind]
    names: Names = {
        member.id: member.name
        for member in session.scalars(select(Member).where(Member.workspace_id == space))
    }
    query = select(model).where(model.workspace_id == space, *conditions)
    if model is Member:  # of the others all there is to tell stands in what they own
        query = query.where(or_(Member.manager.is_not(None), Member.office.is_not(None)))
    if model is Campaign:  # what was only looked at came to nothing
        query = query.where(Campaign.state != "draft")
    if limit is not None:
        newest = query.with_only_columns(model.id).order_by(model.id.desc()).limit(limit)
        query = query.where(model.id.in_(newest))
    query = (
        query.options(*options)
        .order_by(*(model.position,) if model in (Stage, Pipeline) else (), model.id)
        .execution_options(yield_per=BATCH)
    )
    for rows in session.scalars(query).partitions(BATCH):
        parts = _parts(session, space, kind, [row.id for row in rows])
        for row in rows:
            yield {"type": kind, "id": row.id, **shape(row, names, parts)}


def _are_usual(session: Session, space: int) -> bool:
    """Whether the team has made no pipeline and no stage its own."""
    ways = pipelines_of(session, space)
    untouched = len(ways) == 1 and ways[0].name is None and ways[0].active
    return untouched and are_usual(stages_of(session, space))


def _parts(session: Session, space: int, kind: str, ids: Sequence[int]) -> Parts:
    """What hangs on contacts or companies, asked for by number alone: pairs with the workspace,
    as a relationship asks for them, SQLite looks up in no index; nor, for the order, should it
    walk through all of them."""
    found: Parts = {
        "phones": {}, "emails": {}, "tags": {}, "fields": {}, "lines": {}, "moves": {},
        "people": {}, "into": {}, "comments": {}, "consent": {}, "stages": {},
    }  # fmt: skip
    if kind in ("deal", "label"):
        for label in labels_of(session, space):
            found["into"][label.id] = [label.key]
    if kind == "score_rule":
        for field in fields_of(session, space):
            found["into"][field.id] = [field.key]
    if kind == "campaign":
        texts = select(MessageTemplate.id, MessageTemplate.name).where(
            MessageTemplate.workspace_id == space
        )
        for number, name in session.execute(texts):
            found["into"][number] = [name]
    if kind.startswith("sequence"):
        _sequences(session, space, kind, ids, found)
    if kind in ("deal", "order"):
        _lines(session, space, kind, ids, found)
    if kind == "ticket":
        _comments(session, space, ids, found)
    if kind in ("contact", "company"):
        _details(session, space, kind, ids, found)
    return found


def _details(session: Session, space: int, kind: str, ids: Sequence[int], found: Parts) -> None:
    """Own fields; of contacts numbers, addresses and tags, too."""
    whose = CustomValue.contact_id if kind == "contact" else CustomValue.company_id
    own = (
        select(whose, CustomField.name, CustomValue.value)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(CustomValue.workspace_id == space, CustomField.workspace_id == space)
        .where(whose.in_(ids), CustomField.active)
        .order_by(CustomValue.id + 0)
    )
    for number, name, value in session.execute(own):
        found["fields"].setdefault(number, []).append((name, value))
    if kind == "company":
        return
    points = (
        select(ContactPoint.contact_id, ContactPoint.kind, ContactPoint.value)
        .where(ContactPoint.workspace_id == space, ContactPoint.contact_id.in_(ids))
        .order_by(ContactPoint.id + 0)
    )
    for number, way, value in session.execute(points):
        found[f"{way}s"].setdefault(number, []).append(value)
    tags = (
        select(ContactTag.contact_id, ContactTag.tag)
        .where(ContactTag.workspace_id == space, ContactTag.contact_id.in_(ids))
        .order_by(ContactTag.id + 0)
    )
    for number, tag in session.execute(tags):
        found["tags"].setdefault(number, []).append(tag)
    words = select(Consent).where(Consent.workspace_id == space, Consent.contact_id.in_(ids))
    for word in session.scalars(words.order_by(Consent.at, Consent.id + 0)):
        found["consent"].setdefault(word.contact_id, []).append(word)


def _sequences(session: Session, space: int, kind: str, ids: Sequence[int], found: Parts) -> None:
    """Texts by their names and which stages start them; of who is in them what is on its way."""
    if kind == "sequence":
        texts = select(MessageTemplate).where(MessageTemplate.workspace_id == space)
        for text in session.scalars(texts):
            found["into"][text.id] = [text.name]
        starts = select(SequenceStart).where(
            SequenceStart.workspace_id == space, SequenceStart.sequence_id.in_(ids)
        )
        for start in session.scalars(starts.order_by(SequenceStart.id + 0)):
            into = found["stages"].setdefault(start.sequence_id, [])
            if start.segment_id is None:
                into.append(start.stage)
            elif segment := session.get(Segment, (space, start.segment_id)):
                into.append(f"segment:{segment.name}")  # its number is another one elsewhere
        return
    gone = (
        select(SequenceRun.id, Message.source, Message.went_at, SequenceRun.since)
        .join(
            Message,
            and_(
                Message.workspace_id == SequenceRun.workspace_id,
                Message.id == SequenceRun.message_id,
            ),
        )
        .where(SequenceRun.workspace_id == space, SequenceRun.id.in_(ids))
        .where(Message.state.in_(("posted", "prepared", "sent", "unknown")))
    )
    for number, source, went, since in session.execute(gone):
        found["into"][number] = [(int(source.split(":")[2]), went or since)]


def _comments(session: Session, space: int, ids: Sequence[int], found: Parts) -> None:
    said = select(TicketComment).where(
        TicketComment.workspace_id == space, TicketComment.ticket_id.in_(ids)
    )
    for each in session.scalars(said.order_by(TicketComment.at, TicketComment.id + 0)):
        found["comments"].setdefault(each.ticket_id, []).append(each)


def _lines(session: Session, space: int, kind: str, ids: Sequence[int], found: Parts) -> None:
    """The lines of deals or orders; who is in the deals, and how they moved."""
    whose = LineItem.deal_id if kind == "deal" else LineItem.order_id
    lines = select(LineItem).where(LineItem.workspace_id == space, whose.in_(ids))
    for line in session.scalars(lines.order_by(LineItem.position, LineItem.id + 0)):
        number = line.deal_id if kind == "deal" else line.order_id
        found["lines"].setdefault(number, []).append(line)
    if kind != "deal":
        return
    people = (
        select(DealContact)
        .options(joinedload(DealContact.contact))
        .where(DealContact.workspace_id == space, DealContact.deal_id.in_(ids))
    )
    for part in session.scalars(people.order_by(DealContact.id + 0)):
        found["people"].setdefault(part.deal_id, []).append(part)
    moves = select(DealMove).where(DealMove.workspace_id == space, DealMove.deal_id.in_(ids))
    for move in session.scalars(moves.order_by(DealMove.id + 0)):
        found["moves"].setdefault(move.deal_id, []).append(move)


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
