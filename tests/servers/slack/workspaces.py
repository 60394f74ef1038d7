"""A team as a test makes it up: its people, its channels, and being thrown out of it."""

from __future__ import annotations

from tests.servers.slack import text as wording
from tests.servers.slack.people import Person
from tests.servers.slack.rules import checked_blocks
from tests.servers.slack.state import Channel, Json, Message, Team, User
from tests.servers.slack.wire import emit


class Workspace(Team):
    """A team whose people and channels a test makes up."""

    commands: set[str] | None = None  # what the manifest declares; None: anything
    shortcuts: dict[str, str] | None = None  # those over messages: name and callback_id

    def user(
        self,
        user_id: str,
        name: str,
        *,
        guest: bool = False,
        single_channel: bool = False,
        stranger: bool = False,
        bot: bool = False,
        admin: bool = False,
        tz: str = "Asia/Karachi",
        tz_offset: int = 18000,
        locale: str = "en-US",
    ) -> Person:
        home = "T0ELSEWHERE" if stranger else self.id
        person = Person(self.world, self, user_id, name, home, guest or single_channel)
        person.single_channel, person.stranger, person.admin = single_channel, stranger, admin
        person.tz, person.tz_offset, person.locale = tz, tz_offset, locale
        person.bot_id = f"B{user_id[1:]}" if bot else ""
        with self.world.change():
            self.users[user_id] = person
        return person

    def channel(
        self,
        name: str,
        members: list[Person],
        *,
        bot_in: bool = True,
        private: bool = False,
        shared: bool = False,
        archived: bool = False,
    ) -> Channel:
        inside = {person.id for person in members} | ({self.bot.id} if bot_in else set())
        shared = shared or any(person.stranger for person in members)
        kind = "group" if private else "channel"
        made = Channel(self, self.world.new_id("C"), name, kind, inside, shared, archived)
        with self.world.change():
            self.channels[made.id] = made
        return made

    def dm(self, user: User, other: User | None = None) -> Channel:
        """The direct conversation of a person with the app, or with somebody else."""
        members = {user.id, (other or self.bot).id}
        with self.world.change():
            for channel in self.channels.values():
                if channel.kind == "im" and channel.members == members:
                    return channel
            made = Channel(self, self.world.new_id("D"), user.name, "im", members)
            self.channels[made.id] = made
            return made

    def as_typed(self, text: str) -> str:
        users = {user.name.replace(" ", "").lower(): user.id for user in self.users.values()}
        return wording.as_typed(text, users, {c.name: c.id for c in self.channels.values()})

    def hear(self, answer: Json, channel: Channel, only_for: User | None) -> None:
        """An answer that came back with the acknowledgement of a command."""
        ts, blocks = self.world.new_ts(), checked_blocks(answer.get("blocks")) or []
        said = Message(channel, ts, self.bot, answer.get("text") or "", blocks)
        said.ephemeral_to, said.via = only_for, "ack"
        with self.world.change():
            channel.messages.append(said)

    def uninstalls(self) -> None:
        """The app is thrown out: the token dies, and two events say so."""
        with self.world.change():
            self.revoked = True
        tokens = {"oauth": [], "bot": [self.bot.id]}
        emit(self, {"type": "tokens_revoked", "tokens": tokens})
        emit(self, {"type": "app_uninstalled"})
