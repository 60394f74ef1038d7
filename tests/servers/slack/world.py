"""The world of one loopback Slack: clock, lock, ids, and deliveries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from tests.servers.slack.state import Attachment, Channel, Json, Message, Team, User, View

T = TypeVar("T")


class Refused(Exception):
    """The server says no, in Slack's own word for it; `messages` are its explanations."""

    def __init__(self, error: str, *messages: str, **extra: object) -> None:
        super().__init__(error, *messages)
        self.error, self.messages, self.extra = error, messages, extra

    def answer(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["errors"] = list(self.messages)
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer


@dataclass(eq=False)
class Envelope:
    """One delivery to the app: an event, a command or an interaction, and how the app took it."""

    world: World = field(repr=False)
    kind: str  # events_api, slash_commands, interactive
    payload: Json
    take: Callable[[Json], None] = lambda _answer: None  # what Slack does with the app's answer
    fail: Callable[[str], None] = lambda _reason: None  # what the person sees instead
    attempts: list[float] = field(default_factory=list)
    acked: bool = False
    acked_at: float = 0.0
    answer: Json = field(default_factory=dict)
    lost: str = ""

    def taken(self, answer: Json) -> None:
        """The app has acknowledged it."""
        self.acked, self.acked_at, self.answer = True, self.world.clock(), answer
        self.take(answer)

    @property
    def settled(self) -> bool:
        return self.acked or bool(self.lost)

    def wait(self, timeout: float = 20.0) -> Json:
        """The app's answer, once it acknowledged."""
        if not self.world.wait(lambda: self.settled or None, timeout):
            msg = f"{self.kind} is still unacknowledged after {timeout} s"
            raise AssertionError(msg)
        if self.lost:
            msg = f"{self.kind} was given up: {self.lost}"
            raise AssertionError(msg)
        return self.answer


@dataclass
class Ticket:
    """A trigger_id or a response_url: for whom, since when, how often used."""

    user: User
    at: float
    channel: Channel | None = None
    message: Message | None = None
    used: int = 0


class World:
    """Everything at once, behind one lock; whoever changes it wakes all who wait."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.app_id = "A0RABTA"
        self.base = ""
        self.teams: dict[str, Team] = {}
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Ticket] = {}
        self.response_urls: dict[str, Ticket] = {}
        self.files: dict[str, Attachment] = {}
        self.subscriptions: set[str] | None = None  # None: every event
        self.should_escape = False  # the slash command's setting for names in its text
        self.send: Callable[[Envelope], None] = lambda _envelope: None
        self.new_link: Callable[[], str] = str
        self.sent: list[Envelope] = []
        self._counts: dict[str, int] = {}
        self._last_second = 0

    @contextmanager
    def change(self) -> Iterator[None]:
        with self.changed:
            yield
            self.changed.notify_all()

    def wait(self, look: Callable[[], T | None], timeout: float) -> T | None:
        with self.changed:
            self.changed.wait_for(lambda: look() is not None, timeout)
            return look()

    def count(self, kind: str) -> int:
        with self.changed:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            return self._counts[kind]

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{self.count(prefix):08d}"

    def new_ts(self) -> str:
        """Unique in the world and never falling, even when the clock is set back."""
        with self.changed:
            self._last_second = max(self._last_second, int(self.clock()))
            return f"{self._last_second}.{self.count('ts'):06d}"
