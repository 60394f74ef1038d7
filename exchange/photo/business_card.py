"""From the lines of a business card to a person: what each line is, by its words, place and size.

Numbers, addresses of mail and of the web are taken out first. What is left of each line gets a mark
for everything that it may be, and the likeliest are taken: the name, the firm, the title, the
address. A firm is known by its mail, too, and so is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from exchange.photo import card_words as known
from exchange.records import Person, Place, Record, keep
from exchange.refusing import Refused
from exchange.values import Phones, dialled, emails_in, tidy
from language.folding import fold

_NUMBER = re.compile(
    r"(?:\+|\b00|\()?\d[\d\s().\-–/]{5,}\d(?:\s*\bext?n?\b[.: ]*\d{1,5})?", re.IGNORECASE
)
_NEXT_LINES = re.compile(r"(?<=\d{5})[-–]\d{1,2}$")  # 35923721-9: the office has these, too
_MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[A-Za-z]{2,})+")
_SITE = re.compile(
    r"(?:https?://|www\s?\.\s?)[^\s|,;]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|biz|info|pk|"
    r"co|io|ae|uk|in|de|sa|qa|shop|store|tech|online)(?:\.[a-z]{2})?\b(?:/\S*)?",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"(?<=\w)(?=www\.)", re.IGNORECASE)
_CUTS = re.compile(r"\s*[|•·]\s*|\s{3,}")
_AND_SO = re.compile(r"\s*,\s*|\s+[-–—]\s+")
_POSTCODE = re.compile(r"\b\d{5,6}\b")
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST, _MOST = 7, 15  # digits of a phone number

NAMED, FIRM, TITLED, AT = 2.5, 2.0, 3.0, 2.0
"""Marks from which on a line is a name, a firm, a title, part of an address."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it was read, with its place on the card, in pixels from the top left."""

    text: str
    left: float
    top: float
    height: float


@dataclass
class _Line:
    """What is left of a line."""

    text: str
    height: float
    words: list[str] = field(default_factory=list)
    title: float = 0.0
    firm: float = 0.0
    at: float = 0.0
    name: float = 0.0


def person_on(card: Sequence[Written], region: str, place: Place) -> Record:
    """The person on a card. Raises Refused where there is none: nobody to reach, or no name."""
    person = Person(Phones(region))
    lines = [rest for each in _in_order(card) for rest in _read(person, each)]
    _marked(person, lines)
    _told(person, lines)
    reached = person.phones.read or person.emails
    if not reached or not (person.name or person.company):
        raise Refused("no_card")
    return person.record(place)


def _in_order(card: Sequence[Written]) -> list[Written]:
    """From the top down; what stands beside each other, from the left."""
    usual = median(each.height for each in card) if card else 1.0
    return sorted(card, key=lambda each: (round(each.top / max(usual, 1.0)), each.left))


# --- numbers, mail, web ---------------------------------------------------------------------------


def _read(person: Person, written: Written) -> Iterable[_Line]:
    """Take out what somebody is reached by; the rest, in the pieces that the line has."""
    text = _RUN_ON.sub(" ", tidy(written.text))
    for found in _MAIL.findall(text):
        person.emails += [
            each for each in emails_in(found.replace(" ", "")) if each not in person.emails
        ]
    text = _MAIL.sub(" | ", text)
    for found in _SITE.findall(text):
        keep(person.fields, "website", found.replace(" ", "").rstrip(".,/").lower())
    text = _SITE.sub(" | ", text)
    if not known.NO_PHONE.search(text):
        text = _phones_out(person, text)
    text = known.FAX.sub(" ", known.LABELS.sub(" ", text))
    for piece in (part for whole in _CUTS.split(text) for part in _name_and_title(whole)):
        bare = piece.strip(" ,;:|/()-–.")
        if len(_LETTER.findall(bare)) > 1:
            yield _Line(bare, written.height, known.words(bare))


def _name_and_title(text: str) -> list[str]:
    """``Sara Malik, Head of Procurement`` is two things on one line."""
    parts = _AND_SO.split(text, maxsplit=1)
    titled = [bool(known.has(known.words(part), known.heads())) for part in parts]
    is_office = known.has(known.words(parts[-1]), known.STREET)
    return parts if titled == [False, True] and not is_office else [text]


def _phones_out(person: Person, text: str) -> str:
    """The text without its phone numbers; a fax is kept as what it is."""
    kept, last = [], 0
    for found in _NUMBER.finditer(text):
        said, before = found[0].strip(), text[last : found.start()]
        digits = sum(char.isdigit() for char in said)
        labelled = bool(known.LABELS.search(before) or known.FAX.search(before))
        plain = said.lstrip("(").startswith(("+", "0")) or labelled
        numbers = [each for each in re.split(r"\s*/\s*(?=[+(0])", said) if each]
        if len(numbers) == 1 and not _FEWEST <= digits <= _MOST:
            continue
        if not plain and dialled(said, person.phones.region) is None:
            continue
        if not labelled and not plain:
            continue
        if known.FAX.search(before):
            keep(person.fields, "fax", said)
        else:
            for number in numbers:
                person.phones.add_one(_NEXT_LINES.sub("", number))
        kept.append(before)
        last = found.end()
    return " | ".join([*kept, text[last:]])


# --- what a line is -------------------------------------------------------------------------------


def _marked(person: Person, lines: list[_Line]) -> None:
    usual = median(line.height for line in lines) if lines else 1.0
    firms, locals_ = _said_by_mail(person)
    for line in lines:
        said = line.words
        line.title = 3.0 * bool(known.has(said, known.heads())) + known.has(
            said, known.title_parts()
        )
        line.firm = _firm(line, firms) - 1.5 * (line.title >= TITLED)
        line.at = _address(line)
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else None
        line.name = _name(line, locals_, usual) + 1.5 * bool(below and below.title >= TITLED)


def _said_by_mail(person: Person) -> tuple[set[str], set[str]]:
    """What firms are called in addresses, and the words before the @."""
    hosts = [email.partition("@")[2] for email in person.emails]
    hosts += [re.sub(r"^(?:https?://)?(?:www\.)?", "", person.fields.get("website", ""))]
    firms = {host.split(".")[0].replace("-", "") for host in hosts if host} - known.FREE_MAIL
    before = [email.partition("@")[0] for email in person.emails]
    return firms, {each for said in before for each in re.split(r"[._+\d-]+", said) if each}


def _firm(line: _Line, firms: set[str]) -> float:
    ends = known.has(line.words, known.firm_ends())
    joined = "".join(char for char in fold(line.text) if char.isalnum())
    initials = "".join(word[0] for word in line.words)
    mark = 3.0 if ends and len(line.words) > 1 else 1.0 * bool(ends)
    mark += any(char in line.text for char in "&")
    mark += 4.0 * any(
        len(firm) > 2 and (joined.startswith(firm) or firm.startswith(joined) or firm == initials)
        for firm in firms
    )
    return mark if len(line.words) <= 8 else mark - 2


def _address(line: _Line) -> float:
    text, said = line.text, line.words
    mark = 2.0 * min(known.has(said, known.STREET), 2) + 2.0 * bool(known.has(said, known.cities()))
    mark += bool(_POSTCODE.search(text)) + bool(known.has(said, known.COUNTRIES))
    mark += text.count(",") > 1
    mark += 1.5 * (text[0].isdigit() or text[0] == "#" or bool(re.match(r"[A-Z]-?\d", text)))
    return mark


def _name(line: _Line, locals_: set[str], usual: float) -> float:
    said = line.words
    if any(char.isdigit() for char in line.text) or not 1 <= len(said) <= 5 or "&" in line.text:
        return -5.0
    mark = {1: 0.5, 2: 2.0, 3: 2.0}.get(len(said), 1.0)
    mark += 2.0 * bool(known.has(said, known.given())) + (said[0] in known.COURTESY)
    alike = sum(any(word.startswith(each) or each == word[:1] for word in said) for each in locals_)
    mark += 2.0 * min(alike, 2) + (line.height > 1.2 * usual)
    mark -= 3.0 * (line.firm >= FIRM) + 3.0 * (line.title >= TITLED) + 2.0 * (line.at >= AT)
    return mark


# --- what is taken --------------------------------------------------------------------------------


def _told(person: Person, lines: list[_Line]) -> None:
    """The likeliest line for each; what is left and large is the firm."""
    rest = list(lines)
    if named := _best(rest, "name", NAMED):
        person.name = _as_a_name(named.text)
        rest.remove(named)
    if firm := _best(rest, "firm", FIRM):
        person.company = firm.text
        rest.remove(firm)
    titles = [line for line in rest if line.title >= TITLED]
    person.title = ", ".join(line.text for line in titles[:2])
    rest = [line for line in rest if line not in titles]
    address = [line for line in rest if line.at >= AT]
    if address:
        _address_of(person, [line.text for line in address])
    rest = [line for line in rest if line not in address]
    if not person.company and rest:
        largest = max(rest, key=lambda line: line.height)
        person.company = largest.text if len(largest.words) <= 6 else ""


def _best(lines: list[_Line], what: str, least: float) -> _Line | None:
    best = max(lines, key=lambda line: (getattr(line, what), line.height), default=None)
    return best if best and getattr(best, what) >= least else None


def _as_a_name(text: str) -> str:
    """``SARA MALIK`` is Sara Malik."""
    return text.title() if text.isupper() else text


def _address_of(person: Person, lines: list[str]) -> None:
    whole = ", ".join(line.strip(" ,") for line in lines)
    said = known.words(whole)
    city = next(
        (
            phrase
            for at in range(len(said) - 1, -1, -1)
            for size in (3, 2, 1)
            if (phrase := " ".join(said[at : at + size])) in known.cities() - known.STREET
        ),
        "",
    )
    person.city = city.title()
    if fold(whole) != city:
        keep(person.fields, "address", whole)
