"""What tells people apart in a file: its rows, cards and records, in the shape to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from exchange.columns import Column, Plan, Row
from exchange.headers import key, slot_of
from exchange.records import Record
from exchange.values import Phones, clean, emails_in
from language.folding import fold

LONGEST = 200
MOST = 5
"""Values of one kind that are told of one person."""

_OF_SLOT = {
    "name": "name", "first_name": "given", "middle_name": "given", "last_name": "family",
    "company": "company", "phone": "phone", "phone_first": "phone", "phone_last": "phone",
    "email": "email", "city": "city", "street": "street", "state": "trait", "country": "trait",
    "postcode": "postcode", "birthday": "born", "title": "trait",
}  # fmt: skip

_FEW, _SEEN = 0.1, 20
"""A column of no known name tells people apart, a team or a blood group, where of so many cells
this share or less are different ones."""

_BORN = frozenset(("birth", "born", "dob"))
_NUMBERED = frozenset(("id", "number", "no", "key", "code", "identifier", "ref"))


def role_of(header: str) -> str | None:
    """What a column of this name tells of a person and a contact has no place for, if it does."""
    bare = " ".join(word for word in key(header).split() if not word.isdigit())
    slot = slot_of(header, "person") or slot_of(bare, "person")
    return slot.name if slot else None


class Roles:
    """What each column of a table tells of a person."""

    def __init__(self, plan: Plan, sample: Sequence[Row], region: str) -> None:
        self._region = region
        cells = {
            each.at: [row[each.at] for row in sample if each.at < len(row) and row[each.at].strip()]
            for each in plan.columns
        }
        roles = {each: _role(each, cells[each.at]) for each in plan.columns}
        if "id" not in roles.values():
            roles |= islice(_numbering(roles, cells), 1)
        self._roles = [(each.at, fold(each.header), role) for each, role in roles.items() if role]
        self.tell_nobody = {role for *_, role in self._roles} <= {"id", "trait"}

    def person(self, row: Row) -> Record:
        """One row."""
        said: dict[str, list[str]] = {}
        traits: list[tuple[str, str]] = []
        for at, header, role in self._roles:
            cell = row[at].strip() if at < len(row) else ""
            if cell and role == "trait":
                traits.append((header, fold(cell[:LONGEST])))
            elif cell:
                said.setdefault(role, []).append(cell)
        return _told(said, traits, self._region)


def _role(column: Column, cells: Sequence[str]) -> str | None:
    said = key(column.header).split()
    known = role_of(column.header) or (column.slot and _OF_SLOT.get(column.slot.name))
    if known or column.slot:
        return known or None
    if _BORN.intersection(said):
        return "born"
    different = len(set(cells))
    return "trait" if len(cells) >= _SEEN and 1 < different <= len(cells) * _FEW else None


def _numbering(
    roles: dict[Column, str | None], cells: dict[int, list[str]]
) -> Iterator[tuple[Column, str]]:
    """Columns that number the rows, those first that are called so: every row has one word there,
    and no two the same."""
    rows = max(map(len, cells.values()), default=0)
    for called in (True, False):
        for column, role in roles.items():
            there = set(cells[column.at])
            free = role is None and column.slot is None and len(there) == rows > 0
            is_called = bool(_NUMBERED.intersection(key(column.header).split()[-1:]))
            if free and is_called == called and not any(" " in cell for cell in there):
                yield column, "id"


def person_of(record: Record, region: str) -> Record:
    """A record as ``exchange.reading`` gives it, of a contact or company."""
    fields: dict[str, Any] = record.get("fields") or {}
    said: dict[str, list[Any]] = {
        "name": [record.get("name")],
        "phone": record.get("phones_as_written") or record.get("phones") or [record.get("phone")],
        "email": record.get("emails") or [record.get("email")],
        "company": [record.get("company")],
        "city": [record.get("city")],
        "street": [fields.get("address")],
    }
    for header, value in fields.items():
        role = role_of(header)
        if role in ("ids", "born", "postcode"):
            said.setdefault(role, []).append(value)
    texts = {role: [str(each) for each in values if each] for role, values in said.items()}
    return _told(texts, [], region)


def _told(said: dict[str, list[str]], traits: list[tuple[str, str]], region: str) -> Record:
    def of(role: str) -> list[str]:
        return [fold(clean(cell[:LONGEST])) for cell in said.get(role, ())[:MOST]]

    phones = (each for cell in said.get("phone", ()) for each in _phones(cell[:LONGEST], region))
    mails = (each for cell in said.get("email", ()) for each in _mails(cell[:LONGEST]))
    return {
        "type": "person",
        "id": (said.get("id") or [""])[0][:LONGEST],
        "name": " ".join(of("given") + of("family") + of("name")),
        "phones": list(dict.fromkeys(phones))[:MOST],
        "emails": list(dict.fromkeys(mails))[:MOST],
        "ids": of("ids"),
        "company": " ".join(of("company")[:1]),
        "city": " ".join(of("city")[:1]),
        "postcode": " ".join(of("postcode")[:1]),
        "address": " ".join(of("street")),
        "born": of("born"),
        "traits": traits,
    }


@lru_cache(maxsize=4096)
def _phones(said: str, region: str) -> tuple[str, ...]:
    phones = Phones(region)
    phones.add(said)
    return (*phones.read, *map(fold, phones.unread))


def _mails(said: str) -> list[str]:
    return emails_in(said) or [fold(said)]
