"""Customers as the upload files of Google, Meta and LinkedIn: columns, normalised, hashed.

Each platform compares SHA-256 hashes, so every value is first written in the one way that it
documents, and what it wants plain is left plain:

- Google, Customer Match: support.google.com/google-ads/answer/7476159
- Meta, customer list: facebook.com/business/help/2082575038703844, and for what is hashed
  developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences ("Hashing")
- LinkedIn, contact list: linkedin.com/help/lms/answer/a1489764
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from rules.whereabouts import in_latin

PLATFORMS = ("facebook", "google", "linkedin")

MOST_OF_A_KIND = 3
"""E-mails, and phones, of a person: Meta takes no more."""

LONGEST_NAME, LONGEST_TITLE = 35, 50
"""Characters that LinkedIn takes of a name, and of a title or company."""

FEWEST = {"facebook": 100, "linkedin": 300}
"""Rows below which a platform does not serve ads to a list, where it says so."""

_BEFORE = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "engr", "sir", "madam", "capt"})
_AFTER = frozenset({"sahib", "sahab", "saheb", "sb", "jr", "sr", "صاحب", "صاحبہ"})
_ACTS = frozenset("=+-@\t\r＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody who agreed. ``phones`` are E.164, ``country`` two letters;
    ``value`` what they have brought, in whole units of the currency as text."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    city: str = ""
    country: str = ""
    zip: str = ""
    title: str = ""
    company: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A table as a platform takes it: its heads are the platform's own, in English."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def reached_by(platform: str, person: Person) -> bool:
    """Whether the platform can know somebody again: LinkedIn knows no phone numbers."""
    return bool(person.emails or (person.phones and platform != "linkedin"))


def upload(platform: str, people: Sequence[Person]) -> Upload:
    """The file's table for those who can be known again. Raises KeyError for other platforms."""
    known = [each for each in people if reached_by(platform, each)]
    return _TABLES[platform](known)


def hashed(value: str) -> str:
    """SHA-256 in small hexadecimal letters; nothing of nothing."""
    return sha256(value.encode()).hexdigest() if value else ""


# --- how each writes a value ----------------------------------------------------------------------


def parts_of(name: str) -> tuple[str, str]:
    """First and last name, without what is said before and behind them (Mr, Dr, sahib)."""
    words = [word.strip(".,") for word in name.split()]
    words = [word for word in words if word]
    while len(words) > 1 and words[0].casefold() in _BEFORE:
        words.pop(0)
    while len(words) > 1 and words[-1].casefold() in _AFTER:
        words.pop()
    return (words[0] if words else ""), (words[-1] if len(words) > 1 else "")


def mail(address: str) -> str:
    """Without blanks, in small letters. Google's upload asks for no more: the dots of a Gmail
    address are left out for conversions alone."""
    return "".join(address.split()).lower()


def digits(phone: str) -> str:
    """Meta: country code and number, no signs, no zeros before them."""
    return "".join(sign for sign in phone if sign in "0123456789").lstrip("0")


def e164(phone: str) -> str:
    return f"+{number}" if (number := digits(phone)) else ""


def bare(text: str) -> str:
    """Meta, names: small letters, no punctuation; other scripts stay as they are (UTF-8)."""
    return " ".join(_kept(text, lambda sign: sign.isspace() or _is_letter(sign)).split())


def closed(text: str) -> str:
    """Meta, cities and postal codes: small letters and figures, nothing between them."""
    return _kept(text, lambda sign: _is_letter(sign) or sign.isdecimal())


def _kept(text: str, keep: Callable[[str], bool]) -> str:
    return "".join(filter(keep, unicodedata.normalize("NFC", text).lower()))


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def joined(text: str) -> str:
    """Google, names: small letters, no blanks before, behind or between."""
    return "".join(unicodedata.normalize("NFC", text).lower().split())


def harmless(text: str, longest: int) -> str:
    """A plain value of one line; nothing where a spreadsheet would calculate it: an apostrophe
    before it would no more be the value."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return "" if line[:1] in _ACTS else line[:longest].strip()


# --- the tables -----------------------------------------------------------------------------------


def _widest(people: Sequence[Person]) -> tuple[int, int]:
    mails = max((len(each.emails) for each in people), default=0)
    phones = max((len(each.phones) for each in people), default=0)
    return min(max(mails, 1), MOST_OF_A_KIND), min(max(phones, 1), MOST_OF_A_KIND)


def _hashes(values: Sequence[str], write: Callable[[str], str], width: int) -> Iterator[str]:
    found = [hashed(write(value)) for value in values[:width]]
    yield from (*found, *[""] * (width - len(found)))


def _google(people: Sequence[Person]) -> Upload:
    """E-mail, phone and names hashed, country and zip plain. More of a kind: more such columns."""
    mails, phones = _widest(people)
    heads = ("Email",) * mails + ("Phone",) * phones + ("First Name", "Last Name", "Country", "Zip")
    rows = []
    for each in people:
        first, last = parts_of(each.name)
        rows.append((
            *_hashes(each.emails, mail, mails), *_hashes(each.phones, e164, phones),
            hashed(joined(first)), hashed(joined(last)),
            harmless(each.country, 2), harmless(each.zip, 12),
        ))  # fmt: skip
    return Upload(heads, tuple(rows))


def _facebook(people: Sequence[Person]) -> Upload:
    """All that tells a person is hashed, the country too; the value of a seed is plain."""
    mails, phones = _widest(people)
    valued = any(each.value for each in people)
    heads = ("email",) * mails + ("phone",) * phones + ("fn", "ln", "zip", "ct", "country")
    heads += ("value",) if valued else ()
    rows = []
    for each in people:
        first, last = parts_of(each.name)
        rows.append((
            *_hashes(each.emails, mail, mails), *_hashes(each.phones, digits, phones),
            hashed(bare(first)), hashed(bare(last)), hashed(closed(each.zip)),
            hashed(closed(in_latin(each.city))), hashed(each.country.lower()),
            *((each.value,) if valued else ()),
        ))  # fmt: skip
    return Upload(heads, tuple(rows))


def _linkedin(people: Sequence[Person]) -> Upload:
    """The e-mail hashed, the rest plain: LinkedIn compares names, titles and companies itself.
    A row for each e-mail, as the template has one column for it."""
    heads = (
        "email", "firstname", "lastname", "jobtitle", "employeecompany", "country", "googleaid",
    )  # fmt: skip
    rows = []
    for each in people:
        first, last = parts_of(each.name)
        rest = (
            harmless(first, LONGEST_NAME), harmless(last, LONGEST_NAME),
            harmless(each.title, LONGEST_TITLE), harmless(each.company, LONGEST_TITLE),
            harmless(each.country, 2), "",
        )  # fmt: skip
        rows += [(hashed(mail(address)), *rest) for address in each.emails[:MOST_OF_A_KIND]]
    return Upload(heads, tuple(rows))


_TABLES = {"facebook": _facebook, "google": _google, "linkedin": _linkedin}


# --- what the file is called ----------------------------------------------------------------------


def slug(said: str) -> str:
    """Letters, figures and hyphens alone: a file's name travels in the head of a message."""
    plain = "".join(s if s.isascii() and s.isalnum() else "-" for s in said.casefold())
    return "-".join(filter(None, plain.split("-")))[:40].strip("-")
