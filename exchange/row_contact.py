"""A row as a contact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

from exchange.cells import ADDRESS, Cells, Layout
from exchange.columns import Column
from exchange.headers import city_of, is_party, key
from exchange.records import Person, Place, Record, keep
from exchange.regions import region_of
from exchange.values import Phones, tidy

Step = Callable[[Person, Cells], None]
"""Reads something of a row into a person."""

_BLOCKS = re.compile(
    r"^(?:address \d+|business|work|mailing|primary|billing|shipping|home|other)\b"
)
_USUAL = ("", "business", "work", "mailing", "primary", "address 1", "billing", "shipping", "home")
_SYSTEM_TAG = "* "  # what Google puts before its own groups
_FAMILY_FIRST = re.compile(r"([^\s,]+), ?([^,]+)")
_DEGREES = ("phd", "md", "mba", "jr", "sr", "esq", "ii", "iii", "mbbs", "ca", "cpa", "dds")
_YES = frozenset({"yes", "true", "1", "private", "y", "ہاں", "haan"})
_BETWEEN_TAGS = re.compile(r":::|[;,|،]")


def contact(cells: Cells, region: str, place: Place) -> Record:
    """The record of a person."""
    person = Person(Phones(region_of(cells.peek("country")) or region))
    for step in _steps(cells.layout):
        step(person, cells)
    cells.fields(person.fields)
    return person.record(place)


@lru_cache(maxsize=8)
def _steps(layout: Layout) -> list[Step]:
    """What is to be read of each row: of a table without a column for it, nothing."""
    there = layout.slots.keys()
    return [step for slots, step in _READ if not there.isdisjoint(slots)]


def _name(person: Person, cells: Cells) -> None:
    """From its parts where the file has them; else as it stands, the family behind."""
    first, last = cells.first("first_name"), cells.first("last_name")
    middle, suffix = cells.first("middle_name"), cells.first("suffix")
    parts = " ".join(filter(None, (first, middle, last, suffix)))
    whole = cells.first("name")
    if first and last and whole and not set(parts.split()) <= set(whole.split()):
        keep(person.fields, "full name", whole)
    elif whole and not first and last:
        parts = whole if whole.endswith(last) else f"{whole} {last}"
    elif whole and not (first and last):
        parts = _turned(whole)
    person.name, person.first_name, person.last_name = parts, first, last


def _phones(person: Person, cells: Cells) -> None:
    for said in cells.all("phone_first", "phone", "phone_last"):
        person.phones.add(said)


def _emails(person: Person, cells: Cells) -> None:
    for said in cells.all("email"):
        person.reach_by_email(said)


def _company(person: Person, cells: Cells) -> None:
    is_alone = not person.name and is_party(cells.header("company"))
    person.company = cells.first("company")
    if is_alone:  # a shop, and nobody else to call
        person.name, person.company = person.company, ""


def _title(person: Person, cells: Cells) -> None:
    person.title = cells.first("title")


def _whose(person: Person, cells: Cells) -> None:
    person.lead_source, person.owner = cells.first("lead_source"), cells.first("owner")
    person.created_at = cells.moment("created_at")
    person.private = cells.first("private").lower() in _YES


def _tags(person: Person, cells: Cells) -> None:
    for said in cells.all("tags"):
        tags = (tag.strip(' "') for tag in _BETWEEN_TAGS.split(said))  # some put each in quotes
        person.tag(tag for tag in tags if not f"{tag} ".startswith(_SYSTEM_TAG))


def _note(person: Person, cells: Cells) -> None:
    person.notes += cells.all("note")


def _language(person: Person, cells: Cells) -> None:
    person.language = _LANGUAGES.get(cells.peek("language").casefold(), "")
    if person.language:
        cells.first("language")


def _consent(person: Person, cells: Cells) -> None:
    person.consent = consent(cells)


def _birthday(person: Person, cells: Cells) -> None:
    if birthday := cells.day("birthday"):
        keep(person.fields, "birthday", birthday)
    for slot in ("birthday", "website"):
        for said in cells.all(slot):
            keep(person.fields, slot, tidy(said))


def _turned(whole: str) -> str:
    """``Khan, Ali`` is Ali Khan; ``Ali Khan, PhD`` stays."""
    found = _FAMILY_FIRST.fullmatch(whole)
    if found is None or found[2].replace(".", "").lower() in _DEGREES:
        return whole
    return f"{found[2]} {found[1]}"


def addresses(person: Person, cells: Cells) -> None:
    """The city, and each whole address as one field; the office before the home."""
    if cells.layout.has_one_city:
        person.city = next((city_of(tidy(value)) for _, value in cells.take("city")), "")
        return
    blocks: dict[str, dict[str, list[tuple[Column, str]]]] = {}
    for part in ADDRESS:
        for column, value in cells.take(part):
            there = blocks.setdefault(_block(column.header), {})
            there.setdefault(part, []).append((column, value))
    for block in sorted(blocks, key=lambda each: (each not in _USUAL, _order(each))):
        said = {part: _ranked(there) for part, there in blocks[block].items()}
        city = city_of((said.get("city") or [""])[0])
        person.city = person.city or city
        if set(said) - {"city", "country"}:
            streets = said.get("street", [])[: None if _in_lines(blocks[block]) else 1]
            rest = [(said.get(part) or [""])[0] for part in ADDRESS[1:]]
            whole = ", ".join(streets)
            pieces = [each for each in rest if each and each.lower() not in whole.lower()]
            keep(person.fields, "address", ", ".join(filter(None, (whole, *pieces))))
        elif city != person.city:
            keep(person.fields, "city", city)
        if "country" in said and len(said) <= len({"city", "country"} & set(said)):
            keep(person.fields, "country", said["country"][0])


def consent(cells: Cells) -> list[dict[str, Any]]:
    """What columns of consent and of opting out say, one answer for each channel: of a yes and a no
    the no. What is neither is left to stand as a field."""
    told: dict[str, bool] = {}
    for slot, channels, is_no in _CONSENT:
        for column, value in cells.take(slot):
            answer = _ANSWERS.get(tidy(value).casefold())
            if answer is None:
                cells.leave(column, value)
                continue
            if is_no and not answer:  # who has not opted out has not opted in
                continue
            for channel in channels:
                told[channel] = told.get(channel, True) and answer and not is_no
    return [{"channel": channel, "granted": granted} for channel, granted in told.items()]


_LANGUAGES = {
    "english": "en", "en": "en", "انگریزی": "en", "urdu": "ur", "ur": "ur", "اردو": "ur",
    "roman urdu": "roman", "roman": "roman",
}  # fmt: skip
"""In which customers are written to; any other stays a field."""

_EVERY = ("email", "telegram", "whatsapp", "sms")
_CONSENT = (
    *((f"consent_{each}", (each,), False) for each in _EVERY),
    ("consent", _EVERY, False),
    *((f"opt_out_{each}", (each,), True) for each in _EVERY),
    ("opt_out", _EVERY, True),
)  # fmt: skip
"""Columns, the channels they are about, and whether a yes in them is a no."""

_GRANTED = (
    "yes, y, true, 1, x, ok, agreed, granted, opted in, subscribed, haan, han, ji, ہاں, جی, ✓, ✔"
)
_WITHDRAWN = "no, n, false, 0, refused, withdrawn, opted out, unsubscribed, nahi, nai, نہیں, ✗"
_ANSWERS = {
    word.strip(): answer for words, answer in ((_GRANTED, True), (_WITHDRAWN, False))
    for word in words.split(",")
}  # fmt: skip


_READ: tuple[tuple[Iterable[str], Step], ...] = (
    (("name", "first_name", "middle_name", "last_name", "suffix"), _name),
    (("phone_first", "phone", "phone_last"), _phones),
    (("email",), _emails),
    (("company",), _company),
    (("title",), _title),
    (("lead_source", "owner", "created_at", "private"), _whose),
    (ADDRESS, addresses),
    (("tags",), _tags),
    (("note",), _note),
    (("language",), _language),
    ([slot for slot, _, _ in _CONSENT], _consent),
    (("birthday", "website"), _birthday),
)
"""What is read of a row, in this order, and the columns that it is read from."""


@cache
def _block(header: str) -> str:
    """Whose address it is part of: ``business``, ``address 1``, or "" of no certain one."""
    found = _BLOCKS.match(key(header))
    return found[0] if found else ""


def _order(block: str) -> int:
    return _USUAL.index(block) if block in _USUAL else len(_USUAL)


def _ranked(there: list[tuple[Column, str]]) -> list[str]:
    """The values, that of the header that counts most first."""
    ranked = sorted(there, key=lambda each: each[0].slot.rank if each[0].slot else 0)
    return list(dict.fromkeys(tidy(value) for _, value in ranked))


def _in_lines(block: dict[str, list[tuple[Column, str]]]) -> bool:
    """Do several columns hold the lines of one street address, and not one address twice?"""
    return all("formatted" not in key(column.header) for column, _ in block.get("street", ()))
