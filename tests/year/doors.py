"""What people do at the doors: write, tap, send files, read; and what a customer's programs do.

Who speaks waits for what comes of it. What the clock brings to anybody is read off their screens,
as people do: ``arrived`` has the letters in order, of whom and when.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from bot.slack_manifest import manifest
from handlers.library import the_book
from storage.clock import SetClock
from storage.database import Database
from tests.doors.house import PLAIN
from tests.doors.loop import LiveLoop
from tests.doors.waiting import until
from tests.servers.slack import Channel, Person, SlackServer
from tests.servers.slack import Message as SlackMessage
from tests.servers.telegram import Chat, TelegramServer, User
from tests.servers.telegram import Message as TelegramMessage
from tests.year.inside import PATIENCE, PUBLIC, Inside, Post

SIGNS = re.compile("[\u200e\u200f\u2066-\u2069]")

Message = TelegramMessage | SlackMessage


@dataclass(frozen=True)
class Seen:
    """A message as somebody reads it: its words without direction signs, and its buttons."""

    to: str
    at: datetime
    text: str
    buttons: list[str]
    message: Message
    where: Any

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass
class Doors:
    """``people`` by their names, each with their own chat."""

    inside: Inside
    people: dict[str, tuple[User | Person, Any]] = field(default_factory=dict)
    arrived: list[Seen] = field(default_factory=list)
    sales: Any = None
    """The channel of those who sell."""
    said: int = 0
    hears: Callable[[str], object] = lambda _line: None
    """Is told all that is said and answered."""
    _read: dict[str, int] = field(default_factory=dict)

    @property
    def clock(self) -> SetClock:
        return self.inside.clock

    @property
    def post(self) -> Post:
        return self.inside.post

    # --- who is there -----------------------------------------------------------------------------

    def on_slack(self, number: str, name: str) -> None:
        person = self.inside.slack.team().user(number, name)
        self.people[name] = person, self.inside.slack.team().dm(person)

    def on_telegram(self, number: int, name: str) -> None:
        user = self.inside.telegram.user(number, name, language_code="en")
        self.people[name] = user, self.inside.telegram.private(user)

    def channel(self, name: str, *members: str) -> Channel:
        people = [self.people[each][0] for each in members]
        return self.inside.slack.team().channel(
            name, [each for each in people if isinstance(each, Person)]
        )

    # --- what they do -----------------------------------------------------------------------------

    def says(
        self, by: str, text: str, *, where: Channel | None = None, to: Message | None = None
    ) -> Seen:
        """Write in one's own chat, or in a channel, in answer to a message or not; the answer."""
        person, home = self.people[by]
        place = where or home

        def act() -> None:
            if isinstance(person, User):
                person.says(home, text, to if isinstance(to, TelegramMessage) else None)
            else:
                person.says(place, text, to if isinstance(to, SlackMessage) else None)

        return self._answered(by, text, place, act)

    def sends(self, by: str, name: str, data: bytes, button: str) -> Seen:
        """A file; what is answered, with this button. A reminder may come before it."""
        person, home = self.people[by]

        def act() -> None:
            if isinstance(person, User):
                person.sends_document(home, name, data, "", "text/csv")
            else:
                person.uploads(home, name, data)

        def shown() -> Sequence[Message]:
            return home.messages if isinstance(home, Chat) else home.answers

        def with_it() -> list[Seen]:
            new = [self._seen(by, each, home) for each in shown()[before:]]
            return [one for one in new if any(each.startswith(button) for each in one.buttons)]

        before = len(shown())
        self._answered(by, name, home, act)
        until(with_it, PATIENCE)
        return with_it()[0]

    def remarks(self, by: str, text: str, where: Channel, to: SlackMessage) -> None:
        """A word among colleagues, that Rabta hears, or not, and does not answer."""
        person = self.people[by][0]
        assert isinstance(person, Person)
        person.says(where, text, to)
        self._done(by, text)

    def tells(self, by: str, text: str) -> None:
        """A customer writes; they may be answered, or not."""
        person, home = self.people[by]
        assert isinstance(person, User)
        person.says(home, text)
        self._done(by, text)

    def taps(self, by: str, label: str, on: Seen) -> None:
        person = self.people[by][0]
        found = next((each for each in on.message.buttons if _plain(each).startswith(label)), None)
        assert found, f"{label!r} is none of {on.buttons} under {on.text!r}"
        if isinstance(person, User):
            assert isinstance(on.message, TelegramMessage)
            person.presses(on.message, found)
        else:
            assert isinstance(on.message, SlackMessage)
            person.presses(on.message, found).wait()
        self._done(by, f"[{label}]")

    def posts(self, link: str, form: dict[str, str]) -> None:
        """As a customer's mail program does, through the firm's proxy."""
        assert link.startswith(PUBLIC + "/")
        there = f"http://127.0.0.1:{self.inside.port}" + link.removeprefix(PUBLIC)
        httpx.post(there, data=form, timeout=PATIENCE, verify=PLAIN).raise_for_status()
        self._done("a mail program", link)

    def _answered(self, by: str, what: str, place: Chat | Channel, act: Callable[[], None]) -> Seen:
        if isinstance(place, Chat):
            since = place.changes
            act()
            seen = self._seen(by, place.wait_for_change(since, PATIENCE), place)
        else:
            there = len(place.answers)
            act()
            place.wait_for(there + 1, PATIENCE)
            while not place.answers[there].text_shown:  # a picture of an earlier answer
                there += 1
                place.wait_for(there + 1, PATIENCE)
            seen = self._seen(by, place.answers[there], place)
        self._tells(f"{by}: {what}", f"  -> {seen.text} {seen.buttons}")
        return seen

    def _done(self, by: str, what: str) -> None:
        self.settles()
        self._tells(f"{by}: {what}")

    def _tells(self, *lines: str) -> None:
        self.said += 1
        self.hears("\n".join([f"{self.clock.now():%d %b %H:%M}", *lines]))

    def newest(self, to: str) -> Seen:
        """The last that stands in their own chat."""
        home = self.people[to][1]
        shown = home.messages if isinstance(home, Chat) else home.answers
        return self._seen(to, shown[-1], home)

    def waits(self) -> None:
        """Some seconds, until nothing is on its way to anybody."""
        self.settles()
        self.inside.waits()

    def settles(self) -> None:
        """Until all that was done is fetched, handled and answered."""
        self.inside.slack.settle()
        until(lambda: not self.inside.telegram.world.queue.waiting, PATIENCE)
        self.inside.settles()

    # --- what they read ---------------------------------------------------------------------------

    def rings(self) -> list[Seen]:
        """Let the clock look at what is due now; what it brought to anybody."""
        self.inside.rings()
        return self.reads()

    def reads(self) -> list[Seen]:
        """What arrived in anybody's own chat since they looked last."""
        new = []
        for name, (_, home) in self.people.items():
            shown = home.messages if isinstance(home, Chat) else home.answers
            new += [self._seen(name, each, home) for each in shown[self._read.get(name, 0) :]]
            self._read[name] = len(shown)
        self.arrived += new
        for each in new:
            self.hears(f"{each.at:%d %b %H:%M} to {each.to}: {each.text} {each.buttons}")
        return new

    def _seen(self, to: str, message: Message, where: Any) -> Seen:
        text = message.text if isinstance(message, TelegramMessage) else message.text_shown
        labels = [_plain(each) for each in message.buttons]
        return Seen(to, self.clock.now(), _plain(text), labels, message, where)

    def file(self, seen: Seen) -> list[list[str]]:
        """The CSV file that came with an answer."""
        place = seen.where
        if isinstance(place, Channel):
            every = [file for each in place.answers for file in each.files]
            data = every[-1].data
        else:
            document = next(
                each.raw["document"] for each in reversed(place.messages) if "document" in each.raw
            )
            data = self.inside.telegram.world.files[document["file_id"]][1]
        return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def _plain(text: str) -> str:
    return SIGNS.sub("", text)


@contextmanager
def house(database: Database, begins: datetime) -> Iterator[Doors]:
    """All of it, from the platforms' servers up to the doors."""
    clock = SetClock(begins)

    def seconds() -> float:
        return clock.now().timestamp()

    with (
        TelegramServer(clock=seconds) as telegram,
        SlackServer(haste=120, clock=seconds) as slack,
        LiveLoop() as loop,
    ):
        slack.team()
        slack.obeys(manifest(the_book()))
        inside = Inside(telegram, slack, loop, database, clock, Post())
        loop.do(inside.begin(), PATIENCE)
        slack.wait_for_sockets(2)
        try:
            yield Doors(inside)
        finally:
            loop.do(inside.end(), PATIENCE)
