"""A conversation with Rabta through real desk, pump and outbox; only the door is a fake.

chat = Conversation(database, SetClock(...))
chat.says("met Sara Malik from Nishat Mills")       # Ayesha, in her private chat
chat.says("pipeline", by="Bilal", place="Sales")    # in a group, spoken to
chat.taps("Undo")                                   # on Ayesha's last answer
words(chat.says("pipeline"))                        # the answer as plain text
"""

from __future__ import annotations

import asyncio
import itertools
import re
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import func, select

from bot import reception
from bot.buttons import with_tokens
from bot.desk import Desk
from bot.door import Keep, Raw
from bot.incoming import (
    Attachment,
    FormAnswers,
    Forwarded,
    Incoming,
    Place,
    Platform,
    Sender,
    SharedContact,
)
from bot.pump import Pump
from bot.reception import House
from handlers import reply as parts
from handlers.book import Book
from handlers.reply import Button, Call, Form, Reply
from scheduler import learning, outbox, outlook
from scheduler.clock import TICKS, Clockwork
from scheduler.drawing import Draw
from scheduler.letters import Letter, Outcome, Sent
from scheduler.reminding import worded
from storage.clock import SetClock
from storage.database import Database
from storage.models import Identity

Part = TypeVar("Part")

AYESHA = "Ayesha"
_SIGNS = re.compile("[\u200e\u200f\u2066-\u2069]")
_events = itertools.count(1)


def user_id(name: str) -> str:
    """The number by which a platform knows somebody of our cast; the same in every run."""
    return str(int(sha256(name.encode()).hexdigest()[:7], 16))


def _the_book() -> Book:
    from handlers.library import the_book

    return the_book()


@dataclass
class FakeDoor:
    """A platform that delivers everything; ``outcomes`` are answered first, one a letter."""

    name: str = "telegram"
    letters: list[Letter] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def run(self, keep: Keep) -> None:
        del keep

    async def stop(self) -> None:
        pass

    def is_whole(self, payload: dict[str, Any], /) -> bool:
        return bool(payload)

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        return unpacked(payload)

    async def push(self, letter: Letter) -> Outcome:
        if self.outcomes and not isinstance(self.outcomes[0], Sent):
            return self.outcomes.pop(0)
        self.letters.append(letter)
        return self.outcomes.pop(0) if self.outcomes else Sent(f"m{letter.id}")


@dataclass(frozen=True)
class Heard:
    """What arrived at somebody, with its buttons still to tap."""

    reply: Reply
    place: Place
    to: str
    message: str


class Conversation:
    """People who talk with Rabta. ``heard`` has all that arrived, in order."""

    def __init__(
        self,
        database: Database,
        clock: SetClock,
        *,
        house: House | None = None,
        book: Book | None = None,
        platform: Platform = "telegram",
        greeted: bool = True,
    ) -> None:
        self.database = database
        self.clock = clock
        self.platform: Platform = platform
        self.greeted = greeted
        self.house = house or House(owners=frozenset({(platform, "", user_id(AYESHA))}), open=True)
        self.book = book or _the_book()
        self.desk = Desk(database, self.book, clock, self.house)
        self.door = FakeDoor(platform)
        self.pump = Pump(self.desk, {platform: self.door})
        self.draw = Draw(self.book, with_tokens)
        self.sender = outbox.Sender(
            database, clock, {platform: self.door.push}, words=partial(worded, self.draw)
        )
        self.heard: list[Heard] = []
        self._met: set[Sender] = set()

    def beside(self, database: Database, clock: SetClock) -> Conversation:
        """Another one in the same house, that begins anew."""
        return Conversation(
            database, clock, house=self.house, book=self.book, platform=self.platform,
            greeted=self.greeted,
        )  # fmt: skip

    def go_on_from(self, other: Conversation) -> None:
        """From its last words, where the database has what was said in it."""
        self.heard[:] = other.heard
        self._met |= other._met
        self.clock.set(other.clock.now())

    def counts(self, *kinds: type[Any]) -> list[int]:
        """How many rows of each kind there are."""
        with self.database.transaction() as session:
            return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]

    # --- what people do ---------------------------------------------------------------------------

    def says(self, text: str, *, by: str = AYESHA, place: str = "", **more: Any) -> Reply:
        """Write a message and have its answer. ``more`` are further fields of ``Incoming``."""
        return self.does(by, place, text=text, **more)

    def commands(self, line: str, *, by: str = AYESHA, place: str = "", **more: Any) -> Reply:
        """``commands("/won nishat")``: a slash command."""
        command, _, text = line.removeprefix("/").partition(" ")
        return self.does(by, place, command=command, text=text, **more)

    def taps(self, label: str, *, by: str = AYESHA, place: str = "", **more: Any) -> Reply:
        """Tap a button of the last message in that place, by its label or the label's beginning."""
        heard = self.last(by, place)
        token = button(heard.reply, label).token
        return self.does(by, place, tap=token, message=heard.message, **more)

    def runs(self, intent: str, by: str = AYESHA, place: str = "", /, **slots: Any) -> Reply:
        """Have a call carried out as if a button said it, where the wording is not the point."""
        sender = self.person(by)
        where = self.place(sender, place)
        self._greet(sender, where)
        with self.database.transaction() as session:
            identity = session.get_one(Identity, (sender.platform, sender.team, sender.id))
            asked = Reply(buttons=(Button("", Call(intent, slots)),))
            chat = reception.chat_at(session, where, identity.member)
            ready = with_tokens(session, asked, identity.member, chat, self.clock.now())
        return self.does(by, place, tap=ready.buttons[0].token)

    def fills(self, values: dict[str, str], *, by: str = AYESHA, place: str = "") -> Reply:
        """Submit the form of the last message there."""
        form = part(self.last(by, place).reply, Form)
        return self.does(by, place, form=FormAnswers(form.token, values))

    def shares(self, card: SharedContact, *, by: str = AYESHA, place: str = "") -> Reply:
        return self.does(by, place, card=card)

    def keeps(self, card: SharedContact, *, by: str = AYESHA, place: str = "") -> Reply:
        """Share a contact and save it as it was read."""
        self.shares(card, by=by, place=place)
        return self.taps("Save", by=by, place=place)

    def does(self, by: str, place: str, *, team: str = "", **what: Any) -> Reply:
        """One event; the answer, or a silent reply when there is none."""
        sender = what.pop("sender", None) or self.person(by, team)
        where = self.place(sender, place)
        number = next(_events)
        incoming = Incoming(
            event=what.pop("event", f"{self.platform}:{number}"),
            sender=sender,
            place=where,
            sent_at=what.pop("sent_at", self.clock.now()),
            message=what.pop("message", f"e{number}"),
            **what,
        )
        if self.greeted:
            self._greet(sender, where, incoming.command)
        before = len(self.heard)
        self.receives(incoming)
        answers = [each for each in self.heard[before:] if each.to == sender.id]
        return answers[-1].reply if answers else Reply(silent=True)

    def receives(self, *events: Incoming) -> None:
        """Keep events, handle all that waits and deliver what came of it."""

        async def go() -> None:
            await self.pump.keep(
                self.platform, [Raw(e.event, e.place.chat, packed(e)) for e in events]
            )
            await self.pump.drain()
            await self.sender.flush()

        asyncio.run(go())
        self._collect()

    def delivers(self) -> list[Heard]:
        """Send what waits in the outbox by now; what arrived."""
        before = len(self.heard)
        asyncio.run(self.sender.flush())
        self._collect()
        return self.heard[before:]

    def rings(self) -> list[Heard]:
        """Let the clock look at what is due now; what it brought to anybody."""
        before = len(self.heard)
        clockwork = Clockwork(self.database, self.clock, self.draw)
        outlook.learn(self.database.run, self.clock.now)
        learning.learn(self.database.run, self.clock.now)
        for name in TICKS:
            clockwork.tick(name)
        self.delivers()
        return self.heard[before:]

    # --- who and where ----------------------------------------------------------------------------

    def person(self, name: str, team: str = "") -> Sender:
        return Sender(self.platform, team, user_id(name), name)

    def place(self, sender: Sender, name: str = "") -> Place:
        """Somebody's private chat with Rabta, or a group; "Sales/7" is a thread in one."""
        name, _, thread = name.partition("/")
        if not name:
            return Place(self.platform, sender.team, sender.id, thread=thread)
        chat = f"-{user_id(name)}"
        return Place(self.platform, sender.team, chat, private=False, thread=thread, name=name)

    def last(self, by: str = AYESHA, place: str = "") -> Heard:
        """The last message that is to be seen there."""
        where = self.place(self.person(by), place)
        return next(
            each
            for each in reversed(self.heard)
            if (each.place.chat, each.place.thread) == (where.chat, where.thread)
        )

    def _greet(self, sender: Sender, where: Place, command: str = "") -> None:
        """The first hello has its own tests; elsewhere people know Rabta already."""
        if sender in self._met or command in {"start", "join"}:
            return
        self._met.add(sender)
        hello = Incoming("hello", sender, where, self.clock.now())
        with self.database.transaction() as session:
            reception.meet(session, self.house, hello, self.clock.now())

    def _collect(self) -> None:
        for letter in self.door.letters:
            address = letter.address
            chat = address.chat or address.user
            private = not chat.startswith("-")
            where = Place(self.platform, address.team, chat, private, address.thread)
            message = address.edits or f"m{letter.id}"
            self.heard.append(Heard(letter.reply, where, address.user or chat, message))
        self.door.letters.clear()


# --- looking at answers ---------------------------------------------------------------------------


def words(reply: Reply) -> str:
    """All that a reply says, as plain lines without direction signs; buttons last, in brackets."""
    lines: list[str] = []
    for each in reply.parts:
        match each:
            case parts.Title() | parts.Line():
                lines.append(each.text)
            case parts.Fields():
                lines += [f"{name}: {value}" for name, value in each.rows]
            case parts.Items():
                lines += each.lines
            case parts.Table():
                lines += [" | ".join(row) for row in (each.head, *each.rows)]
            case parts.File():
                lines.append(each.name)
            case Form():
                lines += [each.title, *(f"{f.label}: {f.value}" for f in each.fields)]
    lines += [f"[{each.label}]" for each in buttons(reply)]
    return _SIGNS.sub("", "\n".join(lines))


def buttons(reply: Reply) -> list[Button]:
    """The buttons of a reply and of its form."""
    of_forms = [b for each in reply.parts if isinstance(each, Form) for b in each.buttons]
    return [*of_forms, *reply.buttons]


def labels(reply: Reply) -> list[str]:
    return [_SIGNS.sub("", each.label) for each in buttons(reply)]


def button(reply: Reply, label: str) -> Button:
    """The button of that label; else the only one whose label begins so."""
    known = list(zip(labels(reply), buttons(reply), strict=True))
    exact = [each for name, each in known if name == label]
    found = exact or [each for name, each in known if name.startswith(label)]
    assert len(found) == 1, f"{label!r} is not one of {labels(reply)}"
    return found[0]


def part(reply: Reply, kind: type[Part]) -> Part:
    """The first part of a kind."""
    return next(each for each in reply.parts if isinstance(each, kind))


# --- an Incoming as JSON --------------------------------------------------------------------------


def packed(incoming: Incoming) -> dict[str, Any]:
    told = {**asdict(incoming), "sent_at": incoming.sent_at.isoformat()}
    if told["attachment"]:
        told["attachment"]["data"] = b64encode(told["attachment"]["data"]).decode()
    return told


def unpacked(payload: dict[str, Any]) -> Incoming:
    form, card, file = payload["form"], payload["card"], payload["attachment"]
    nested: dict[str, Any] = {
        "sender": Sender(**payload["sender"]),
        "place": Place(**payload["place"]),
        "sent_at": datetime.fromisoformat(payload["sent_at"]),
        "form": FormAnswers(**form) if form else None,
        "card": SharedContact(
            card["name"],
            tuple(card["phones"]),
            tuple(card["emails"]),
            card["company"],
            card["vcard"],
        )
        if card
        else None,
        "forwarded": Forwarded(**payload["forwarded"]) if payload["forwarded"] else None,
        "attachment": Attachment(**{**file, "data": b64decode(file["data"])}) if file else None,
    }
    return Incoming(**{**payload, **nested})
