"""What differs in two that are to be one: both values, which is offered to stay, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.alike import Row
from handlers.own_fields import all_fields
from handlers.own_fields import told as told_own
from handlers.turn import Turn
from language.folding import fold
from rules.merging import stays
from storage import queries
from storage.merging import COLUMNS, differing, own_field
from storage.models import Contact, Member
from storage.setters import Field, setters

LASTING = ("name", "owner_id", "source")
"""Of what the older value is offered to stay: the newer one need not be news."""

LABELS = {"company_id": "company", "owner_id": "owner"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field in which both have something else. ``values`` and ``rows`` go with each other: the
    value that stays first."""

    name: str
    label: str
    values: tuple[str, str]
    rows: tuple[int, int]
    why: str


def digest(conflicts: list[Conflict]) -> dict[str, list[str]]:
    """What there was to choose from; where that changes before the answer, it is asked anew."""
    return {
        each.name: [value for _, value in sorted(zip(each.rows, each.values, strict=True))]
        for each in conflicts
    }


def conflicts_of(turn: Turn, kept: Row, gone: Row, picks: dict[str, int]) -> list[Conflict]:
    found = differing(kept, gone)
    since = _set_at(turn, (kept, gone), list(found))
    return [_conflict(turn, kept, gone, name, since, picks) for name in found]


def _conflict(
    turn: Turn,
    kept: Row,
    gone: Row,
    name: str,
    since: Callable[[Row, str], datetime],
    picks: dict[str, int],
) -> Conflict:
    rows = (kept, gone)
    values = [_value(turn, row, name) for row in rows]
    chosen = next((place for place, row in enumerate(rows) if row.id == picks.get(name)), None)
    if chosen is None:
        told = ((fold(values[n]), since(row, name)) for n, row in enumerate(rows))
        place, reason = stays(*told, lasting=name in LASTING)
        why: str = f"merge_{reason}"
    else:
        place, why = chosen, "merge_chosen"
    return Conflict(
        name,
        _label(turn, name),
        (values[place], values[1 - place]),
        (rows[place].id, rows[1 - place].id),
        why,
    )


def _set_at(turn: Turn, rows: tuple[Row, Row], names: list[str]) -> Callable[[Row, str], datetime]:
    """When a field was set last, as far as the history tells; else when its record was made."""
    fields: dict[tuple[int, str], Field] = {}
    for row in rows:
        for name in names:
            if name in COLUMNS[row.__tablename__]:
                fields[row.id, name] = Field(row.__tablename__, row.id, name)
            elif value := _own(row, name):
                fields[row.id, name] = Field("custom_value", value.id, "value")
    found = setters(turn.session, turn.workspace.id, list(fields.values()), turn.id)

    def since(row: Row, name: str) -> datetime:
        field = fields.get((row.id, name))
        setter = found.get(field) if field else None
        return setter.acted_at if setter else row.created_at

    return since


def _own(row: Row, name: str) -> Any:
    return next((each for each in row.own_values if own_field(each.field_id) == name), None)


def _label(turn: Turn, name: str) -> str:
    own = {own_field(field.id): field.name for field in all_fields(turn)}
    return own.get(name) or turn.piece(f"field_{LABELS.get(name, name)}")


def _value(turn: Turn, row: Row, name: str) -> str:
    """A value as it is read."""
    if name == "company_id" and isinstance(row, Contact):
        return row.company.name if row.company else ""
    if name == "owner_id":
        owner = queries.get(turn.session, Member, turn.workspace.id, row.owner_id or 0)
        return owner.name if owner else "—"
    if value := _own(row, name):
        return told_own(turn, row, value.field)
    return str(getattr(row, name))
