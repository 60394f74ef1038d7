"""A person who was read from a photo, card or message: field by field, and each put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from exchange.records import Person, Place
from exchange.values import Phones, dialled
from handlers.own_fields import label_of
from handlers.turn import Sorry, Turn
from language.values import read_email
from language.voice import one_line, plain

Record = dict[str, Any]

PLAIN = ("name", "title", "company")
LISTS = ("phones", "emails")
OWN = "own"
"""Before the name of a field that the record keeps by its name: ``own:website``."""

WANTED = ("name", "phones:0", "company")
"""What can be filled in where it is lacking."""

LONGEST = {"name": 200, "title": 200, "company": 200, "city": 100, "note": 3000}


@dataclass(frozen=True, slots=True)
class Shown:
    """A field by its key: ``name``, ``phones:1``, ``own:website``; with its label and value."""

    key: str
    label: str
    value: str


def record_of(
    turn: Turn,
    name: str,
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    company: str = "",
    **fields: str,
) -> Record:
    """Somebody whom a platform tells of, as a record."""
    person = Person(Phones(turn.workspace.region))
    person.name, person.company = one_line(name), one_line(company)
    for said in phones:
        person.phones.add_one(said)
    for said in emails:
        person.reach_by_email(said)
    person.fields |= {key: said for key, said in fields.items() if said}
    return person.record(Place("", 1))


def whole(record: Record) -> Record:
    """The record with one list of phones, as it is shown and put right: as they are dialled, and
    then those that nobody can dial, as they were written."""
    mine = deepcopy(record)
    fields = mine.get("fields") or {}
    loose = [key for key in fields if key.partition(" ")[0] == "phone"]  # as no number looks
    odd = [*mine.pop("phones_odd", ()), *(fields.pop(key) for key in loose)]
    mine["phones"], mine["phones_as_written"] = [*(record.get("phones") or ()), *odd], []
    return mine


def shown(turn: Turn, record: Record) -> Iterator[Shown]:
    """What is known, in the order of a card; and what should be."""
    yield from _plain(turn, record, PLAIN)
    for key in LISTS:
        values = record.get(key) or []
        label = turn.say(f"field_{key[:-1]}")
        for number, value in enumerate(values):
            told = label if len(values) == 1 else f"{label} {turn.voice.show(number + 1)}"
            yield Shown(f"{key}:{number}", told, str(value))
    yield from _plain(turn, record, ("city",))
    for name, value in (record.get("fields") or {}).items():
        yield Shown(f"{OWN}:{name}", label_of(turn, name), str(value))
    yield from _plain(turn, record, ("note",))


def _plain(turn: Turn, record: Record, keys: Iterable[str]) -> Iterator[Shown]:
    for key in keys:
        if value := record.get(key):
            yield Shown(key, turn.say(f"field_{key}"), str(value))


def lacking(turn: Turn, there: Iterable[Shown]) -> Iterator[Shown]:
    """What is not known and can be filled in."""
    keys = {each.key for each in there}
    for key in WANTED:
        if key not in keys:
            kind = key.partition(":")[0]
            yield Shown(key, turn.say(f"field_{kind.removesuffix('s')}"), "")


def put(turn: Turn, record: Record, key: str, said: str) -> Record:
    """The record with another value; an empty one takes the field out. Sorry where it cannot be
    read."""
    mine = deepcopy(record)
    said = plain(said).strip() if key == "note" else one_line(said)
    kind, _, which = key.partition(":")
    if kind in LISTS:
        _put_in_list(mine.setdefault(kind, []), int(which), _reach(turn, kind, said))
    elif kind == OWN:
        mine["fields"] = _with(mine.get("fields") or {}, which, said[:500])
    else:
        mine[kind] = said[: LONGEST[kind]] or None
    return mine


def _reach(turn: Turn, kind: str, said: str) -> str:
    """A number or address as it is kept."""
    if not said:
        return ""
    is_phone = kind == "phones"
    value = dialled(said, turn.workspace.region) if is_phone else read_email(said)
    if value is None:
        raise Sorry("bad_phone" if is_phone else "bad_email", value=said)
    return value


def _put_in_list(values: list[str], number: int, value: str) -> None:
    if not value:
        del values[number : number + 1]
    elif number < len(values):
        values[number] = value
    elif value not in values:
        values.append(value)


def _with(fields: dict[str, str], name: str, value: str) -> dict[str, str]:
    if value:
        return {**fields, name: value}
    return {key: each for key, each in fields.items() if key != name}
