"""Who set a value that stands now: the latest change of a field, by whichever turn.

A field is named by its first column; what is always set together counts as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from storage.models import Change, Turn

TOGETHER = {
    "amount_minor": ("amount_minor", "currency"), "due_day": ("due_day", "due_time"),
    "price_minor": ("price_minor", "currency"), "reason": ("reason", "reason_id"),
    "source": ("source", "source_id"),
}  # fmt: skip
"""Columns that are one value, under the first of them."""

LINKS = ("contact_id", "company_id")
"""Whom a record belongs to. That it began with somebody is no value that anybody overwrites."""

BESIDE = {
    "id", "workspace_id", "version", "created_at", "by_id", "kind", "key", "field_id", "deal_id",
    "name_key", "sound_key", "value_key", "city_key", "phone_key", "email_key", "day_key",
    "position", "formerly", "assumed", "closed_at", "done_at", "due_at", "due_told_at",
    "reminded_at",
    "next_check_at", "carried_day", "first_day", "zone", "agenda_at", "tidy_at", "report_at",
    "look_at", "tour",
    "heard_language", "greeted", "counted", "product_id", "into_id", "also", "base", "check_at",
    "state", "state_of", "began_at", "answered_at", "answer_worked", "answer_due_at", "warn_at",
    "waiting_since", "waited", "resolved_at", "resolved_by", "worked", "reopened", "was_late",
    "asked_at", "referral_asked",
}  # fmt: skip
"""Columns that no member sets by themselves: they follow from others, or count for the program."""

AT_ONCE = 40
"""Fields that one statement asks after."""

_FIRST = {column: name for name, columns in TOGETHER.items() for column in columns}

Kept = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of one record."""

    table: str
    row_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Setter:
    """The change that gave a field its value: whose it was, where, when sent and when acted on."""

    change: int
    before: Kept
    after: Kept
    member_id: int
    chat_id: int
    sent_at: datetime
    acted_at: datetime

    @property
    def version(self) -> int:
        """Of the record, from this change on; 0 where it went."""
        return int((self.after or {}).get("version", 0))


def differing(before: Kept, after: Kept) -> list[str]:
    """The fields in which two states of a record differ; of one that went, all it had."""
    was, now = before or {}, after or {}
    differ = {
        (_FIRST[column] if _FIRST.get(column) in was else column): None
        for column in was
        if column not in BESIDE and was[column] != now.get(column)
    }
    if now.get("counted") and (was.get("counted") or was.get("amount_minor") is None):
        differ.pop("amount_minor", None)  # nobody chose it: it follows the deal's lines
    if after is None:
        return [name for name in differ if name not in LINKS and was[name] not in (None, "")]
    return [name for name in differ if not (name == "remind_at" and now[name] is None)]


def is_same(one: Kept, other: Kept, name: str) -> bool:
    """Whether a field has the same value in two states of a record."""
    columns = TOGETHER.get(name, (name,))
    return all((one or {}).get(column) == (other or {}).get(column) for column in columns)


def setters(
    session: Session, workspace_id: int, fields: Sequence[Field], but_turn: int
) -> dict[Field, Setter]:
    """Who set each of these fields last, but for what ``but_turn`` does. One statement."""
    return dict(
        found
        for begin in range(0, len(fields), AT_ONCE)
        for found in _some(session, workspace_id, fields[begin : begin + AT_ONCE], but_turn)
    )


def _some(
    session: Session, workspace_id: int, fields: Sequence[Field], but_turn: int
) -> Iterator[tuple[Field, Setter]]:
    asked = _question(tuple((field.table, field.name) for field in fields))
    said = {f"row{place}": field.row_id for place, field in enumerate(fields)}
    said |= {"space": workspace_id, "turn": but_turn}
    for place, number, before, after, member_id, chat_id, at, sent, acted in session.execute(
        asked, said
    ):
        setter = Setter(number, before, after, member_id, chat_id, sent or at, acted or at)
        yield fields[place], setter


_SPACE = bindparam("space", type_=Integer)


@lru_cache(maxsize=512)
def _question(wanted: tuple[tuple[str, str], ...]) -> CompoundSelect[Any]:
    """Made once for each set of fields: building it would cost more than asking it."""
    return union_all(*(_last(place, *field) for place, field in enumerate(wanted)))


def _last(place: int, table: str, name: str) -> Any:
    """The latest change of one field, by the index of a row's changes from its end."""
    one = aliased(Change)
    latest = (
        select(one.id)
        .where(
            one.workspace_id == _SPACE,
            one.table_name == table,
            one.row_id == bindparam(f"row{place}", type_=BigInteger),
            one.turn_id != bindparam("turn", type_=BigInteger),
            _alters(one, name),
        )
        .order_by(one.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    change = (Change.id, Change.before, Change.after)
    turn = (Turn.member_id, Turn.chat_id, Turn.at, Turn.sent_at, Turn.acted_at)
    return (
        select(literal(place), *change, *turn)
        .join(Turn, and_(Turn.workspace_id == Change.workspace_id, Turn.id == Change.turn_id))
        .where(Change.workspace_id == _SPACE, Change.id == latest)
    )


def _alters(change: Any, name: str) -> ColumnElement[bool]:
    columns: Iterable[str] = TOGETHER.get(name, (name,))
    return or_(
        *(
            change.before[column].as_string().is_distinct_from(change.after[column].as_string())
            for column in columns
        )
    )
