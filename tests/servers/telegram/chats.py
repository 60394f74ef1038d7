"""A chat as its people see it: what the bot said there, as last edited, with its buttons."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.servers.telegram.checks import JSON
from tests.servers.telegram.state import Room, World


class NotSo(AssertionError):
    """What a test expected of the chat is not so."""

    def __init__(self, what: str, *values: object) -> None:
        super().__init__(what.format(*values))


@dataclass(frozen=True)
class Message:
    """A message as it stands now; `rows` are the keyboard's button texts."""

    id: int
    chat_id: int
    text: str
    rows: list[list[str]]
    raw: JSON

    @classmethod
    def of(cls, room: Room, raw: JSON) -> Message:
        rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
        texts = [[button["text"] for button in row] for row in rows]
        said = raw.get("text") or raw.get("caption") or ""
        return cls(raw["message_id"], room.id, said, texts, {**raw})

    @property
    def buttons(self) -> list[str]:
        return [text for row in self.rows for text in row]

    def data(self, text: str) -> str:
        """The callback_data behind a button, which a person never sees."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        for row in rows:
            for button in row:
                if button["text"] == text:
                    return str(button["callback_data"])
        raise NotSo("no button {!r} in {}", text, self.rows)


Wanted = int | Callable[[Message], object]


class Chat:
    """A chat as its people see it."""

    def __init__(self, world: World, room: Room) -> None:
        self.world, self.room, self.id = world, room, room.id

    @property
    def messages(self) -> list[Message]:
        """What the bot has said and not deleted, in order, as last edited."""
        with self.world.lock:
            return [
                Message.of(self.room, raw)
                for number, raw in self.room.messages.items()
                if raw["from"]["id"] == self.world.bot.id and number not in self.room.gone
            ]

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def changes(self) -> int:
        """How often the bot has said, edited or deleted something here."""
        with self.world.lock:
            return len(self.room.changes)

    def wait_for(self, wanted: Wanted = 1, timeout: float = 20.0) -> Message:
        """The message that fits, or the last one once there are so many."""
        return self._wait(lambda: _fitting(self.messages, wanted), timeout)

    def wait_for_change(self, since: int, timeout: float = 20.0) -> Message:
        """The message that the bot wrote or edited after `since` (a value of `changes`)."""

        def changed() -> Message | None:
            new = self.room.changes[since:]
            return Message.of(self.room, self.room.messages[new[0]]) if new else None

        return self._wait(changed, timeout)

    def _wait(self, seek: Callable[[], Message | None], timeout: float) -> Message:
        deadline = time.monotonic() + timeout
        with self.world.changed:
            while (found := seek()) is None:
                left = deadline - time.monotonic()
                if left <= 0 or not self.world.changed.wait(left):
                    said = [message.text for message in self.messages]
                    raise NotSo("not said within {} s; said: {}", timeout, said)
            return found

    def becomes_supergroup(self) -> Chat:
        """The group moves to a new id; writing to the old one is refused with the new."""
        with self.world.lock:
            old, new_id = self.room, -1_000_000_000_000 - abs(self.room.id)
            new = Room(new_id, "supergroup", old.title, members=old.members, admins=old.admins)
            self.world.rooms[new_id], old.moved_to = new, new_id
            author = next(iter(old.members.values()))
            moved = self.world.write(old, author, migrate_to_chat_id=new_id)
            self.world.tell("message", moved)
            came = self.world.write(new, author, migrate_from_chat_id=old.id)
            self.world.tell("message", came)
            return Chat(self.world, new)


def _fitting(messages: Sequence[Message], wanted: Wanted) -> Message | None:
    if isinstance(wanted, int):
        return messages[-1] if len(messages) >= wanted else None
    return next((message for message in messages if wanted(message)), None)
