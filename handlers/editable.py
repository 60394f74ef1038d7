"""What can be edited of each kind of record, and how each value is read back from a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from handlers.deal_held import reason_said, source_said
from handlers.finding import due_said, sum_said
from handlers.labels import learn
from handlers.own_fields import fields, put, told
from handlers.party import new_company
from handlers.pipeline import names_in_order, stage_keys, stage_meant, stage_name
from handlers.turn import Sorry, Turn
from handlers.who import called
from language import values
from language.folding import fold
from language.sounds import name_keys
from language.voice import one_line, plain
from rules import lines as sums
from rules.calendar import Due, wall_to_utc
from rules.contracts import LONGEST
from rules.money import digits
from rules.tickets import PRIORITIES
from storage.base import link
from storage.models import (
    Activity,
    Company,
    Contact,
    Contract,
    CustomField,
    Deal,
    LineItem,
    Order,
    Product,
    Recorded,
    Task,
    Ticket,
)
from storage.tickets import service_of

Row = Contact | Company | Contract | Deal | LineItem | Order | Product | Task | Activity | Ticket


class Wrong(Exception):
    """A value that cannot be read: the key of what to say about it, and what that mentions."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.values = values


@dataclass(frozen=True, slots=True)
class Field:
    """A value that can be edited: as it stands in a form, as it is read back, as it is told.

    ``choices`` are those values, with their labels, that it can have.
    """

    label: str
    shown: Callable[[Turn, Any], str]
    put: Callable[[Turn, Any, str], None]
    long: bool = False
    told: Callable[[Turn, Any], str] | None = None
    choices: Callable[[Turn], dict[str, str]] | None = None
    name: str = ""

    def called(self, turn: Turn) -> str:
        """Its label: a custom one's own name, else in the reader's language."""
        return self.name or turn.say(f"field_{self.label}")

    def tell(self, turn: Turn, row: Any) -> str:
        return (self.told or self.shown)(turn, row) or "—"

    def of(self, row: Any) -> tuple[Recorded, ...]:
        """The records that its value stands in."""
        beside = [*row.points, *row.own_values] if isinstance(row, Contact) else []
        return (row, *beside)


def text_field(name: str, longest: int = 200, *, needed: bool = False) -> Field:
    def put(_turn: Turn, row: Any, value: str) -> None:
        text = plain(value).strip()[:longest]
        if needed and not text:
            raise Wrong("needs_a_value")
        setattr(row, name, text or None)

    return Field(name, lambda _turn, row: str(getattr(row, name) or ""), put, long=longest > 300)


def _put_name(_turn: Turn, row: Any, value: str) -> None:
    name = one_line(value)
    if not name:
        raise Wrong("needs_a_value")
    for column, kept in name_keys(name).items():
        setattr(row, column, kept)


NAME = Field("name", lambda _turn, row: row.name, _put_name)


def _put_company(turn: Turn, row: Any, value: str) -> None:
    if not plain(value).strip():
        link(row, "company", None)
        return
    found = called(turn, Company, value)
    company = found[0] if len(found) == 1 else new_company(turn, value)
    link(row, "company", company)


COMPANY = Field("company", lambda _turn, row: row.company.name if row.company else "", _put_company)


def _point(kind: str) -> Field:
    def put(turn: Turn, row: Contact, value: str) -> None:
        wanted = [_read_point(turn, kind, each) for each in value.split(",") if each.strip()]
        for point in [point for point in row.points if point.kind == kind]:
            if point.value not in wanted:
                row.points.remove(point)
        for each in wanted:
            row.reach_by(kind, each)

    return Field(kind, lambda _turn, row: ", ".join(getattr(row, f"{kind}s")), put)


def _read_point(turn: Turn, kind: str, text: str) -> str:
    region = turn.workspace.region
    found = values.read_phone(text, region) if kind == "phone" else values.read_email(text)
    if found is None:
        raise Wrong(f"bad_{kind}")
    return found


def _put_amount(turn: Turn, row: Contract | Deal | Order, value: str) -> None:
    if not value:
        row.amount = None
        return
    found = values.read_amount(value, row.currency or turn.currency)
    if found is None:
        raise Wrong("bad_amount")
    row.amount = sum_said(found[0], found[1])


def _shown_amount(_turn: Turn, row: Contract | Deal | Order) -> str:
    if row.amount is None:
        return ""
    amount: Decimal = row.amount.amount
    whole = amount == amount.to_integral_value()
    shown = f"{amount:,.0f}" if whole else f"{amount:,.{digits(row.amount.currency)}f}"
    return f"{shown} {row.amount.currency}"


def _put_stage(turn: Turn, row: Deal, value: str) -> None:
    try:
        stage = stage_meant(turn, value).key
    except Sorry:
        raise Wrong("bad_stage", stages=names_in_order(turn)) from None
    if row.is_open:
        row.move(stage, by=turn.member.id, at=turn.now)
    else:
        row.stood_in(stage, by=turn.member.id, at=turn.now)


def _read_due(turn: Turn, value: str) -> Due | None:
    if not value:
        return None
    try:
        return Due.parse(value.strip().replace(" ", "T"))
    except ValueError:
        said = values.read_due(value, turn.local)
    if said is None:
        raise Wrong("bad_due")
    return due_said(said)


def _put_due(turn: Turn, row: Task, value: str) -> None:
    row.zone = turn.member.zone
    row.plan(_read_due(turn, value))


def _put_close(turn: Turn, row: Deal, value: str) -> None:
    due = _read_due(turn, value)
    row.close_day = due.day if due else None


def _put_day(turn: Turn, row: Order, value: str) -> None:
    """A day that names no year is one that was."""
    due = _read_due(turn, value)
    day = due.day if due else None
    if day and day > turn.today:
        day -= relativedelta(years=1)
    if day is None or day > turn.today:
        raise Wrong("bad_due")
    row.on_day = day
    row.at = wall_to_utc(datetime.combine(day, time(12)), turn.member.zone)


def _put_renewal(turn: Turn, row: Contract, value: str) -> None:
    due = _read_due(turn, value)
    if due is None or (row.is_running and due.day < turn.today and due.day != row.renews_on):
        raise Wrong("bad_due")
    row.renews_on = due.day


def _put_began(turn: Turn, row: Contract, value: str) -> None:
    """A day that names no year is one that was."""
    due = _read_due(turn, value)
    day = due.day if due else None
    if day and day >= row.renews_on:
        day -= relativedelta(years=1)
    if day and day >= row.renews_on:
        raise Wrong("bad_due")
    row.began_on = day


def _put_term(_turn: Turn, row: Contract, value: str) -> None:
    count = sums.number(fold(value)) if value else None
    if count is None or count != int(count) or not 1 <= count <= LONGEST:
        raise Wrong("bad_term")
    row.months = int(count)


def _put_source(turn: Turn, row: Deal, value: str) -> None:
    label = learn(turn, "source", value) if value else None
    row.source, row.source_id = value[:200] or None, label.id if label else None


def _put_reason(turn: Turn, row: Deal, value: str) -> None:
    label = learn(turn, "won" if row.status == "won" else "lost", value) if value else None
    row.reason, row.reason_id = value[:2000] or None, label.id if label else None


def _put_price(turn: Turn, row: Product | LineItem, value: str) -> None:
    if not value:
        row.price = None
        return
    found = values.read_amount(value, row.currency or turn.currency)
    if found is None:
        raise Wrong("bad_amount")
    price = sum_said(found[0], found[1])
    if isinstance(row, LineItem) and row.currency and price.currency != row.currency:
        raise Wrong("other_currency", name=row.name, price=price, currency=row.currency)
    row.price = price


def _put_quantity(_turn: Turn, row: LineItem, value: str) -> None:
    count = sums.number(fold(value).replace(",", "")) if value else None
    if value and (count is None or count <= 0):
        raise Wrong("bad_quantity")
    row.quantity = sums.kept(count) if count is not None else None


def _put_discount(_turn: Turn, row: LineItem, value: str) -> None:
    percent = sums.number(fold(value).strip(" %٪")) if value else None
    if value and (percent is None or not 0 <= percent <= 100):
        raise Wrong("bad_discount")
    row.discount = sums.kept(percent) if percent else None


def _plain_price(_turn: Turn, row: Product | LineItem) -> str:
    return f"{row.price.plain()} {row.price.currency}" if row.price else ""


def _put_priority(turn: Turn, row: Ticket, value: str) -> None:
    if value not in PRIORITIES:
        raise Wrong("needs_a_value")
    row.priority = value
    row.plan(service_of(turn.session, turn.workspace.id))


def _put_due_told(turn: Turn, row: Ticket, value: str) -> None:
    """Nothing told: what the team promises holds."""
    service, due = service_of(turn.session, turn.workspace.id), _read_due(turn, value)
    until = None
    if due:
        until = due.instant(turn.member.zone) or service.work.end_of(due.day, turn.now)
    if until and until <= turn.now:
        raise Wrong("bad_due")
    row.promise(until, turn.now, service)


def _local(turn: Turn, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(turn.member.zone)):%Y-%m-%d %H:%M}"


def _priorities(turn: Turn) -> dict[str, str]:
    return {each: turn.piece(f"priority_{each}") for each in reversed(PRIORITIES)}


PRICE = Field(
    "price",
    _plain_price,
    _put_price,
    told=lambda turn, row: turn.voice.exact_money(row.price) if row.price else "",
)

AMOUNT = Field(
    "amount",
    _shown_amount,
    _put_amount,
    told=lambda turn, row: turn.voice.exact_money(row.amount) if row.amount else "",
)

EDITABLE: dict[type[Row], dict[str, Field]] = {
    Contact: {
        "name": NAME,
        "company": COMPANY,
        "title": text_field("title"),
        "phone": _point("phone"),
        "email": _point("email"),
        "city": text_field("city", 100),
    },
    Company: {"name": NAME, "city": text_field("city", 100)},
    Deal: {
        "title": Field("goods", lambda _turn, row: row.title or "", text_field("title", 300).put),
        "amount": AMOUNT,
        "stage": Field(
            "stage",
            lambda _turn, row: row.stage,
            _put_stage,
            told=lambda turn, row: stage_name(turn, row.stage),
            choices=lambda turn: {key: stage_name(turn, key) for key in stage_keys(turn)},
        ),
        "close": Field(
            "close",
            lambda _turn, row: str(row.close_day or ""),
            _put_close,
            told=lambda turn, row: turn.voice.day(row.close_day) if row.close_day else "",
        ),
        "source": Field(
            "source",
            lambda _turn, row: row.source or "",
            _put_source,
            told=lambda turn, row: source_said(turn, row) or "",
        ),
        "reason": Field(
            "reason",
            lambda _turn, row: row.reason or "",
            _put_reason,
            told=lambda turn, row: reason_said(turn, row) or "",
        ),
    },
    Order: {
        "amount": AMOUNT,
        "day": Field(
            "on",
            lambda _turn, row: str(row.on_day),
            _put_day,
            told=lambda turn, row: turn.voice.day(row.on_day),
        ),
        "number": Field(
            "order_number", lambda _turn, row: row.number or "", text_field("number", 60).put
        ),
        "status": Field(
            "order_status", lambda _turn, row: row.status or "", text_field("status", 40).put
        ),
    },
    Contract: {
        "title": Field(
            "contract_title", lambda _turn, row: row.title or "", text_field("title", 300).put
        ),
        "amount": AMOUNT,
        "months": Field("term", lambda _turn, row: str(row.months), _put_term),
        "renews": Field(
            "renewal",
            lambda _turn, row: str(row.renews_on),
            _put_renewal,
            told=lambda turn, row: turn.voice.day(row.renews_on),
        ),
        "began": Field(
            "began",
            lambda _turn, row: str(row.began_on or ""),
            _put_began,
            told=lambda turn, row: turn.voice.day(row.began_on) if row.began_on else "",
        ),
        "reason": text_field("reason", 2000),
    },
    LineItem: {
        "quantity": Field("quantity", lambda _turn, row: row.quantity or "", _put_quantity),
        "price": PRICE,
        "discount": Field("discount", lambda _turn, row: row.discount or "", _put_discount),
    },
    Product: {
        "price": PRICE,
        "unit": text_field("unit", 40),
        "category": text_field("category", 100),
        "code": text_field("code", 60),
    },
    Task: {
        "text": text_field("text", 300, needed=True),
        "due": Field(
            "due",
            lambda _turn, row: str(row.due or "").replace("T", " "),
            _put_due,
            told=lambda turn, row: turn.voice.due(row.due) if row.due else "",
        ),
    },
    Activity: {"text": text_field("text", 3000)},
    Ticket: {
        "text": text_field("text", 2000, needed=True),
        "priority": Field(
            "priority",
            lambda _turn, row: row.priority,
            _put_priority,
            told=lambda turn, row: _priorities(turn)[row.priority],
            choices=_priorities,
        ),
        "due_told": Field(
            "ticket_due",
            lambda turn, row: _local(turn, row.due_at) if row.due_told_at else "",
            _put_due_told,
            told=lambda turn, row: turn.voice.moment(row.due_at) if row.due_told_at else "",
        ),
    },
}
"""What can be edited of each kind, in the order of the form."""


def editable(turn: Turn, row: Row) -> dict[str, Field]:
    """What can be edited of a record, custom fields last."""
    own = fields(turn, row) if isinstance(row, Contact | Company) else []
    named = EDITABLE[type(row)] | {f"own{field.id}": _own(field) for field in own}
    if isinstance(row, Deal) and row.is_open:  # it has not ended for any reason yet
        named.pop("reason")
    if isinstance(row, Contract) and row.is_running:
        named.pop("reason")
    return named


def _own(field: CustomField) -> Field:
    """A custom field. Its value stands in the form as it is kept."""

    def shown(_turn: Turn, row: Any) -> str:
        there = row.has(field)
        return there.value if there else ""

    def put_own(turn: Turn, row: Any, value: str) -> None:
        try:
            put(turn, row, field, value)
        except Sorry as sorry:
            raise Wrong(sorry.key, **sorry.values) from None

    choices = {choice: choice for choice in field.choices or []}
    return Field(
        field.key,
        shown,
        put_own,
        told=lambda turn, row: told(turn, row, field),
        choices=(lambda _turn: choices) if choices else None,
        name=field.name,
    )
