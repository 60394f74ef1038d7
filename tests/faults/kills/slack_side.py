"""Loopback Slack in a round: in Socket Mode, or calling a request URL."""

from __future__ import annotations

import random
from collections.abc import Callable

from bot.slack_look import LETTER
from bot.slack_manifest import manifest
from handlers.library import the_book
from tests.faults.kills.history import Said, Shown
from tests.faults.kills.sides import HELD, whose
from tests.servers.slack import Channel, Envelope, Message, Person, SlackServer

PEOPLE = ("Ayesha", "Bilal", "Sana", "Imran")


class SlackSide:
    """``request_url``: where it calls; empty in Socket Mode."""

    def __init__(self, server: SlackServer, request_url: str = "") -> None:
        self.server, self.by_http = server, bool(request_url)
        server.manners.retry_after = (0.0, *[0.2] * 8, *[1.0] * 60)
        self.team = server.team()
        server.obeys(manifest(the_book(), request_url) if request_url else manifest(the_book()))
        self.people: list[Person] = [
            self.team.user(f"U{number}", name) for number, name in enumerate(PEOPLE, 1)
        ]
        self.channels: dict[str, Channel] = {}
        for person in self.people:
            channel = self.team.dm(person)
            self.channels[channel.id] = channel
        together = self.team.channel("sales", self.people)
        self.channels[together.id] = together
        self._open: dict[int, tuple[Said, list[Envelope]]] = {}
        self._sent = self._taken = 0

    @property
    def chats(self) -> list[str]:
        return [*self.channels]

    def settings(self) -> dict[str, str]:
        told = {
            "RABTA_OWNERS": ",".join(f"slack:{self.team.id}/{each.id}" for each in self.people),
            "RABTA_SLACK_BOT_TOKEN": self.team.bot_token,
            "RABTA_SLACK_BASE_URL": self.server.api_url,
        }
        if self.by_http:
            return told | {"RABTA_SLACK_SIGNING_SECRET": self.server.signing_secret}
        return told | {"RABTA_SLACK_APP_TOKEN": self.server.app_token}

    def says(self, said: Said) -> None:
        channel = self.channels[said.chat]
        if channel.kind == "im":
            message = self.people[self.chats.index(said.chat)].says(channel, said.text)
        else:
            text = f"<@{self.team.bot.id}> {said.text}"
            message = whose(said, self.people).says(channel, text, raw=True)
        self._open[said.number] = said, self._envelopes(message)

    def _envelopes(self, message: Message) -> list[Envelope]:
        with self.server.world.changed:
            sent = self.server.world.sent[-40:]
        found = [
            each
            for each in sent
            if (event := each.payload.get("event", {})).get("ts") == message.ts
            and event.get("channel") == message.channel.id
        ]
        assert found, "Slack does not tell of it"
        return found

    def taps(self, said: Said, label: str) -> bool:
        channel = self.channels[said.chat]
        with self.server.world.changed:
            found = [each for each in channel.answers if said.firm in each.text_shown]
        if not found or label not in found[0].buttons:
            return False
        person = self.people[self.chats.index(said.chat)]
        self._open[said.number] = said, [person.presses(found[0], label)]
        return True

    def look(self) -> None:
        with self.server.world.changed:
            for number, (said, envelopes) in list(self._open.items()):
                offered = [each.attempts[0] for each in envelopes if each.attempts]
                said.offered = min(offered, default=0.0)
                if all(each.settled for each in envelopes):
                    acked = [each.acked_at for each in envelopes if each.acked]
                    said.taken = max(acked) if len(acked) == len(envelopes) else 0.0
                    del self._open[number]

    @property
    def untaken(self) -> int:
        self.look()
        return len(self._open)

    @property
    def taken(self) -> int:
        with self.server.world.changed:
            return sum(each.acked for each in self.server.world.sent)

    @property
    def heard(self) -> int:
        with self.server.world.changed:
            answers = (each for channel in self.channels.values() for each in channel.answers)
            return sum(1 + len(each.versions) for each in answers)

    def holds_an_answer(self) -> None:
        self.server.delays("chat.postMessage", HELD, after=True)

    def misbehaves(self, dice: random.Random) -> None:
        late, server = dice.uniform(0, 0.2), self.server
        if any(fault.times for fault in server.faults.waiting):
            return
        call = dice.choice(("chat.postMessage",) * 4 + ("chat.update", "conversations.history"))
        manners = server.manners
        choices: tuple[Callable[[], object], ...] = (
            lambda: server.delays(call, late),
            lambda: server.delays(call, late, after=True),
            lambda: server.loses_reply(call),
            lambda: server.loses_reply(call, done=False),
            lambda: server.fails(call),
            lambda: server.limits(call),
            lambda: setattr(manners, "copies", dice.choice((1, 1, 2, 3))),
            lambda: setattr(manners, "delay", dice.choice((0.0, 0.0, late))),
            lambda: setattr(manners, "cut_after", dice.randint(0, 2)),
            server.cuts,
            server.says_goodbye,
        )
        trouble: Callable[[], object] = dice.choice(choices[:-3] if self.by_http else choices)
        trouble()

    def behaves(self) -> None:
        manners = self.server.manners
        manners.copies, manners.delay, manners.cut_after = 1, 0.0, 0
        with self.server.world.change():
            self.server.faults.waiting.clear()

    def shown(self) -> list[Shown]:
        with self.server.world.changed:
            return [
                Shown(chat, message.ts, message.text_shown, _letter(message))
                for chat, channel in self.channels.items()
                for message in channel.answers
                if not message.deleted
            ]


def _letter(message: Message) -> str:
    told = message.metadata or {}
    if told.get("event_type") != LETTER:
        return ""
    return str(told["event_payload"].get("letter", ""))
