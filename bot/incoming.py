"""What comes in through a door, in no platform's terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.reply import Reply
from handlers.upload import Upload
from scheduler.letters import Address

Platform = Literal["telegram", "slack", "terminal"]

TICKET = "ticket"
"""The shortcut over a message that makes a ticket of it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote. ``id`` is the platform's own number, the only thing that identifies a person.

    ``outsider``: a guest, or a user of another organisation. ``language`` is a BCP 47 code and
    ``timezone`` an IANA name where the platform tells them.
    """

    platform: Platform
    team: str
    id: str
    name: str
    language: str = ""
    timezone: str = ""
    outsider: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was written. ``thread`` is set where answers go into a thread.

    ``external``: people of another organisation read along; None where the platform did not say.
    """

    platform: Platform
    team: str
    chat: str
    private: bool = True
    thread: str = ""
    name: str = ""
    external: bool | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card that was handed over. Phones as written; ``vcard``: what more is known, as the
    phone that it comes from wrote it."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    company: str = ""
    vcard: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What somebody else wrote and was passed on. ``is_person``: it was one, not a channel or bot.

    ``username`` is their handle on the platform, with its @, where it is told.
    """

    name: str
    text: str = ""
    username: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as its door fetched it; ``why_not`` where there is nothing, as a code."""

    name: str
    data: bytes | None
    why_not: str = ""
    is_photo: bool = False


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """A submitted form: its token and the values by field name."""

    token: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, tap, form or card. Exactly one of text, tap, form, card, other is set.

    ``other`` names what came that is no text: "sticker", "photo", "file", "voice", ...
    ``addressed``: the bot was meant (private chat, mention, command, reply, its own thread).
    ``overheard``: said in a thread of the bot's own without naming it; perhaps to somebody else.
    ``edited``: an edit of an earlier message, which never runs a second time.
    ``answer_to``: the platform's way to answer this very event (Slack's response_url).
    ``message``: the id of the message itself, or of the one whose button was tapped.
    ``command``: the slash word without its slash ("won"), the rest stands in ``text``.
    ``forwarded`` is what somebody else said, and is never acted on as the sender's own words.
    ``attachment`` is a file that can be read, and ``upload`` the same once it was.
    """

    event: str
    sender: Sender
    place: Place
    sent_at: datetime
    text: str = ""
    command: str = ""
    tap: str = ""
    form: FormAnswers | None = None
    card: SharedContact | None = None
    other: str = ""
    addressed: bool = True
    overheard: bool = False
    edited: bool = False
    message: str = ""
    answer_to: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    forwarded: Forwarded | None = None
    attachment: Attachment | None = None
    upload: Upload | None = None

    @property
    def as_typed(self) -> str:
        """The words with their slash command."""
        return f"/{self.command} {self.text}".strip() if self.command else self.text


def address_of(incoming: Incoming, reply: Reply, tongue: str = "") -> Address:
    """Where the answer goes: to where the message came from, in place of a tapped card.

    ``tongue`` is the language that the sender chose.
    """
    place = incoming.place
    alone = reply.private and not place.private
    return Address(
        platform=place.platform,
        team=place.team,
        chat=place.chat,
        user=incoming.sender.id,
        thread=place.thread,
        edits=incoming.message if reply.replaces and incoming.tap else "",
        answer_to=incoming.answer_to,
        only_for=incoming.sender.id if alone else "",
        tongue=tongue,
    )
