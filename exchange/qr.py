"""What the code on a business card says: a vCard, MECARD and its relatives, links."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote

from exchange.records import Person, Place, Record, keep
from exchange.refusing import Refused
from exchange.values import Phones, clean, emails_in, tidy
from exchange.vcard import cards
from exchange.vcard_contact import contact, day

_PAIR = re.compile(r"([A-Za-z0-9-]{1,20}):((?:\\.|[^;\\])*)(?:;|$)", re.DOTALL)
_LINE = re.compile(r"^([A-Za-z]+\d?):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE_PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
_CHAT = re.compile(
    r"^(?:(?:https?://)?(?:wa\.me/|t\.me/\+|signal\.me/#p/|viber\.me/"
    r"|(?:api|web)\.whatsapp\.com/send/?\?(?:[^\s#]*&)?phone=)"
    r"|(?:whatsapp://send/?|viber://(?:chat|contact|add)/?)\?(?:[^\s#]*&)?(?:phone|number)=)"
    r"(?:\+|%2B)?(\d{7,15})(?!\w)",
    re.IGNORECASE,
)
"""A link to chat with a number."""


_MECARD = {
    "N": "name", "TEL": "phone", "TEL-AV": "phone", "EMAIL": "email", "NOTE": "note",
    "MEMO": "note", "ADR": "address", "URL": "website", "ORG": "company", "TITLE": "title",
    "BDAY": "birthday", "NICKNAME": "nickname", "SOUND": "",
}  # fmt: skip
_BIZCARD = {
    "N": "first", "X": "last", "T": "title", "C": "company", "A": "address", "B": "phone",
    "M": "phone", "F": "phone", "E": "email", "U": "website",
}  # fmt: skip
_MATMSG = {"TO": "email"}
_AU = {
    "NAME1": "name", "NAME2": "", "TEL1": "phone", "TEL2": "phone", "TEL3": "phone",
    "MAIL1": "email", "MAIL2": "email", "MAIL3": "email", "ADD": "address", "MEMORY": "note",
    "URL": "website",
}  # fmt: skip
_FORMS = {"MECARD:": _MECARD, "BIZCARD:": _BIZCARD, "MATMSG:": _MATMSG}


def payload(text: str, region: str, place: Place) -> Record:
    """The person that a code tells of. Raises Refused where it tells of none."""
    text = text.lstrip("\ufeff \t\r\n")
    if text[:11].upper() == "BEGIN:VCARD":
        lines = re.split(r"\r\n|\r|\n", text)
        for card in cards((line.encode() for line in lines), "utf-8"):
            return contact(card, region, place)
    person = Person(Phones(region))
    for start, keys in _FORMS.items():
        if text[: len(start)].upper() == start:
            _pairs(person, text[len(start) :], keys)
            return _told(person, place)
    found = [each for each in _LINE.findall(text) if each[0].upper() in _AU]
    if len({"NAME1", "TEL1", "MAIL1", "MEMORY"} & {key.upper() for key, _ in found}) > 1:
        for key, value in found:
            _take(person, _AU[key.upper()], value)
    else:
        _link(person, text.strip())
    return _told(person, place)


def _told(person: Person, place: Place) -> Record:
    if not person.is_anybody:
        raise Refused("nobody")
    return person.record(place)


def _pairs(person: Person, text: str, keys: dict[str, str]) -> None:
    for found in _PAIR.finditer(text):
        value = _ESCAPED.sub(r"\1", found[2])
        slot = keys.get(found[1].upper(), found[1].lower())
        if slot == "name" and "," in value:
            family, _, given = value.partition(",")
            person.first_name, person.last_name = tidy(given), tidy(family)
            value = f"{given} {family}"
        _take(person, slot, value)
    if person.first_name or person.last_name:
        person.name = f"{person.first_name} {person.last_name}".strip()


def _take(person: Person, slot: str, value: str) -> None:
    if slot == "phone":
        person.phones.add_one(tidy(value))
    elif slot == "email":
        person.reach_by_email(value)
    elif slot == "note":
        person.notes += [clean(value)] if value.strip() else []
    elif slot in {"first", "last"}:
        setattr(person, f"{slot}_name", tidy(value))
    elif slot in {"name", "company", "title"}:
        setattr(person, slot, getattr(person, slot) or tidy(value))
    elif slot:
        keep(person.fields, slot, day(tidy(value)) if slot == "birthday" else tidy(value))


def _link(person: Person, text: str) -> None:
    """A link to call, write or chat; a bare address or number."""
    scheme, _, rest = text.partition(":")
    scheme = scheme.lower()
    if found := _CHAT.match(text):
        person.phones.add_one(f"+{found[1]}")
    elif scheme in {"tel", "callto"}:
        person.phones.add_one(unquote(rest))
    elif scheme in {"sms", "smsto", "mms", "mmsto"}:
        person.phones.add_one(unquote(re.split(r"[:?;]", rest)[0]))
    elif scheme == "mailto":
        path, _, query = rest.partition("?")  # urlsplit raises for what looks like an odd host
        to = [unquote(path), *parse_qs(query).get("to", [])]
        person.reach_by_email(",".join(to))
    elif len(emails_in(text)) == 1 and " " not in text and "/" not in text:
        person.reach_by_email(text)
    elif _BARE_PHONE.fullmatch(text):
        person.phones.add_one(text)
