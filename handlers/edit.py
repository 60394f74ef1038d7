"""Edit what was just written: a form where the platform has dialogs, else a button a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.book import Chapter
from handlers.reply import Button, Call, Fields, Form, FormField, Line, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from handlers.who import called, new_company
from language import values
from language.folding import fold
from language.sounds import sound_key
from language.voice import plain
from rules.calendar import Due
from rules.money import Money, digits
from rules.pipeline import STAGES
from storage import history, queries
from storage.base import link
from storage.models import Activity, Company, Contact, Deal, Task
from storage.models import Turn as TurnRow

chapter = Chapter(__name__)

Row = Contact | Company | Deal | Task | Activity

KINDS: dict[str, type[Row]] = {
    "contact": Contact, "company": Company, "deal": Deal, "task": Task, "activity": Activity,
}  # fmt: skip


class Wrong(Exception):
    """A value that cannot be read: the key of what to say about it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value that can be edited: as it stands in a form, as it is read back, as it is told."""

    label: str
    shown: Callable[[Turn, Any], str]
    put: Callable[[Turn, Any, str], None]
    long: bool = False
    told: Callable[[Turn, Any], str] | None = None

    def tell(self, turn: Turn, row: Any) -> str:
        return (self.told or self.shown)(turn, row) or "—"


def _text(name: str, longest: int = 200, *, needed: bool = False) -> Field:
    def put(_turn: Turn, row: Any, value: str) -> None:
        if needed and not value:
            raise Wrong("needs_a_value")
        setattr(row, name, plain(value)[:longest] or None)

    return Field(name, lambda _turn, row: str(getattr(row, name) or ""), put, long=longest > 300)


def _put_name(_turn: Turn, row: Any, value: str) -> None:
    name = " ".join(plain(value).split())[:200]
    if not name:
        raise Wrong("needs_a_value")
    row.name = name
    row.name_key = fold(name)[:200]
    row.sound_key = sound_key(name)[:200]


NAME = Field("name", lambda _turn, row: row.name, _put_name)


def _put_company(turn: Turn, row: Any, value: str) -> None:
    if not value:
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


def _put_amount(turn: Turn, row: Deal, value: str) -> None:
    if not value:
        row.amount = None
        return
    found = values.read_amount(value, row.currency or turn.currency)
    if found is None:
        raise Wrong("bad_amount")
    row.amount = Money.of(str(found[0]), found[1])


def _shown_amount(_turn: Turn, row: Deal) -> str:
    if row.amount is None:
        return ""
    amount: Decimal = row.amount.amount
    whole = amount == amount.to_integral_value()
    shown = f"{amount:,.0f}" if whole else f"{amount:,.{digits(row.amount.currency)}f}"
    return f"{shown} {row.amount.currency}"


def _put_stage(_turn: Turn, row: Deal, value: str) -> None:
    stage = values.read_stage(value, STAGES) if value not in STAGES else value
    if stage not in STAGES:
        raise Wrong("bad_stage")
    row.stage = stage


def _read_due(turn: Turn, value: str) -> Due | None:
    if not value:
        return None
    try:
        return Due.parse(value.strip().replace(" ", "T"))
    except ValueError:
        said = values.read_due(value, turn.local)
    if said is None:
        raise Wrong("bad_due")
    return Due.parse(said)


def _put_due(turn: Turn, row: Task, value: str) -> None:
    row.set_due(_read_due(turn, value))


def _put_close(turn: Turn, row: Deal, value: str) -> None:
    due = _read_due(turn, value)
    row.close_day = due.day if due else None


EDITABLE: dict[type[Row], dict[str, Field]] = {
    Contact: {
        "name": NAME,
        "company": COMPANY,
        "title": _text("title"),
        "phone": _point("phone"),
        "email": _point("email"),
        "city": _text("city", 100),
    },
    Company: {"name": NAME, "city": _text("city", 100)},
    Deal: {
        "title": Field("goods", lambda _turn, row: row.title or "", _text("title", 300).put),
        "amount": Field(
            "amount",
            _shown_amount,
            _put_amount,
            told=lambda turn, row: turn.voice.exact_money(row.amount) if row.amount else "",
        ),
        "stage": Field(
            "stage",
            lambda _turn, row: row.stage,
            _put_stage,
            told=lambda turn, row: turn.say(f"stage_{row.stage}"),
        ),
        "close": Field(
            "close",
            lambda _turn, row: str(row.close_day or ""),
            _put_close,
            told=lambda turn, row: turn.voice.day(row.close_day) if row.close_day else "",
        ),
    },
    Task: {
        "text": _text("text", 300, needed=True),
        "due": Field(
            "due",
            lambda _turn, row: str(row.due or "").replace("T", " "),
            _put_due,
            told=lambda turn, row: turn.voice.due(row.due) if row.due else "",
        ),
    },
    Activity: {"text": _text("text", 3000)},
}
"""What can be edited of each kind, in the order of the form."""

FIELDS = 12
"""Fields of one form at most."""


@chapter.command("edit")
def edit(
    turn: Turn, turn_id: int | None = None, kind: str | None = None, record: int | None = None
) -> Reply:
    """A form over what a turn wrote, or over one record."""
    rows = _one(turn, kind, record) if kind and record else _written(turn, turn_id)
    if not rows:
        raise Sorry("nothing_to_edit")
    fields = [
        (f"{_kind(row)}:{row.id}:{name}", row, field)
        for row in rows
        for name, field in EDITABLE[type(row)].items()
    ][:FIELDS]
    labels = _labels(turn, [(row, field) for _, row, field in fields])
    form = Form(
        title=turn.say("edit_title"),
        submit=turn.say("save_button"),
        cancel=turn.say("cancel_button"),
        fields=tuple(
            _form_field(turn, name, row, field, label)
            for (name, row, field), label in zip(fields, labels, strict=True)
        ),
        call=Call("edit.save", {}),
        buttons=tuple(
            Button(label, Call("edit.field", {"field": name}))
            for (name, _, _), label in zip(fields, labels, strict=True)
        ),
    )
    return Reply((form,))


def _labels(turn: Turn, fields: list[tuple[Row, Field]]) -> list[str]:
    """Short labels; those that two records share, or that name somebody, say of which they are."""
    bare = [turn.say(f"field_{field.label}") for _, field in fields]
    many = len({id(row) for row, _ in fields}) > 1
    return [
        f"{turn.say(f'record_{_kind(row)}')}: {label}"
        if many and (bare.count(label) > 1 or field is NAME)
        else label
        for (row, field), label in zip(fields, bare, strict=True)
    ]


def _form_field(turn: Turn, name: str, row: Row, field: Field, label: str) -> FormField:
    choices = (
        tuple((stage, turn.say(f"stage_{stage}")) for stage in STAGES)
        if field.label == "stage"
        else ()
    )
    value = field.shown(turn, row)
    return FormField(name=name, label=label, value=value, choices=choices, long=field.long)


def _kind(row: Row) -> str:
    return next(name for name, kind in KINDS.items() if isinstance(row, kind))


def _one(turn: Turn, kind: str, record: int) -> list[Row]:
    row = queries.get(turn.session, KINDS[kind], turn.workspace.id, record)
    return [row] if row else []


def _written(turn: Turn, turn_id: int | None) -> list[Row]:
    """The records that a turn of this member made or changed, people first."""
    row = turn.session.get(TurnRow, (turn.workspace.id, turn_id)) if turn_id else None
    if row is None or row.member_id != turn.member.id or row.undone_by:
        return []
    found: dict[tuple[str, int], Row] = {}
    for change in history.changes_of(turn.session, row):
        kind = KINDS.get(change.table_name)
        record = queries.get(turn.session, kind, turn.workspace.id, change.row_id) if kind else None
        if record is not None:
            found[change.table_name, change.row_id] = record
    order = ["deal", "task", "contact", "activity", "company"]
    return sorted(found.values(), key=lambda each: order.index(_kind(each)))


@chapter.command("edit.field")
def edit_field(turn: Turn, field: str, value: str | None = None) -> Reply:
    """One field: ask for its new value, then put it."""
    row, about = _target(turn, field)
    if value is None:
        label = turn.say(f"field_{about.label}")
        raise Ask("ask_new_value", "value", kind="field", name=label, now=about.tell(turn, row))
    return save(turn, {field: value})


def _target(turn: Turn, field: str) -> tuple[Row, Field]:
    kind, number, name = field.split(":")
    row = queries.get(turn.session, KINDS[kind], turn.workspace.id, int(number))
    if row is None:
        raise Sorry("gone")
    return row, EDITABLE[type(row)][name]


@chapter.command("edit.save")
def save(turn: Turn, values: dict[str, str]) -> Reply:
    """Put the values of a form; those that are as they were stay untouched."""
    changed: list[tuple[str, str]] = []
    for name, value in values.items():
        row, field = _target(turn, name)
        if (value or "").strip() == field.shown(turn, row):
            continue
        was_empty, before = not field.shown(turn, row), field.tell(turn, row)
        try:
            field.put(turn, row, (value or "").strip())
        except Wrong as wrong:
            raise Sorry(
                str(wrong),
                (Button(turn.say("edit_button"), Call("edit.field", {"field": name})),),
                value=value,
            ) from None
        turn.session.flush()
        after = field.tell(turn, row)
        shown = after if was_empty else turn.say("changed_from", value=after, before=before)
        changed.append((turn.say(f"field_{field.label}"), shown))
    if not changed:
        return Reply((Line(turn.say("nothing_changed")),))
    return Reply((Title(turn.say("edited")), Fields(tuple(changed))), (turn.undo(),))


def form_errors(turn: Turn, values: dict[str, str]) -> dict[str, str]:
    """For a dialog: which values cannot be read, and why; nothing is kept."""
    errors: dict[str, str] = {}
    for name, value in values.items():
        savepoint = turn.session.begin_nested()
        try:
            save(turn, {name: value})
        except Sorry as sorry:
            errors[name] = turn.say(sorry.key, **sorry.values)
        finally:
            savepoint.rollback()
    return errors
