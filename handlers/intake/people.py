"""Contacts that come in: who is here already is filled in, the others are new.

Those are looked at who share a phone or e-mail address, or name and company; whether a record is
one of them, is judged where everybody asks it (``rules.duplicates.verdict``). A name alone makes
nobody the same: only where neither has anything else to be told by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.given import FileSorter
from handlers.intake.companies import Companies
from handlers.intake.fields import Fields
from handlers.intake.links import Links
from handlers.intake.report import Report
from handlers.intake.said import Owners, keeper_of, lead_source, moment, text
from handlers.intake.same import Here, alone, likeliest
from language.sounds import name_keys
from rules.reach_keys import city_key, reach_key
from storage.bulk import Bulk
from storage.fill import Fill
from storage.here import Known, known_by_name, known_by_point, look_up
from storage.models import Contact, ContactPoint, ContactTag, CustomValue
from storage.templates import INSTEAD

LONGEST = {"title": 200, "city": 100, "source": 100, "language": 8}
MOST_POINTS = 20
"""Phones and e-mails of one contact that are kept."""

Record = Mapping[str, Any]
Point = tuple[str, str]
"""``phone`` (E.164) or ``email``, and the value."""


@dataclass(slots=True, eq=False)
class Person:
    """A record, read: what would stand in its row and its parts."""

    record: Record
    keys: dict[str, str]
    values: dict[str, Any]
    points: list[Point]
    tags: list[str]
    fields: dict[str, str]
    company_id: int | None = None
    also: list[Person] = field(default_factory=list)  # the same person, further on in the file

    @property
    def name_key(self) -> str:
        return self.keys["name_key"]

    @property
    def city(self) -> str | None:
        said: str | None = self.values["city"]
        return said


def read(record: Record, zone: ZoneInfo) -> Person | None:
    """What a record says of a person; None where it does not say who."""
    points = _points(record)
    name = text(record.get("name"), 200) or (points[0][1] if points else None)
    keys = name_keys(name) if name else None
    if not keys or not keys["name_key"]:
        return None
    values: dict[str, Any] = {
        "title": text(record.get("title"), LONGEST["title"]),
        "city": text(record.get("city"), LONGEST["city"]),
        "source": lead_source(record),
        "language": _language(record.get("language")),
        "created_at": moment(record.get("created_at"), zone),
    }
    tags = [tag for said in record.get("tags") or () if (tag := text(said, 60))]
    fields = {
        key: said for key, each in (record.get("fields") or {}).items() if (said := text(each, 500))
    }
    return Person(record, keys, values, points, [tag.lower() for tag in tags], fields)


def _language(said: Any) -> str | None:
    """One in which customers are written to."""
    return str(said) if said in INSTEAD else None


def _points(record: Record) -> list[Point]:
    numbers = record.get("phones") or ()
    if odd := record.get("phones_odd"):  # which nobody can dial: kept, and told of when one tidies
        numbers = [*numbers, *odd]
    phones = [("phone", said) for each in numbers if (said := text(each, 254))]
    mails = [
        ("email", said.lower()) for each in record.get("emails") or () if (said := text(each, 254))
    ]
    points = [*phones, *mails]
    return list(dict.fromkeys(points))[:MOST_POINTS] if len(points) > 1 else points


class People:
    """Takes in contacts, some thousands at a time. ``placed``: records, and whose they are here."""

    def __init__(
        self, bulk: Bulk, fill: Fill, companies: Companies, fields: Fields, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo, links: Links, today: date,
        sorter: FileSorter,
    ) -> None:  # fmt: skip
        self.bulk, self.fill, self.companies, self.fields = bulk, fill, companies, fields
        self.report, self.owner_id, self.now, self.zone = report, owner_id, now, zone
        self.links, self.sorter = links, sorter
        self.placed: list[tuple[Record, int]] = []
        self.noted = {
            "kind": "note",
            "company_id": None,
            "at": now,
            "on_day": today,
            "by_id": owner_id,
        }

    def take_in(self, records: Sequence[Record], owners: Owners) -> None:
        people = list(self._read(records))
        there = self.companies.ids([text(each.record.get("company"), 200) for each in people])
        for person, company_id in zip(people, there, strict=True):
            person.company_id = (
                self.links.of("company", person.record.get("company_id")) or company_id
            )
        fresh = []
        self.placed.clear()
        for person, known in self._who(people):
            if known is None:
                fresh.append(person)
                continue
            changed = self._fill_in(known, person)
            self.placed.append((person.record, known.id))
            self.report.counts["contact", "updated" if changed else "same"] += 1
        self._write(fresh, owners)

    def _read(self, records: Sequence[Record]) -> Iterator[Person]:
        for record in records:
            person = read(record, self.zone)
            if person is None:
                self.report.refuse(record, "no_name")
            else:
                yield person

    # --- who is who -------------------------------------------------------------------------------

    def _who(self, people: Sequence[Person]) -> Iterator[tuple[Person, Known | None]]:
        """Each with whom it is; those that come twice in these records are made one first."""
        session, space = self.bulk.session, self.bulk.workspace_id
        values = {value for person in people for _, value in person.points}
        by_point = known_by_point(session, space, self.owner_id, values)
        rest = [each for each in people if not self._reached(each, by_point)]
        by_name = known_by_name(
            session, space, self.owner_id,
            {each.name_key for each in rest}, {each.company_id for each in rest},
        )  # fmt: skip
        found = {person_id for ids in by_point.values() for person_id in ids}
        found |= {person_id for ids in by_name.values() for person_id in ids}
        known = look_up(session, space, found)
        here: Here[Person] = Here()
        for person in people:
            one = self._known(person, by_point, by_name, known)
            if one is not None and not self._is_another(one, person):
                yield person, one
            elif (first := here.of(person)) and not _are_two(first.record, person.record):
                first.also.append(person)
                here.reached(first, person.points)
                self.report.counts["contact", "merged"] += 1
            else:
                here.add(person)
                yield person, None

    def _is_another(self, known: Known, person: Person) -> bool:
        """Whether that one has just come from the workspace that knows both (ids grow)."""
        return isinstance(person.record.get("id"), int) and known.id > self.bulk.turn_id

    @staticmethod
    def _reached(person: Person, by_point: Mapping[str, Sequence[int]]) -> bool:
        return any(value in by_point for _, value in person.points)

    def _known(
        self,
        person: Person,
        by_point: Mapping[str, Sequence[int]],
        by_name: Mapping[tuple[str, int | None], Sequence[int]],
        known: Mapping[int, Known],
    ) -> Known | None:
        reached = [known[each] for _, value in person.points for each in by_point.get(value, ())]
        for one in reached:
            if one.name_key == person.name_key:
                return one
        named = [known[each] for each in by_name.get((person.name_key, person.company_id), ())]
        told = alone(person)
        for one in named if told else ():
            if alone(one) == told:
                return one
        if person.company_id is None:
            named = []
        return likeliest(person, [*reached, *named])

    # --- written ----------------------------------------------------------------------------------

    def _fill_in(self, known: Known, person: Person) -> bool:
        """What the known one lacks; whether that was anything."""
        values = {key: person.values[key] for key in LONGEST} | {"company_id": person.company_id}
        lacking = {key: said for key, said in values.items() if said and not getattr(known, key)}
        keys = {"city_key": city_key(lacking["city"])} if "city" in lacking else {}
        changed = self.fill.columns("contact", known.id, lacking | keys)
        for key, said in lacking.items():
            setattr(known, key, said)
        for point in person.points:
            if point not in known.points:
                known.points.append(point)
                reached = {"kind": point[0], "value": point[1], "value_key": reach_key(point[1])}
                self.fill.part(ContactPoint, contact_id=known.id, **reached)
                changed = True
        for tag in person.tags:
            if tag not in known.tags:
                known.tags.append(tag)
                self.fill.part(ContactTag, contact_id=known.id, tag=tag)
                changed = True
        for field_id, value in self.fields.of(person.fields):
            if field_id not in known.fields:
                known.fields.append(field_id)
                self.fill.part(CustomValue, contact_id=known.id, field_id=field_id, **value)
                changed = True
        return changed

    def _write(self, people: Sequence[Person], owners: Owners) -> None:
        if not people:
            return
        contacts, points, tags, values = [], [], [], []
        for number, person in zip(self.bulk.ids(len(people)), people, strict=True):
            whole = _together(person)
            owner = keeper_of(person.record, owners, self.owner_id)
            if not whole.record.get("owner") and owner is not None:
                owner = self._given(whole) or owner
            contacts.append({"id": number, **whole.keys, **whole.values, "owner_id": owner,
                             "company_id": whole.company_id,
                             "city_key": city_key(whole.values["city"]),
                             "private": whole.record.get("private") is True,
                             "created_at": whole.values["created_at"] or self.now})  # fmt: skip
            points += [
                {"contact_id": number, "kind": kind, "value": value, "value_key": reach_key(value)}
                for kind, value in whole.points
            ]
            self.placed += [(each.record, number) for each in (person, *person.also)]
            tags += [{"contact_id": number, "tag": tag} for tag in dict.fromkeys(whole.tags)]
            values += [
                {"contact_id": number, "company_id": None, "field_id": each, **value}
                for each, value in self.fields.of(whole.fields)
            ]
        self.bulk.write(Contact, contacts)
        self.bulk.write(ContactPoint, points)
        self.bulk.write(ContactTag, tags)
        self.bulk.write(CustomValue, values)
        self.report.counts["contact", "new"] += len(people)

    def _given(self, person: Person) -> int | None:
        """Whose a lead is whom the file gives to nobody, by the team's rules."""
        record = person.record
        if record.get("private") is True or not self.sorter.has_rules:
            return None
        texts = (
            text(record.get("company"), 200), person.values["title"], *person.tags,
            *person.fields.values(), text(record.get("note"), 400),
        )  # fmt: skip
        return self.sorter.owner({**record, **person.values}, texts)


def _are_two(one: Record, other: Record) -> bool:
    """Whether they come from a workspace that knows them as two: its ids are numbers."""
    ids = [each.get("id") for each in (one, other)]
    return all(isinstance(each, int) for each in ids) and ids[0] != ids[1]


def _together(person: Person) -> Person:
    """With what the file says of the same person further on."""
    for other in person.also:
        for key, said in other.values.items():
            person.values[key] = person.values[key] or said
        person.company_id = person.company_id or other.company_id
        person.points = list(dict.fromkeys([*person.points, *other.points]))[:MOST_POINTS]
        person.tags += other.tags
        person.fields = {**other.fields, **person.fields}
    return person
