"""People and companies as vCard 4 (RFC 6350), as phones and mail programs read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import phonenumbers

from exchange.writing.tables import Record

LINE = 75
"""Octets of a line, its end not counted."""

FIELD = "X-RABTA-FIELD"
"""A custom field: its name is the parameter X-NAME, as a property's own must be plain letters."""

PRIVATE = "X-RABTA-PRIVATE"

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;"})
_CARETS = str.maketrans({"^": "^^", "\n": "^n", '"': "^'"})  # RFC 6868
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def vcards_of(records: Iterable[Record]) -> Iterator[bytes]:
    """A card each, in their order; what is neither a contact nor a company has none."""
    for record in records:
        lines = _person(record) if record["type"] == "contact" else _company(record)
        yield "".join(map(_folded, lines)).encode("utf-8", "replace")


def _person(record: Record) -> Iterator[str]:
    given, _, family = str(record["name"]).rpartition(" ")
    if not given:
        given, family = family, ""
    yield from _begun(record, "individual")
    yield f"N:{_escaped(family)};{_escaped(given)};;;"
    if record.get("company"):
        yield f"ORG:{_escaped(record['company'])}"
    if record.get("title"):
        yield f"TITLE:{_escaped(record['title'])}"
    yield from _reached(record.get("phones") or (), record.get("emails") or ())
    yield from _ended(record)


def _company(record: Record) -> Iterator[str]:
    yield from _begun(record, "org")
    yield f"N:{_escaped(record['name'])};;;;"
    yield f"ORG:{_escaped(record['name'])}"
    phones, emails = ([record[name]] if record.get(name) else [] for name in ("phone", "email"))
    yield from _reached(phones, emails)
    yield from _ended(record)


def _begun(record: Record, kind: str) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{kind}"
    yield f"UID;VALUE=text:rabta-{record['type']}-{record['id']}"
    yield f"FN:{_escaped(record['name'])}"


def _reached(phones: Iterable[str], emails: Iterable[str]) -> Iterator[str]:
    for number, phone in enumerate(phones):
        first = ";PREF=1" if number == 0 else ""
        yield f"TEL;TYPE={_line_kind(phone)}{first}:{_escaped(phone)}"
    for number, email in enumerate(emails):
        first = ";PREF=1" if number == 0 else ""
        yield f"EMAIL{first}:{_escaped(email)}"


def _line_kind(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return "voice"
    return "cell" if phonenumbers.number_type(number) in _MOBILE else "voice"


def _ended(record: Record) -> Iterator[str]:
    if record.get("city"):
        yield f"ADR:;;;{_escaped(record['city'])};;;"
    if record.get("tags"):
        yield "CATEGORIES:" + ",".join(map(_escaped, record["tags"]))
    if record.get("notes"):
        yield "NOTE:" + _escaped("\n".join(record["notes"]))
    fields: Mapping[str, Any] = record.get("fields") or {}
    for name, value in fields.items():
        yield f'{FIELD};X-NAME="{_parameter(name)}":{_escaped(value)}'
    for name in ("source", "owner"):
        if record.get(name):
            yield f"X-RABTA-{name.upper()}:{_escaped(record[name])}"
    if record.get("private") is True:
        yield f"{PRIVATE}:yes"
    if record.get("created_at"):
        yield f"X-RABTA-SINCE:{_escaped(record['created_at'])}"
    yield "END:VCARD"


def _escaped(value: Any) -> str:
    return _plain(value).translate(_ESCAPES)


def _parameter(value: Any) -> str:
    return _plain(value).translate(_CARETS)


def _plain(value: Any) -> str:
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", text)


def _folded(line: str) -> str:
    """On several lines where it is longer than one may be; no letter is cut in two."""
    if len(line) * 4 <= LINE:
        return f"{line}\r\n"
    pieces, piece, room = [], "", LINE
    for char in line:
        size = len(char.encode("utf-8", "replace"))
        if size > room:
            pieces.append(piece)
            piece, room = "", LINE - 1  # a blank leads what goes on
        piece += char
        room -= size
    return "\r\n ".join([*pieces, piece]) + "\r\n"
