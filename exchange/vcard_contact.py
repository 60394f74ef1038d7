"""A vCard as a contact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exchange.dates import read_day
from exchange.records import Person, Place, Record, keep
from exchange.regions import region_of
from exchange.values import Phones, clean, tidy
from exchange.vcard import Card, Property

_STREET, _CITY = 2, 3  # the places in an address
_LAST = ("fax", "pager")
_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)")
_APPLE_NO_YEAR = "1604-"
_OWN = {
    "NICKNAME": "nickname",
    "ROLE": "role",
    "URL": "website",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "X-MS-ANNIVERSARY": "anniversary",
    "X-ABDATE": "date",
    "GENDER": "gender",
    "X-GENDER": "gender",
    "LANG": "language",
    "IMPP": "chat",
    "X-SOCIALPROFILE": "profile",
    "X-MS-IMADDRESS": "chat",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-AIM": "aim",
    "X-JABBER": "jabber",
    "X-TWITTER": "twitter",
    "X-WHATSAPP": "whatsapp",
    "X-ABRELATEDNAMES": "related",
    "X-SPOUSE": "spouse",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-MS-SPOUSE": "spouse",
    "X-MANAGER": "manager",
    "X-EVOLUTION-MANAGER": "manager",
    "X-MS-MANAGER": "manager",
    "X-ASSISTANT": "assistant",
    "X-EVOLUTION-ASSISTANT": "assistant",
    "X-MS-ASSISTANT": "assistant",
    "X-PHONETIC-FIRST-NAME": "phonetic first name",
    "X-PHONETIC-LAST-NAME": "phonetic last name",
}
"""What else is kept, by the name of its field."""
_DAYS = frozenset({"anniversary", "date"})


def contact(card: Card, region: str, place: Place) -> Record:
    """The record of one card."""
    country = next((tidy(each.parts[-1]) for each in _all(card, "ADR")), "")
    person = Person(Phones(region_of(country) or region))
    labels = {
        each.group: _LABEL.sub(r"\1", tidy(each.text))
        for each in card
        if each.name == "X-ABLABEL" and each.group
    }
    _name(person, card)
    for each in _ordered(card):
        _reach(person, each)
    _job(person, card)
    _addresses(person, card)
    person.lead_source, person.owner, since = (
        next((tidy(each.text) for each in _all(card, f"X-RABTA-{name}")), "")
        for name in ("SOURCE", "OWNER", "SINCE")
    )
    person.created_at = since or None
    person.private = any(_all(card, "X-RABTA-PRIVATE"))
    for each in card:
        _more(person, each, labels.get(each.group, ""))
    if _is_firm(card):
        person.name = person.name or person.company
        return _firm(person, place)
    return person.record(place)


def is_group(card: Card) -> bool:
    """A list of other cards, which is nobody that can be reached."""
    return _says(card, "group") and not any(_all(card, "TEL", "EMAIL"))


def _is_firm(card: Card) -> bool:
    """An organisation: so says RFC 6350, as our own export does, or an iPhone of who has no name
    but that of the company."""
    if any(tidy(each.text).upper() == "COMPANY" for each in _all(card, "X-ABSHOWAS")):
        parts = next(_all(card, "N"), None)
        return not (parts and any(parts.parts)) and any(_all(card, "ORG"))
    return _says(card, "org")


def _says(card: Card, kind: str) -> bool:
    kinds = _all(card, "KIND", "X-ADDRESSBOOKSERVER-KIND")
    return any(each.text.strip().lower() == kind for each in kinds)


def _firm(person: Person, place: Place) -> Record:
    """The card of an organisation."""
    one = person.as_firm()
    told = person.record(place)
    for key in ("first_name", "last_name", "title", "company", "tags", "phones", "emails"):
        del told[key]
    for key in ("phones_odd", "private"):
        told.pop(key, None)
    return {**told, **one, "type": "company"}


def _all(card: Card, *names: str) -> Iterator[Property]:
    """Those of that name that say something; the preferred first."""
    found = [each for each in card if each.name in names and tidy(each.text).strip("; ")]
    return iter(sorted(found, key=lambda each: "pref" not in each.types))


def _ordered(card: Card) -> list[Property]:
    """The preferred first; what nobody answers last."""
    points = list(_all(card, "TEL", "EMAIL"))
    return sorted(points, key=lambda each: any(kind in each.types for kind in _LAST))


def _name(person: Person, card: Card) -> None:
    parts = next(_all(card, "N"), None)
    if parts:
        said = parts.parts if len(parts.parts) > 1 else parts.text.split(",", 1)
        family, given, middle, prefix, suffix = (
            *(tidy(part.replace(",", " ")) for part in said[:5]),
            *("",) * (5 - len(said)),
        )[:5]
        person.first_name, person.last_name = given, family
        person.name = " ".join(filter(None, (prefix, given, middle, family, suffix)))
    whole = next(_all(card, "FN"), None) or (
        None if person.name else next(_all(card, "NAME"), None)
    )
    if whole:
        person.name = tidy(whole.text)


def _reach(person: Person, each: Property) -> None:
    if each.name == "EMAIL":
        person.reach_by_email(clean(each.text))
        return
    said = tidy(each.text)
    if said.lower().startswith("tel:"):
        said = re.sub(r";ext=(\d+)", r" ext. \1", said[4:], flags=re.IGNORECASE)
        said = said.partition(";")[0]
    person.phones.add_one(said)


def _job(person: Person, card: Card) -> None:
    for number, work in enumerate(_all(card, "ORG")):
        company, *units = (tidy(part) for part in work.parts)
        if not number:
            person.company = company
        else:
            keep(person.fields, "company", company)
        keep(person.fields, "department", ", ".join(filter(None, units)))
    titles = [tidy(each.text) for each in _all(card, "TITLE")]
    person.title = titles[0] if titles else ""
    for title in titles[1:]:
        keep(person.fields, "title", title)
    if not titles and (role := next(_all(card, "ROLE"), None)):
        person.title = tidy(role.text)


def _addresses(person: Person, card: Card) -> None:
    for each in _all(card, "ADR"):
        parts = [tidy(part) for part in each.parts]
        if len(parts) > _CITY and not person.city:
            person.city = parts[_CITY]
        if any(parts[:_CITY]) or len(set(filter(None, parts))) > 1:
            keep(person.fields, "address", ", ".join(filter(None, parts)))
    if not any(_all(card, "ADR")):
        for each in _all(card, "LABEL"):
            keep(person.fields, "address", tidy(each.text.replace("\n", ", ")))


def _more(person: Person, each: Property, label: str) -> None:
    said = tidy(each.text)
    if not said:
        return
    if each.name == "NOTE":
        person.notes.append(clean(each.text))
    elif each.name == "CATEGORIES":
        person.tag(each.parts)
    elif each.name == "X-RABTA-FIELD":
        keep(person.fields, each.label or "field", clean(each.text))
    elif each.name == "BDAY":
        keep(person.fields, "birthday", day(said))
    elif each.name == "ROLE" and said == person.title:
        return
    elif (name := _OWN.get(each.name)) is not None:
        value = day(said) if name in _DAYS else said.removeprefix("x-apple:")
        own = label.lower() if each.name in {"X-ABDATE", "X-ABRELATEDNAMES"} else ""
        keep(person.fields, own or name, value)


def day(said: str) -> str:
    """A day as ISO writes it, without a year where none was said; else as it stands."""
    if said.startswith(_APPLE_NO_YEAR):
        return "--" + said[len(_APPLE_NO_YEAR) :]
    if found := _NO_YEAR.fullmatch(said):
        return f"--{found[1]}-{found[2]}"
    whole = read_day(said)
    return whole.isoformat() if whole else said
