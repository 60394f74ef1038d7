"""The custom fields of the workspace: by name, for whom they are, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from exchange.people import role_of
from handlers.intake.fields import MOST, Fields
from handlers.turn import Sorry, Turn
from language.birthdays import read_birthday
from language.folding import ascii_digits, fold, letters
from language.own_names import named
from language.values import read_amount, read_due
from language.voice import grouped, one_line
from rules.day_keys import day_in, day_key
from storage.fields import fields_of
from storage.models import Company, Contact, CustomField

KNOWN = frozenset(
    {
        "website", "address", "birthday", "anniversary", "telegram", "whatsapp", "fax", "email",
        "department", "role", "nickname", "profile", "gender", "spouse", "manager", "assistant",
        "extension",
    }
)  # fmt: skip
"""Fields that cards and photos bring along: they have a word in each language."""

LONGEST = 500
"""Characters of a value."""

A_LEAP_YEAR = 2000
"""In which every day of a year can be."""

LARGEST = Decimal(10) ** 15
DECIMALS = 6


def all_fields(turn: Turn) -> list[CustomField]:
    """Those in use and those that were removed; looked up once for a session."""
    return turn.once(fields_of)


def fields(turn: Turn, row: Contact | Company | None = None) -> list[CustomField]:
    """The fields in use; of a record, those that are for its kind."""
    kind = row.__tablename__ if row is not None else None
    return [
        field
        for field in all_fields(turn)
        if field.active and (kind is None or field.subject in (None, kind))
    ]


def born_fields(turn: Turn) -> list[CustomField]:
    """Those in use that hold birthdays."""
    return [field for field in fields(turn) if role_of(field.name) == "born"]


def field_names(turn: Turn) -> dict[str, str]:
    """As the reader knows them: names by key."""
    return {field.key: field.name for field in fields(turn)}


def field_meant(turn: Turn, said: str) -> CustomField:
    """The field of this key or name. Sorry if there is none, with those that there are."""
    names = field_names(turn)
    key = said if said in names else named(said, names)
    found = next((field for field in fields(turn) if field.key == key), None)
    if found is None:
        key = "no_such_field" if names else "no_fields_yet"
        raise Sorry(key, name=said, names=list(names.values()))
    return found


def label_of(turn: Turn, name: str) -> str:
    """What a field is called on a card."""
    bare = name.casefold()
    return turn.say(f"field_{bare}") if bare in KNOWN else name


def own_rows(turn: Turn, row: Contact | Company) -> list[tuple[str, str]]:
    """What stands in the custom fields of a record, as labelled values for its card."""
    return [
        (label_of(turn, field.name), shown)
        for field in fields(turn, row)
        if (shown := told(turn, row, field))
    ]


def told(turn: Turn, row: Contact | Company, field: CustomField) -> str:
    """A value as it is told; empty where there is none."""
    there = row.has(field)
    if there is None:
        return ""
    turn.shows(there)
    if field.kind == "number":
        return grouped_exactly(Decimal(there.value))
    is_day = field.kind == "date" or role_of(field.name) == "born"
    return day_told(turn, there.value) if is_day else there.value


def day_told(turn: Turn, value: str) -> str:
    """A day as it is kept, ``1985-12-03`` or, without its year, ``--12-03``; what is none of them
    as it stands."""
    if value.startswith("-"):
        day = day_in(value, A_LEAP_YEAR)
        return f"{day.day} {turn.voice.month(day.month)}" if day else value
    try:
        return turn.voice.day(date.fromisoformat(value))
    except ValueError:
        return value


def grouped_exactly(number: Decimal) -> str:
    """``12,000`` or ``2.5``, with all its decimals."""
    whole = number == number.to_integral_value()
    return grouped(number) if whole else f"{number:,f}"


def put(turn: Turn, row: Contact | Company, field: CustomField, said: str) -> None:
    """Keep what was said; an empty text takes the value out. Sorry for what cannot be read."""
    said = one_line(said, LONGEST)
    value = READERS[field.kind](turn, field, said) if said else ""
    row.keep(field, value, letters(value))


def field_made(
    turn: Turn, name: str, *, kind: str = "text", subject: str | None = None
) -> CustomField:
    """A new field of that name. Sorry where there is no room for one."""
    given = list(Fields(turn.session, turn.workspace.id).of({name: "-"}))
    if not given:
        raise Sorry("fields_full", n=MOST)
    turn.anew()
    field = next(each for each in all_fields(turn) if each.id == given[0][0])
    field.kind, field.subject = kind, subject
    turn.session.flush()
    return field


def put_by_name(turn: Turn, row: Contact | Company, name: str, said: str) -> bool:
    """Keep what a card says under that name, in a field that is made where there is none; whether
    it is news. What is known stays, and what cannot be read, or has no room, is left out."""
    given = list(Fields(turn.session, turn.workspace.id).of({name: said}))
    if not given:
        return False
    number = given[0][0]
    if all(each.id != number for each in all_fields(turn)):
        turn.anew()
    field = next(each for each in all_fields(turn) if each.id == number)
    if field.subject not in (None, row.__tablename__) or row.has(field):
        return False
    try:
        put(turn, row, field, said)
    except Sorry:
        return False
    return True


def _text(_turn: Turn, _field: CustomField, said: str) -> str:
    """As it was typed, with figures that are found from any keyboard."""
    return ascii_digits(said)


def _number(turn: Turn, field: CustomField, said: str) -> str:
    """A plain number; lakh, crore and number words are multiplied out."""
    try:
        number = Decimal(fold(said).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        found = read_amount(said, turn.currency)
        number = Decimal(str(found[0])) if found else Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Sorry("bad_number", value=said, name=field.name)
    plainly = f"{round(number, DECIMALS):f}"
    return plainly.rstrip("0").rstrip(".") if "." in plainly else plainly


def _date(turn: Turn, field: CustomField, said: str) -> str:
    if role_of(field.name) == "born":
        if day_key(said) and day_told(turn, said) != said:
            return said  # as it is kept
        if born := read_birthday(said, turn.local):
            return born
    try:
        return date.fromisoformat(fold(said)).isoformat()
    except ValueError:
        found = read_due(said, turn.local)
    if found is None:
        raise Sorry("bad_date", value=said, name=field.name)
    return found[: len("2026-11-23")]


def _choice(_turn: Turn, field: CustomField, said: str) -> str:
    choices = field.choices or []
    chosen = named(said, {choice: choice for choice in choices})
    if chosen is None:
        raise Sorry("bad_choice", value=said, name=field.name, choices=list(choices))
    return chosen


READERS: dict[str, Callable[[Turn, CustomField, str], str]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
}
"""How a value is read, by the kind of its field."""
