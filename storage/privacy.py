"""Private contacts: they, and all that hangs on them, are seen by their owner alone.

A workspace that keeps none pays nothing. In one that does, the session of a message adds to every
question that others' private contacts are left out, and remembers which private rows came up, so
that no answer made of them is drawn where others read along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import event as events
from sqlalchemy import or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from rules.access import Thing
from storage.models import Base, Contact, Member

READ_ONLY_FOR_WORDS = {"rabta_drawn": False}
"""Execution options of a question whose answer is shown to nobody."""


def thing_of(row: Any) -> Thing:
    """What of a row matters for who may see it; a deal or task is as private as its contact."""
    contact = row if isinstance(row, Contact) else getattr(row, "contact", None)
    if contact is None or not contact.private:
        return Thing(row.workspace_id)
    return Thing(row.workspace_id, contact.owner_id, private=True)


class Sight:
    """What a member may see in a chat. ``came``: the private rows that came up so far."""

    def __init__(self, session: Session, member: Member, *, alone: bool) -> None:
        secret = Contact.__table__.alias("secret")
        private = select(secret.c.id).where(
            secret.c.workspace_id == member.workspace_id, secret.c.private
        )
        others = private.where(or_(secret.c.owner_id.is_(None), secret.c.owner_id != member.id))
        self._session, self._member, self._alone = session, member, alone
        self._but_others = _without(others)
        self._but_all = _without(private)
        owners = select(secret.c.id, secret.c.owner_id).where(*private._where_criteria)
        self._owners = {row.id: row.owner_id for row in session.execute(owners)}
        self.came: list[Any] = []
        self.beside: list[Any] | None = None

    def filter(self, state: ORMExecuteState) -> None:
        """Leave out what is not to be seen. Rows are told from mere figures: of rows is known
        that they came up, so only figures leave out the member's own before others' eyes."""
        if self.beside is not None or not (state.is_select and state.is_orm_statement):
            return
        rows = [each["type"] for each in _described(state) if each["expr"] is each.get("entity")]
        is_figure = not rows and state.execution_options.get("rabta_drawn", True)
        chosen = self._but_all if is_figure and not self._alone else self._but_others
        wanted = [chosen[kind] for kind in rows if kind in chosen] if rows else chosen.values()
        state.statement = state.statement.options(*wanted)

    def note(self, _session: Session, row: Any) -> None:
        """A row was loaded, or made."""
        number = row.id if isinstance(row, Contact) else getattr(row, "contact_id", None)
        if number in self._owners:
            (self.came if self.beside is None else self.beside).append(row)

    def things(self) -> list[Thing]:
        """What came up, for ``authorize``."""
        return [
            Thing(
                row.workspace_id,
                self._owners[row.id if isinstance(row, Contact) else row.contact_id],
                private=True,
            )
            for row in self.came
        ]

    def forget(self) -> None:
        """What came up so far is not drawn: if it is after all, it is loaded anew."""
        self._session.flush()
        for row in self.came:
            if row in self._session:
                self._session.expunge(row)
        self.came.clear()


@contextmanager
def seeing(session: Session, member: Member, *, alone: bool) -> Iterator[Sight | None]:
    """As the member sees it, ``alone`` or with others; None where nothing is private."""
    if not member.workspace.keeps_private:
        yield None
        return
    sight = Sight(session, member, alone=alone)
    listening: tuple[tuple[str, Any], ...] = (
        ("do_orm_execute", sight.filter),
        ("loaded_as_persistent", sight.note),
        ("pending_to_persistent", sight.note),
    )
    for name, listener in listening:
        events.listen(session, name, listener)
    session.info["sight"] = sight
    try:
        yield sight
        sight.forget()  # whoever is served next finds nothing in memory
    finally:
        session.info.pop("sight", None)
        for name, listener in listening:
            events.remove(session, name, listener)


@contextmanager
def everything(session: Session) -> Iterator[None]:
    """What is done in here is done to all there is, seen or not: what concerns the whole team must
    leave nothing behind. Nothing that is loaded in here may be told; it is let go of at the end."""
    sight: Sight | None = session.info.get("sight")
    if sight is None:
        yield
        return
    sight.beside = []
    try:
        yield
        session.flush()
    finally:
        for row in sight.beside:
            if row in session:
                session.expunge(row)
        sight.beside = None


def visible_names(session: Session, workspace_id: int, names: Iterable[str]) -> set[str]:
    """Of these names of people those that the member may know."""
    query = select(Contact.name).where(
        Contact.workspace_id == workspace_id, Contact.name.in_(list(names))
    )
    return set(session.scalars(query, execution_options=READ_ONLY_FOR_WORDS))


def _described(state: ORMExecuteState) -> list[Any]:
    try:
        return list(state.statement.column_descriptions)  # type: ignore[attr-defined]  # of selects
    except (AttributeError, NotImplementedError):  # what is no select of columns has no such list
        return []


@lru_cache(maxsize=1)
def _about_contacts() -> tuple[type[Any], ...]:
    """Every model whose rows hang on a contact."""
    kinds = (mapper.class_ for mapper in Base.registry.mappers)
    return tuple(kind for kind in kinds if "contact_id" in kind.__table__.c)


def _without(hidden: Any) -> dict[type[Any], ORMOption]:
    """For each model what leaves the rows of these contacts out."""
    options: dict[type[Any], ORMOption] = {
        Contact: with_loader_criteria(Contact, Contact.id.not_in(hidden), include_aliases=True)
    }
    for kind in _about_contacts():
        visible = or_(kind.contact_id.is_(None), kind.contact_id.not_in(hidden))
        options[kind] = with_loader_criteria(kind, visible, include_aliases=True)
    return options


@contextmanager
def in_public(session: Session, workspace_id: int) -> Iterator[None]:
    """Ask as somebody who may see nobody's private contacts, not even their own: for what is kept
    to be told to all."""
    secret = Contact.__table__.alias("secret")
    private = select(secret.c.id).where(secret.c.workspace_id == workspace_id, secret.c.private)
    options = tuple(_without(private).values())

    def leave_out(state: ORMExecuteState) -> None:
        if state.is_select and state.is_orm_statement:
            state.statement = state.statement.options(*options)

    events.listen(session, "do_orm_execute", leave_out)
    try:
        yield
    finally:
        events.remove(session, "do_orm_execute", leave_out)
