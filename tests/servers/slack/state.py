"""What the loopback Slack knows: teams, people, channels, messages, files and views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.servers.slack import text as wording

if TYPE_CHECKING:
    from tests.servers.slack.world import World

Json = dict[str, Any]


@dataclass(eq=False)
class User:
    """Somebody in a team. `home` is the team they belong to: another one for strangers."""

    world: World = field(repr=False)
    team: Team = field(repr=False)
    id: str
    name: str
    home: str
    guest: bool = False
    single_channel: bool = False
    stranger: bool = False
    bot_id: str = ""
    tz: str = "Asia/Karachi"
    tz_offset: int = 18000
    locale: str = "en-US"
    deleted: bool = False
    admin: bool = False

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(eq=False)
class Attachment:
    """A file: first only announced (no bytes, no channels), then uploaded, then shared."""

    id: str
    name: str
    owner: User
    size: int
    data: bytes = b""
    title: str = ""
    alike: str = ""
    uploaded: bool = False

    def as_json(self, base: str) -> Json:
        kind = self.name.rpartition(".")[2].lower()
        address = f"{base}/files-pri/{self.owner.team.id}-{self.id}/{self.name}"
        about = {"id": self.id, "name": self.name, "title": self.title or self.name}
        about |= {"alt_txt": self.alike} if self.alike else {}
        about |= {"filetype": kind, "mimetype": MIMES.get(kind, "application/octet-stream")}
        return about | {
            "user": self.owner.id,
            "size": self.size,
            "mode": "hosted",
            "url_private": address,
            "url_private_download": address.replace("/files-pri/", "/files-pri/download/"),
        }


MIMES = {"csv": "text/csv", "txt": "text/plain", "vcf": "text/vcard", "png": "image/png"}


@dataclass(eq=False)
class Message:
    """One message as last edited; `versions` keeps what it showed before each edit."""

    channel: Channel = field(repr=False)
    ts: str
    author: User = field(repr=False)
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: User | None = None
    via: str = "says"
    metadata: Json | None = None
    files: list[Attachment] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited_ts: str = ""
    deleted: bool = False
    broadcast: bool = False
    names_linked: bool = False
    unfurl: bool = True
    subtype: str = ""
    client_msg_id: str = ""
    versions: list[str] = field(default_factory=list)

    @property
    def text_shown(self) -> str:
        """What a person reads: the blocks when there are any, else the text."""
        names = self.channel.team.names()
        if self.blocks:
            return wording.blocks_shown(self.blocks, names)
        return wording.shown(self.text, names)

    @property
    def pings(self) -> list[str]:
        """Everybody this message notifies: channel, here, everyone, U..., subteam^S..."""
        parts = [wording.Part(self.text, mrkdwn=True, names_linked=self.names_linked)]
        return wording.pings([*parts, *wording.parts(self.blocks)])

    @property
    def links(self) -> list[tuple[str, str]]:
        """(address, label) of everything a person could follow."""
        parts = [wording.Part(self.text, mrkdwn=True)]
        return wording.links([*parts, *wording.parts(self.blocks)])

    @property
    def elements(self) -> list[tuple[Json, Json]]:
        """(block, element) of everything that can be pressed or picked."""
        found = []
        for block in self.blocks:
            inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
            found += [(block, e) for e in inside if isinstance(e, dict) and "action_id" in e]
        return found

    @property
    def buttons(self) -> list[str]:
        return [e["text"]["text"] for _, e in self.elements if e["type"] == "button"]


@dataclass(eq=False)
class Channel:
    """A conversation. `kind` is Slack's channel_type: channel, group, im or mpim."""

    team: Team = field(repr=False)
    id: str
    name: str
    kind: str
    members: set[str]
    shared: bool = False
    archived: bool = False
    messages: list[Message] = field(default_factory=list, repr=False)

    @property
    def answers(self) -> list[Message]:
        """What the app itself wrote here."""
        return [message for message in self.messages if message.author is self.team.bot]

    def find(self, ts: str) -> Message | None:
        return next((m for m in self.messages if m.ts == ts and not m.ephemeral_to), None)

    def wait_for(
        self, wanted: int | str | Callable[[Message], bool], timeout: float = 20.0
    ) -> Message:
        """The app's n-th message, the first one showing a text, or the first one that fits."""

        def look() -> Message | None:
            answers = self.answers
            if isinstance(wanted, int):
                return answers[wanted - 1] if len(answers) >= wanted else None
            if isinstance(wanted, str):
                return next((m for m in answers if wanted in m.text_shown), None)
            return next((m for m in answers if wanted(m)), None)

        found = self.team.world.wait(look, timeout)
        if found is None:
            seen = [message.text_shown for message in self.answers]
            msg = f"waited {timeout} s in #{self.name} for {wanted!r}, saw {seen}"
            raise AssertionError(msg)
        return found


@dataclass(eq=False)
class View:
    """A modal or a Home tab as the person sees it; `trouble` is what Slack shows on failure."""

    id: str
    user: User
    view: Json
    hash: str
    root_id: str = ""
    previous_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    open: bool = True


@dataclass(eq=False)
class Team:
    """A workspace where the app is installed. `scopes` None means: every scope was granted."""

    world: World = field(repr=False)
    id: str
    name: str
    bot_token: str
    scopes: set[str] | None = None
    users: dict[str, User] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    revoked: bool = False
    bot: User = field(init=False)

    def names(self) -> dict[str, str]:
        named = {user.id: user.name for user in self.users.values()}
        return named | {channel.id: channel.name for channel in self.channels.values()}
