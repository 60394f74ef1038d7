"""The records: those of ``rabta export``, and where each was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from exchange.values import Phones, emails_in, tidy

Record = dict[str, Any]

_NOTHING = frozenset(("", "0", "na", "none", "null", "nil", "no", "nan"))

FIELDS_MOST = 200
"""Fields of one record that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: its file, and its number there from 1; the sheet, where it has any."""

    file: str
    record: int
    sheet: str = ""

    def told(self) -> Record:
        told: Record = {"file": self.file, "record": self.record}
        return {**told, "sheet": self.sheet} if self.sheet else told


@dataclass
class Person:
    """A contact as it is gathered. Where Rabta has no column, ``fields`` keeps it by its name."""

    phones: Phones
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    city: str = ""
    lead_source: str = ""
    owner: str = ""
    created_at: str | None = None
    private: bool = False
    emails: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    language: str = ""
    consent: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def reach_by_email(self, said: str) -> None:
        found = emails_in(said)
        self.emails += [email for email in found if email not in self.emails]
        if not found and not is_nothing(said):
            keep(self.fields, "email", said)
            self.problem("email")

    def tag(self, tags: Iterable[str]) -> None:
        for tag in tags:
            known = tidy(tag).lower()
            if known and known not in self.tags:
                self.tags.append(known)

    def problem(self, code: str) -> None:
        if code not in self.problems:
            self.problems.append(code)

    def record(self, place: Place) -> Record:
        """As ``rabta export`` has it. ``source`` is where it was read; where the customer came
        from is ``lead_source``."""
        if self.phones.unread:
            self.problem("phone")
        for said in self.phones.unread:
            if said not in self.phones.odd and not is_nothing(said):
                keep(self.fields, "phone", said)
        alone = len(self.phones.read) == 1
        for number, inside in self.phones.extensions.items():
            keep(self.fields, "extension", inside if alone else f"{number} ext. {inside}")
        if not self.name:
            self.problem("no_name")
        private = {"private": True} if self.private else {}
        odd = {"phones_odd": self.phones.odd} if self.phones.unread and self.phones.odd else {}
        return {
            "type": "contact",
            "name": self.name or None,
            "first_name": self.first_name or None,
            "last_name": self.last_name or None,
            "company": self.company or None,
            "title": self.title or None,
            "phones": self.phones.read,
            "phones_as_written": self.phones.written,
            **odd,
            **private,
            "emails": self.emails,
            "city": self.city or None,
            "lead_source": self.lead_source or None,
            "tags": self.tags,
            "fields": self.fields,
            "note": "\n".join(self.notes) or None,
            "owner": self.owner or None,
            "created_at": self.created_at,
            "source": place.told(),
            "problems": self.problems,
            **({"language": self.language} if self.language else {}),
            **({"consent": self.consent} if self.consent else {}),
        }

    def as_firm(self) -> Record:
        """Phone and e-mail of a company, which has one of each; the others become fields."""
        phones = [*self.phones.read, *self.phones.odd]
        for name, others in (("phone", phones[1:]), ("email", self.emails[1:])):
            for said in others:
                keep(self.fields, name, said)
        return {"phone": next(iter(phones), None), "email": next(iter(self.emails), None)}

    @property
    def is_anybody(self) -> bool:
        """Is there a name, or any way to reach somebody?"""
        reached = self.emails or self.phones.written
        return bool(self.name or self.company or reached or self.notes or self.fields)


def is_nothing(said: str) -> bool:
    """What is written where there is no number or address: -, n/a, null."""
    return "".join(filter(str.isalnum, said.lower())) in _NOTHING


def keep(fields: dict[str, str], name: str, value: str) -> None:
    """Keep a value by its name, with a number after it where the name is taken."""
    value = value.strip()
    if not value or len(fields) >= FIELDS_MOST:
        return
    free, number = name, 1
    while free in fields:
        if fields[free] == value:
            return
        number += 1
        free = f"{name} {number}"
    fields[free] = value
