"""Loopback Telegram in a round: polled, or calling a webhook."""

from __future__ import annotations

import random
from functools import partial

from tests.faults.kills.history import Said, Shown
from tests.faults.kills.sides import HELD, whose
from tests.servers.telegram import (
    BAD_GATEWAY,
    CUT_AFTER,
    CUT_BEFORE,
    Chat,
    Fault,
    TelegramServer,
    User,
    fails,
    flood,
    slow,
)
from tests.servers.telegram.state import Update

PEOPLE = ("Ayesha", "Bilal", "Sana", "Imran")


class TelegramSide:
    """``webhook``: where it calls; empty where Rabta polls."""

    def __init__(self, server: TelegramServer, webhook: str = "") -> None:
        self.server, self.webhook = server, webhook
        server.updates.plain_webhooks = True
        self.people: list[User] = [
            server.user(101 + number, name, language_code="en")
            for number, name in enumerate(PEOPLE)
        ]
        self.rooms: dict[str, Chat] = {}
        for person in self.people:
            chat = server.private(person)
            chat.room.started = True  # as by a /start of long ago: else no reminder may come there
            self.rooms[str(chat.id)] = chat
        group = server.group("Sales", self.people, supergroup=True, admin=True)
        self.rooms[str(group.id)] = group
        self._updates: dict[int, tuple[str, object]] = {}
        self._open: dict[int, tuple[Said, Update | None]] = {}

    @property
    def chats(self) -> list[str]:
        return [*self.rooms]

    def settings(self) -> dict[str, str]:
        told = {
            "RABTA_OWNERS": ",".join(f"telegram:{person.id}" for person in self.people),
            **self.server.settings,
        }
        return told | ({"RABTA_TELEGRAM_WEBHOOK_URL": self.webhook} if self.webhook else {})

    def says(self, said: Said) -> None:
        room = self.rooms[said.chat]
        if room.room.private:
            message = self.people[self.chats.index(said.chat)].says(room, said.text)
        else:
            message = whose(said, self.people).says(room, f"@rabta_bot {said.text}")
        self._told(said, "message", message.raw)

    def taps(self, said: Said, label: str) -> bool:
        room = self.rooms[said.chat]
        found = [each for each in room.messages if said.firm in each.text]
        if not found or label not in found[0].buttons:
            return False
        person = self.people[self.chats.index(said.chat)]
        query = person.presses(found[0], label)
        self._told(said, "callback_query", {"id": query.id})
        return True

    def _told(self, said: Said, kind: str, what: dict[str, object]) -> None:
        name = "id" if kind == "callback_query" else "message_id"
        here = what.get("chat")
        with self.server.world.lock:
            queue = self.server.world.queue
            for update in reversed([*queue.given[-50:], *queue.waiting]):
                same = update.kind == kind and update.what[name] == what[name]
                if same and (here is None or update.what["chat"] == here):
                    self._open[said.number] = said, update
                    return
        raise AssertionError(f"Telegram does not tell of {said}")

    def look(self) -> None:
        with self.server.world.lock:
            for number, (said, update) in list(self._open.items()):
                assert update is not None
                said.offered, said.taken = update.offered, update.confirmed
                if update.confirmed:
                    del self._open[number]

    @property
    def untaken(self) -> int:
        return len(self.server.world.queue.waiting)

    @property
    def taken(self) -> int:
        with self.server.world.lock:
            queue = self.server.world.queue
            return queue.next_id - self.server.world.first_update - len(queue.waiting)

    @property
    def heard(self) -> int:
        return sum(room.changes for room in self.rooms.values())

    def holds_an_answer(self) -> None:
        self.server.goes_wrong("sendMessage", Fault(late=HELD))

    def misbehaves(self, dice: random.Random) -> None:
        if self.server.is_troubled:
            return
        late = dice.uniform(0, 0.2)
        calls = ("sendMessage", "sendMessage", "sendMessage", "editMessageText")
        wrong = partial(self.server.goes_wrong, dice.choice(calls))
        faults = (
            slow(late), Fault(late=late), Fault(late=late), CUT_AFTER, CUT_BEFORE, BAD_GATEWAY,
            fails(done=True), flood(1),
        )  # fmt: skip
        if dice.random() < 0.6:
            wrong(dice.choice(faults))
        elif self.webhook:
            self.server.updates.deaf += dice.randint(0, 2)
        elif dice.random() < 0.5:
            self.server.repeats(dice.randint(1, 12))
        else:
            self.server.goes_wrong("getUpdates", dice.choice(faults))

    def behaves(self) -> None:
        self.server.is_well()
        self.server.updates.deaf = 0

    def shown(self) -> list[Shown]:
        return [
            Shown(chat, str(message.id), message.text)
            for chat, room in self.rooms.items()
            for message in room.messages
        ]
