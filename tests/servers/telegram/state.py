"""Who is there and what was said: people, chats, messages, files, and the queue of updates."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from tests.servers.telegram.checks import JSON, find_entities

DAY = 24 * 60 * 60
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FUTURE = 10  # an offset further ahead than this counts as unknown: the queue is given from its head


@dataclass
class Update:
    id: int
    at: float
    kind: str
    what: JSON
    offered: float = 0.0  # when it was first handed out
    confirmed: float = 0.0  # when the bot said that it has it

    @property
    def body(self) -> JSON:
        return {"update_id": self.id, self.kind: self.what}


@dataclass
class Queue:
    """The bot's updates: a getUpdates with an offset forgets all below it, for good."""

    next_id: int
    waiting: list[Update] = field(default_factory=list)
    given: list[Update] = field(default_factory=list)  # every update once handed out
    again: list[Update] = field(default_factory=list)  # to be handed out once more
    allowed: frozenset[str] | None = None  # None: all but NOT_BY_DEFAULT

    def add(self, kind: str, what: JSON, at: float) -> bool:
        if kind in NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return False
        self.waiting.append(Update(self.next_id, at, kind, what))
        self.next_id += 1
        return True

    def take(self, offset: int, limit: int, now: float) -> list[Update]:
        self.drop_old(now)
        tail = self.next_id
        if offset < 0:  # counted from the end
            self.waiting = self.waiting[offset:]
        elif offset <= tail + FUTURE:
            for update in self.waiting:
                update.confirmed = now if update.id < offset else 0.0
            self.waiting = [update for update in self.waiting if update.id >= offset]
        taken = [*self.again, *self.waiting][:limit]
        self.again = self.again[len(taken) :]
        self.given += [update for update in taken if not update.offered]
        for update in taken:
            update.offered = update.offered or now
        return taken

    def confirm(self, done: Update, now: float) -> None:
        """A webhook took it; there is no offset to forget others by."""
        done.confirmed = now
        self.waiting = [update for update in self.waiting if update is not done]

    def drop_old(self, now: float) -> None:
        self.waiting = [update for update in self.waiting if now - update.at < DAY]


@dataclass
class Person:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    @property
    def body(self) -> JSON:
        body = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        names = ("last_name", "username", "language_code")
        return body | {name: value for name in names if (value := getattr(self, name))}


@dataclass
class Room:
    """A chat as the server keeps it. `standing` is the bot's own: member, left or kicked."""

    id: int
    type: str
    title: str | None = None
    person: Person | None = None
    members: dict[int, Person] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    standing: str = "member"
    started: bool = True  # a private chat begins when the person writes
    blocked: bool = False
    moved_to: int | None = None
    spoke_last: int | None = None  # the last bot that spoke here, for the privacy rule
    messages: dict[int, JSON] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    changes: list[int] = field(default_factory=list)  # ids of what the bot said or edited, in order

    @property
    def body(self) -> JSON:
        if self.person:
            kept = ("id", "first_name", "last_name", "username")
            return {k: v for k, v in self.person.body.items() if k in kept} | {"type": self.type}
        return {"id": self.id, "type": self.type, "title": self.title}

    @property
    def private(self) -> bool:
        return self.type == "private"


@dataclass
class Query:
    """A pressed button, waiting for its answerCallbackQuery."""

    id: str
    at: float
    answer: JSON | None = None


@dataclass
class Call:
    """One API call, as it came and as it was answered."""

    method: str
    params: dict[str, str]
    at: float
    answer: JSON = field(default_factory=dict)


@dataclass
class World:
    """Everything the server knows; whoever touches it holds `lock`."""

    bot: Person
    first_id: int = 1000
    first_update: int = 700_000_000
    clock: Callable[[], float] = time.time
    privacy: bool = True
    mentions_reach: bool = False
    skew: float = 0.0
    people: dict[int, Person] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JSON]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    wake: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.queue = Queue(self.first_update)
        self.ids = count(self.first_id)
        self.numbers = count(1)

    @property
    def now(self) -> float:
        return self.clock() + self.skew

    def tell(self, kind: str, what: JSON) -> None:
        """Queue an update for the bot, if it asked for such, and wake whoever polls."""
        if self.queue.add(kind, what, self.now):
            self.wake()

    def write(self, room: Room, author: Person, **content: object) -> JSON:
        """Put a message into a chat; what is None is left out."""
        message: JSON = {"message_id": self.next_message_id(room), "from": author.body}
        message |= {"chat": room.body, "date": int(self.now)}
        message |= {name: value for name, value in content.items() if value is not None}
        room.messages[message["message_id"]] = message
        if author.is_bot:
            room.spoke_last = author.id
        if author.id == self.bot.id:
            self.touch(room, message)
        return message

    def next_message_id(self, room: Room) -> int:
        # A supergroup numbers its own messages; all other chats share the bot's one count.
        return len(room.messages) + 1 if room.type == "supergroup" else next(self.ids)

    def touch(self, room: Room, message: JSON) -> None:
        room.changes.append(message["message_id"])
        self.changed.notify_all()

    def reaches_bot(self, room: Room, message: JSON, author: Person) -> bool:
        """Privacy mode: in a group the bot is told only what is meant for it."""
        if room.standing != "member" or author.is_bot or room.blocked:
            return False
        service = ("new_chat_members", "left_chat_member", "group_chat_created",
                   "migrate_to_chat_id", "migrate_from_chat_id")  # fmt: skip
        if room.private or not self.privacy or self.bot.id in room.admins:
            return True
        if any(kind in message for kind in service):
            return True
        replied = message.get("reply_to_message", {}).get("from", {})
        return replied.get("id") == self.bot.id or any(self._addressed(room, message))

    def _addressed(self, room: Room, message: JSON) -> Iterable[bool]:
        name = f"@{self.bot.username}".lower()
        text = message.get("text") or message.get("caption") or ""
        for entity in message.get("entities") or message.get("caption_entities") or []:
            start = entity["offset"] * 2
            raw = text.encode("utf-16-le")[start : start + entity["length"] * 2]
            said = raw.decode("utf-16-le").lower()
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                # A bare command goes to the bot that spoke last here.
                mine = room.spoke_last in (None, self.bot.id)
                yield said.endswith(name) if "@" in said else mine
            elif entity["type"] == "mention":
                yield self.mentions_reach and said == name


def text_of(text: str) -> JSON:
    entities = find_entities(text)
    return {"text": text} | ({"entities": entities} if entities else {})
