"""A message as one customer gets it: in their language, with what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from rules.blanks import Filled, blank_key, fill, one_line, parse
from rules.sounds import is_urdu
from storage import queries
from storage.messages import Message
from storage.people import Contact
from storage.team import Member
from storage.templates import INSTEAD, MessageTemplate

BLANKS = ("first_name", "name", "company", "city", "title", "sender", "owner")
"""What a text can name, beside a team's own fields."""

_BEFORE_NAMES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "dr", "prof", "engr", "eng", "haji", "hajji", "sir", "madam",
        "mian", "janab", "محترم", "محترمہ", "ڈاکٹر", "حاجی", "پروفیسر", "انجینئر", "جناب",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody would get. ``gaps``: what is missing of them, so that they do not get it."""

    language: str
    subject: str
    text: str
    gaps: tuple[str, ...] = ()


def language_of(contact: Contact, usual: str) -> str:
    """In which language somebody is written to: theirs, else what their name is written in."""
    if contact.language in INSTEAD:
        return str(contact.language)
    return "ur" if is_urdu(contact.name) else usual if usual in INSTEAD else "en"


def values_of(session: Session, contact: Contact, by: Member | None) -> dict[str, str | None]:
    """What is known of somebody, by the names that texts use."""
    owner = queries.get(session, Member, contact.workspace_id, contact.owner_id)
    own = {blank_key(value.field.name): value.value for value in contact.own_values}
    return {
        **own,
        "first_name": first_name(contact.name),
        "name": contact.name,
        "company": contact.company.name if contact.company else None,
        "city": contact.city,
        "title": contact.title,
        "sender": by.name if by else None,
        "owner": owner.name if owner else None,
    }


def first_name(name: str) -> str | None:
    """``Sara`` of Dr. Sara Malik; nothing where a name is only a number or an address."""
    words = one_line(name).split()
    if not any(sign.isalpha() for sign in name) or "@" in name:
        return None
    rest = [word for word in words if word.casefold().strip(".") not in _BEFORE_NAMES]
    return (rest or words)[0].strip(",")


def written(
    session: Session, template: MessageTemplate, contact: Contact, by: Member | None, usual: str
) -> Written | None:
    """The template as that customer gets it; None where it has no version at all."""
    found = template.version_for(language_of(contact, usual))
    if found is None:
        return None
    language, version = found
    values = values_of(session, contact, by)
    text = fill(parse(version["text"]), values)
    said = version.get("subject")
    subject = fill(parse(said), values) if said else Filled(template.name)  # a name has no blanks
    gaps = tuple(dict.fromkeys((*text.gaps, *subject.gaps)))
    return Written(language, one_line(subject.text), text.text.strip(), gaps)


def written_to(session: Session, message: Message, contact: Contact, usual: str) -> Written | None:
    """The same for a planned message, whose text may be its own."""
    by = queries.get(session, Member, message.workspace_id, message.by_id)
    template = queries.get(session, MessageTemplate, message.workspace_id, message.template_id)
    if template is not None:
        return written(session, template, contact, by, usual) if template.active else None
    if not message.text:
        return None
    text = message.text.strip()
    return Written(
        language_of(contact, usual), one_line(message.subject or text.splitlines()[0][:80]), text
    )
