"""A field as the history keeps it, told: whose it is, what it is called, and its value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from handlers.pipeline import stage_name
from handlers.turn import Turn
from language.voice import RLM
from rules.calendar import Due
from rules.money import Money
from storage import queries
from storage.models import (
    Company,
    Contact,
    CustomField,
    Deal,
    Member,
    Recorded,
    Task,
    Ticket,
)
from storage.setters import Field, Kept

LABELS = {
    "amount_minor": "amount", "status": "stage", "close_day": "close", "due_day": "due",
    "remind_at": "due", "owner_id": "owner", "contact_id": "contact", "company_id": "company",
    "tag": "tags", "kind": "about", "on_day": "on", "at": "on", "quiet_from": "quiet",
    "quiet_to": "quiet", "price_minor": "price",
}  # fmt: skip
"""Labels of columns that are called otherwise on a card."""

TITLES = {"deal": "goods"}
"""What a title is, where it is no person's."""

NAMED = (
    "contact", "company", "stage", "pipeline", "custom_field", "member", "product", "label",
)  # fmt: skip
"""What has a name, or a key in its place."""

PARTS = ("line_item", "deal_contact")
"""What is a part of a deal."""

LONGEST = 60
"""Letters of a record's name."""


def label_of(turn: Turn, field: Field, state: Kept) -> str:
    """As on a card; a custom field's own name."""
    values = state or {}
    if field.table == "custom_value":
        own = queries.get(turn.session, CustomField, turn.workspace.id, values["field_id"])
        return own.name if own else turn.say("field_value")
    label = LABELS.get(field.name, field.name)
    if field.name == "title":
        label = TITLES.get(field.table, label)
    if field.table == "ticket" and field.name == "status":
        label = "ticket_state"
    if field.table == "contact_point":
        label = str(values.get("kind"))
    if field.table == "setting":
        label = str(values.get("name"))
    key = f"field_{label}"
    return turn.say(key if key in turn.voice.words else "field_value")


def subject_of(turn: Turn, field: Field, state: Kept) -> str:
    """Whom or what the record is, in a few words."""
    values = state or {}
    row: Recorded | None = None
    for kind, number in (
        (Deal, field.row_id if field.table == "deal" else None),
        (Task, field.row_id if field.table == "task" else None),
        (Ticket, field.row_id if field.table == "ticket" else None),
        (Deal, values.get("deal_id") if field.table in PARTS else None),
        (Contact, values.get("contact_id")),
        (Company, values.get("company_id")),
    ):
        if number is not None and row is None:
            row = queries.get(turn.session, kind, turn.workspace.id, number)
    if isinstance(row, Deal):
        name = row.buyer
    elif isinstance(row, Task):
        name = row.text
    elif isinstance(row, Ticket):
        name = turn.voice.beside(f"#{row.number}", row.about)
    elif field.table in NAMED:
        name = str(values.get("name") or values.get("key") or "")
    elif field.table == "rate":
        name = str(values.get("currency"))
    else:
        name = row.name if isinstance(row, Contact | Company) else turn.workspace.name
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def value_of(turn: Turn, field: Field, state: Kept) -> str:
    """The value as it is told on a card; a dash where there is none."""
    value = (state or {}).get(field.name)
    if value is None or value == "":
        return "—"
    tell = _TELLERS.get(field.name)
    shown = tell(turn, state or {}, value) if tell else turn.voice.show(value)
    return shown.lstrip(RLM) or "—"


def _money(turn: Turn, state: dict[str, Any], value: Any) -> str:
    return turn.voice.exact_money(Money(int(value), state["currency"]))


def _stage(turn: Turn, _state: dict[str, Any], value: Any) -> str:
    return stage_name(turn, value)


def _status(turn: Turn, state: dict[str, Any], value: Any) -> str:
    """Won or lost; an open deal or task is told by where it stands; how a ticket stands."""
    if "priority" in state:
        return turn.say(f"ticket_{value}")
    return stage_name(turn, state.get("stage", value) if value == "open" else value)


def _priority(turn: Turn, _state: dict[str, Any], value: Any) -> str:
    return turn.say(f"priority_{value}")


def _due(_turn: Turn, state: dict[str, Any], value: Any) -> str:
    at = state.get("due_time")
    return _turn.voice.due(Due(date.fromisoformat(value), time.fromisoformat(at) if at else None))


def _day(turn: Turn, _state: dict[str, Any], value: Any) -> str:
    return turn.voice.day(date.fromisoformat(value))


def _moment(turn: Turn, _state: dict[str, Any], value: Any) -> str:
    return turn.voice.moment(datetime.fromisoformat(value))


def _named(kind: type[Any]) -> Callable[[Turn, dict[str, Any], Any], str]:
    def tell(turn: Turn, _state: dict[str, Any], value: Any) -> str:
        row = queries.get(turn.session, kind, turn.workspace.id, value)
        return row.name if row else "—"

    return tell


_TELLERS: dict[str, Callable[[Turn, dict[str, Any], Any], str]] = {
    "amount_minor": _money,
    "price_minor": _money,
    "stage": _stage,
    "status": _status,
    "priority": _priority,
    "due_day": _due,
    "close_day": _day,
    "on_day": _day,
    "remind_at": _moment,
    "at": _moment,
    "owner_id": _named(Member),
    "contact_id": _named(Contact),
    "company_id": _named(Company),
}


def when(turn: Turn, moment: datetime) -> str:
    """``2:02 pm``; of another day, the day."""
    local = moment.astimezone(turn.local.tzinfo)
    if local.date() != turn.today:
        return turn.voice.day(local.date())
    return turn.voice.clock(local.time().replace(second=0, microsecond=0))
