"""Edit what was just written: a form where the platform has dialogs, else a button a field."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.deal_held import total_of
from handlers.editable import NAME, Field, Row, Wrong, editable
from handlers.learning import from_edit
from handlers.reply import Button, Call, Fields, Form, FormField, Line, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from storage import history, queries
from storage.goods import lines_of
from storage.models import (
    Activity,
    Change,
    Company,
    Contact,
    Contract,
    CustomValue,
    Deal,
    LineItem,
    Order,
    Product,
    Task,
    Ticket,
)
from storage.models import Turn as TurnRow
from storage.writing import savepoint

chapter = Chapter(__name__)

KINDS: dict[str, type[Row]] = {
    "contact": Contact, "company": Company, "deal": Deal, "task": Task, "activity": Activity,
    "line": LineItem, "product": Product, "order": Order, "contract": Contract,
    "ticket": Ticket,
}  # fmt: skip

TABLES = {"line_item": "line"}
"""What tables are called here, where it is another name."""

FIELDS = 20
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
        for name, field in editable(turn, row).items()
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
    bare = [field.called(turn) for _, field in fields]
    many = len({id(row) for row, _ in fields}) > 1
    return [
        f"{_of_which(turn, row)}: {label}"
        if isinstance(row, LineItem) or (many and (bare.count(label) > 1 or field is NAME))
        else label
        for (row, field), label in zip(fields, bare, strict=True)
    ]


def _of_which(turn: Turn, row: Row) -> str:
    """Of goods their name, of which a deal may have several."""
    return (row.name or "")[:40] if isinstance(row, LineItem) else turn.say(f"record_{_kind(row)}")


def _form_field(turn: Turn, name: str, row: Row, field: Field, label: str) -> FormField:
    choices = tuple(field.choices(turn).items()) if field.choices else ()
    value = field.shown(turn, row)
    return FormField(name=name, label=label, value=value, choices=choices, long=field.long)


def _kind(row: Row) -> str:
    return next(name for name, kind in KINDS.items() if isinstance(row, kind))


def _one(turn: Turn, kind: str, record: int) -> list[Row]:
    row = queries.get(turn.session, KINDS[kind], turn.workspace.id, record)
    goods = lines_of(turn.session, row) if isinstance(row, Deal | Order) else []
    return [row, *goods] if row else []


def _written(turn: Turn, turn_id: int | None) -> list[Row]:
    """The records that a turn of this member made or changed, people first."""
    row = turn.session.get(TurnRow, (turn.workspace.id, turn_id)) if turn_id else None
    if row is None or row.member_id != turn.member.id or row.undone_by:
        return []
    found: dict[int, Row] = {}
    for change in history.changes_of(turn.session, row):
        record = _changed(turn, change)
        if record is not None:
            found[record.id] = record
    order = [
        "ticket", "deal", "contract", "order", "line", "product", "task", "contact", "activity",
        "company",
    ]  # fmt: skip
    return sorted(found.values(), key=lambda each: order.index(_kind(each)))


def _changed(turn: Turn, change: Change) -> Row | None:
    """The record that a change is of; of a value in a custom field, the one that has it."""
    table, number = TABLES.get(change.table_name, change.table_name), change.row_id
    if table == CustomValue.__tablename__:
        after = change.after or change.before or {}
        table = "contact" if after["contact_id"] else "company"
        number = after[f"{table}_id"]
    kind = KINDS.get(table)
    return queries.get(turn.session, kind, turn.workspace.id, number) if kind else None


@chapter.command("edit.field")
def edit_field(turn: Turn, field: str, value: str | None = None) -> Reply:
    """One field: ask for its new value, then put it."""
    row, about = _target(turn, field)
    if value is None:
        label, now = about.called(turn), about.tell(turn, row)
        raise Ask("ask_new_value", "value", kind="field", shows=about.of(row), name=label, now=now)
    return save(turn, {field: value})


def _target(turn: Turn, field: str) -> tuple[Row, Field]:
    kind, number, name = field.split(":")
    row = turn.record(KINDS[kind], int(number))
    field_of = editable(turn, row)
    if name not in field_of:
        raise Sorry("gone")
    return row, field_of[name]


@chapter.command("edit.save")
def save(turn: Turn, values: dict[str, str], drawn: dict[str, str] | None = None) -> Reply:
    """Put the values of a form; those that are as they were stay untouched.

    ``drawn`` are the values that stood in the form: what is still as it was there, the member did
    not touch, whatever has become of it. What was changed meanwhile comes last, each by itself,
    so that a question about it holds up nothing else.
    """
    values = _touched(values, drawn or {})
    doubtful = _moved_on(turn, values, drawn or {})
    if doubtful and len(values) > 1:
        alone = [{name: values[name]} for name in doubtful]
        rest = {name: value for name, value in values.items() if name not in doubtful}
        return turn.run(
            turn, [Call("edit.save", {"values": some}) for some in (rest, *alone) if some]
        )
    changed: list[tuple[str, str]] = []
    corrected: list[tuple[Row, str]] = []
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
                **{"value": value, **wrong.values},
            ) from None
        turn.session.flush()
        after = field.tell(turn, row)
        shown = after if was_empty else turn.say("changed_from", value=after, before=before)
        changed.append((field.called(turn), shown))
        corrected.append((row, name.rpartition(":")[2]))
    from_edit(turn, corrected)
    for row, _ in corrected:
        if isinstance(row, LineItem):
            whole = _whole(turn, row)
            whole.follow(total_of(lines_of(turn.session, whole)))
    if not changed:
        return Reply((Line(turn.say("nothing_changed")),))
    return Reply((Title(turn.say("edited")), Fields(tuple(changed))), (turn.undo(),))


def _whole(turn: Turn, line: LineItem) -> Deal | Order:
    """What a line is of."""
    if line.deal_id:
        return turn.record(Deal, line.deal_id)
    return turn.record(Order, line.order_id or 0)


def _touched(values: dict[str, str], drawn: dict[str, str]) -> dict[str, str]:
    """What does not say the same as when the form was drawn."""
    return {
        name: value
        for name, value in values.items()
        if name not in drawn or (value or "").strip() != drawn[name].strip()
    }


def _moved_on(turn: Turn, values: dict[str, str], drawn: dict[str, str]) -> list[str]:
    """Fields that are no longer as they were drawn."""
    return [
        name
        for name in values
        if name in drawn
        for row, field in (_target(turn, name),)
        if field.shown(turn, row).strip() != drawn[name].strip()
    ]


def form_errors(turn: Turn, values: dict[str, str], drawn: dict[str, str]) -> dict[str, str]:
    """For a dialog: which values cannot be read, and why; nothing is kept."""
    errors: dict[str, str] = {}
    for name, value in _touched(values, drawn).items():
        tried = savepoint(turn.session)
        try:
            save(turn, {name: value})
        except Sorry as sorry:
            errors[name] = turn.say(sorry.key, **sorry.values)
        finally:
            tried.rollback()
    return errors
