"""Records as rows of a table: which columns each kind of record has, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

Record = Mapping[str, Any]
Cell = str | Decimal | date | datetime | None
"""A datetime is naive: the wall time of whoever reads the table."""

Label = Callable[[str], str]
"""The head of a column, by the name of what stands there."""

Say = Callable[[str, str], str]
"""A value of the bot's own (``won``, ``call``) as the reader calls it, by column and value."""

MOST = 5
"""Columns for one kind of list at most; what is more stands together in the last of them."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "company": ("name", "city", "phone", "email", "source", "fields", "owner", "created_at"),
    "contact": (
        "name", "company", "title", "phones", "emails", "city", "source", "tags", "fields",
        "owner", "created_at",
    ),
    "deal": (
        "title", "contact", "company", "quantity", "amount", "currency", "stage", "status",
        "reason", "deal_source", "people", "lines", "close", "owner", "created_at", "closed_at",
    ),
    "activity": ("at", "kind", "contact", "company", "text", "by"),
    "task": (
        "text", "contact", "company", "due", "every", "status", "owner", "created_at", "done_at",
    ),
    "ticket": (
        "number", "text", "status", "priority", "contact", "company", "owner", "created_at",
        "due_at", "due_told_at", "resolved_at",
    ),
    "feedback": ("at", "text", "by"),
    "rating": ("at", "score", "contact", "company", "words", "by"),
    "referral": ("at", "contact", "company", "by_contact", "by_company", "by"),
    "product": ("name", "code", "price", "currency", "unit", "category", "note", "created_at"),
    "order": (
        "number", "contact", "company", "lines", "amount", "currency", "status", "at", "owner",
        "note",
    ),
    "contract": (
        "contact", "company", "title", "amount", "currency", "months", "began", "renews",
        "renewals", "known_renewals", "status", "ended", "reason", "owner", "created_at",
    ),
    "member": ("name", "manager", "office"),
    "label": ("kind", "name", "key", "cost", "currency", "active"),
    "pipeline": ("position", "name", "key", "active"),
    "stage": ("position", "name", "key", "pipeline", "probability", "days", "active"),
    "goal": (
        "owner", "measure", "kind", "target", "currency", "every", "first_day", "last_day",
        "active", "created_at",
    ),
    "sequence": ("name", "state", "active", "by", "created_at"),
    "sequence_run": (
        "contact", "sequence", "state", "reason", "how", "round", "started_at", "ended_at", "by",
    ),
    "segment": ("name", "query", "owner", "shared", "created_at"),
    "score_rule": ("kind", "field", "value", "points", "by", "created_at"),
    "lead_rule": ("kind", "value", "members", "by", "created_at"),
    "template": ("name", "active", "by", "created_at"),
    "campaign": ("name", "template", "told", "status", "started_at", "ended_at"),
    "message": (
        "went_at", "contact", "status", "channel", "address", "subject", "text", "by",
    ),
    "week": ("first_day", "last_day", "worked", "name"),
    "rate": ("day", "currency", "base", "rate"),
    "field": ("name", "key", "for", "kind", "choices", "active"),
}  # fmt: skip
_MOMENTS = frozenset(
    {
        "at",
        "day",
        "first_day",
        "last_day",
        "created_at",
        "closed_at",
        "done_at",
        "due",
        "close",
        "due_at",
        "due_told_at",
        "resolved_at",
        "started_at",
        "ended_at",
        "went_at",
        "began",
        "renews",
        "ended",
    }
)
_NUMBERS = frozenset(
    {
        "amount",
        "price",
        "rate",
        "quantity",
        "position",
        "points",
        "probability",
        "days",
        "months",
        "renewals",
        "known_renewals",
    }
)
_SAID = frozenset({("deal", "status"), ("deal", "stage"), ("activity", "kind"),
                   ("task", "status")})  # fmt: skip
_CALLED = {("deal", "title"): "goods", ("ticket", "number"): "ticket_number"}
"""Columns that are called otherwise for one kind."""
_MANY = ("phones", "emails")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is to be known of all records before the first row is written.

    ``widest``: how many phones and e-mails somebody has at most. ``fields``: the names of the
    custom fields, by kind of record. ``several``: the records are of several workspaces.
    ``private``: some contacts may be, which has a column of its own then.
    """

    widest: Mapping[str, int]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    several: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A name, heads and rows, which are made as they are read."""

    name: str
    heads: tuple[str, ...]
    rows: Iterator[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a table is written: words and wall clock. Without ``say`` values stay keys."""

    label: Label
    zone: str = "UTC"
    say: Say = lambda _column, value: value


def table(kind: str, records: Iterable[Record], shape: Shape, reader: Reader) -> Table:
    """The records, all of this kind, as a table."""
    names = [*COLUMNS[kind], *(["workspace"] if shape.several else [])]
    if kind == "contact" and shape.private:
        names.append("private")
    called = [_CALLED.get((kind, name), name) for name in names]
    heads = [head for name in called for head in _heads(kind, name, shape, reader.label)]
    return Table(
        reader.label(f"table_{kind}"), tuple(heads), _rows(kind, names, records, shape, reader)
    )


def _heads(kind: str, name: str, shape: Shape, label: Label) -> list[str]:
    if name == "fields":
        return list(shape.fields.get(kind, ()))
    if name not in _MANY:
        return [label(name)]
    first = label(name.removesuffix("s"))
    return [first, *(f"{first} {number}" for number in range(2, _width(name, shape) + 1))]


def _width(name: str, shape: Shape) -> int:
    return min(max(shape.widest.get(name, 1), 1), MOST)


def _rows(
    kind: str, names: Sequence[str], records: Iterable[Record], shape: Shape, reader: Reader
) -> Iterator[tuple[Cell, ...]]:
    zone, own = ZoneInfo(reader.zone), shape.fields.get(kind, ())
    for record in records:
        cells: list[Cell] = []
        for name in names:
            value = record.get(name)
            if name == "fields":
                cells += [_own((value or {}).get(each)) for each in own]
            elif name in _MANY:
                cells += _spread(value or [], _width(name, shape))
            elif isinstance(value, str) and (kind, name) in _SAID:
                cells.append(reader.say(name, value))
            else:
                cells.append(_cell(name, value, zone))
        yield tuple(cells)


def _spread(values: Sequence[str], width: int) -> list[Cell]:
    first, rest = values[: width - 1], values[width - 1 :]
    cells: list[Cell] = [*first, *(["; ".join(rest)] if rest else [])]
    return cells + [None] * (width - len(cells))


def _cell(name: str, value: Any, zone: ZoneInfo) -> Cell:
    if isinstance(value, list):
        return ", ".join(_listed(each) for each in value) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return None
    if name in _MOMENTS:
        return _moment(str(value), zone)
    if name in _NUMBERS:
        return _number(str(value))
    return str(value)


def _listed(value: Any) -> str:
    """One of a list; of a line how much of what it is; of somebody in a deal, as what."""
    if not isinstance(value, dict):
        return str(value)
    if "contact" in value:
        return f"{value['contact']} ({value['role']})" if value.get("role") else value["contact"]
    return " ".join(str(value[key]) for key in ("quantity", "unit", "product") if value.get(key))


def _moment(value: str, zone: ZoneInfo) -> Cell:
    try:
        if "T" not in value:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _number(value: str) -> Cell:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return number if number.is_finite() else value


def _own(value: Any) -> Cell:
    """What stands in a custom field: days are days; figures stay as they were written, as most
    are numbers of papers, which have zeros in front."""
    text = str(value) if value not in (None, "") else None
    if text and len(text) == len("2026-01-31") and text[4] == text[7] == "-":
        return _moment(text, ZoneInfo("UTC"))
    return text
