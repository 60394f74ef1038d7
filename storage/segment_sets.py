"""Sets of contacts as SQL: conditions on a row, chosen numbers, and their and, or, not.

Where a set stands matters to the planners: PostgreSQL joins what is chosen by ``IN`` and
``NOT EXISTS`` at the top of a query, and looks row by row at what stands within an ``OR``; so "or"
is a union of sets, and "not" is said of single ones alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select, true, union
from sqlalchemy.sql.selectable import CompoundSelect

from storage.models import Contact


@dataclass(frozen=True, slots=True)
class Row:
    """A condition on a contact's own columns; ``no`` holds where it does not, never null."""

    yes: ColumnElement[bool]
    no: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ids:
    """The contacts whose numbers, none of them null, these are."""

    chosen: Select[Any] | CompoundSelect[Any]


@dataclass(frozen=True, slots=True)
class Never:
    part: Part


@dataclass(frozen=True, slots=True)
class All:
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class OneOf:
    parts: Sequence[Part]


Part = Row | Ids | Never | All | OneOf

EVERYBODY = Row(true(), false())
NOBODY = Row(false(), true())


@dataclass(frozen=True, slots=True)
class Sets:
    """Writes parts as conditions on ``Contact``, for one kind of database and one workspace."""

    dialect: str
    space: int

    def where(self, part: Part, *, yes: bool = True) -> ColumnElement[bool]:
        match part:
            case Row():
                return part.yes if yes else part.no
            case Ids(chosen):
                return self._within(chosen, yes=yes)
            case Never(inner):
                return self.where(inner, yes=not yes)
            case All(parts) if yes:
                return and_(true(), *(self.where(each) for each in parts))
            case OneOf(parts) if not yes:
                return and_(*(self.where(each, yes=False) for each in parts))
            case All(parts) | OneOf(parts):
                return self._any(parts, yes=yes)

    def _any(self, parts: Sequence[Part], *, yes: bool) -> ColumnElement[bool]:
        """One of them holds (or does not): rows at once, sets by a union of them."""
        rows = [each for each in parts if isinstance(each, Row)]
        held = or_(false(), *(self.where(each, yes=yes) for each in rows))
        if len(rows) == len(parts):
            return held
        one_by_one = [
            self._contacts(self.where(each, yes=yes)) for each in parts if each not in rows
        ]
        if rows:
            one_by_one.append(self._contacts(held))
        return self._within(union(*one_by_one) if len(one_by_one) > 1 else one_by_one[0], yes=True)

    def _contacts(self, condition: ColumnElement[bool]) -> Select[Any]:
        return (
            select(Contact.id.label("id"))
            .where(Contact.workspace_id == self.space, condition)
            .correlate(None)
        )

    def _within(self, chosen: Any, *, yes: bool) -> ColumnElement[bool]:
        if yes:
            return Contact.id.in_(chosen)
        if self.dialect == "sqlite":
            return Contact.id.not_in(chosen)
        rows = chosen.subquery()
        return ~exists(select(literal(1)).where(rows.c[0] == Contact.id))
