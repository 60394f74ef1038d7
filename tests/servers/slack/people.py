"""The human side: people who write, edit, press, fill in forms; each verb tells the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tests.servers.slack import text as wording
from tests.servers.slack.forms import filled_in, pressed
from tests.servers.slack.state import Attachment, Channel, Json, Message, User, View
from tests.servers.slack.views import is_modal, take_answer
from tests.servers.slack.wire import changed, emit, message_json, tell, view_json
from tests.servers.slack.world import Envelope, Refused, Ticket

if TYPE_CHECKING:
    from tests.servers.slack.workspaces import Workspace


@dataclass(eq=False)
class Command:
    """A slash command on its way; what comes back lies in the channel, for its user only."""

    envelope: Envelope
    response_url: str
    trigger_id: str
    notices: list[str]  # what Slack itself shows, such as operation_timeout


class Person(User):
    """A user whom a test can move."""

    team: Workspace

    def says(
        self,
        channel: Channel,
        text: str,
        thread: Message | str | None = None,
        *,
        raw: bool = False,
        files: tuple[Attachment, ...] = (),
        shared: tuple[Json, ...] = (),
    ) -> Message:
        """Typed text (`raw`: already in Slack's form) becomes a message and its events."""
        assert self.id in channel.members, f"{self.name} is not in #{channel.name}"
        with self.world.change():
            thread_ts = thread.thread_ts or thread.ts if isinstance(thread, Message) else thread
            wire = text if raw else self.team.as_typed(text)
            message = Message(channel, self.world.new_ts(), self, wire, thread_ts=thread_ts)
            message.client_msg_id = str(UUID(int=self.world.count("client_msg")))
            message.files, message.subtype = list(files), "file_share" if files else ""
            message.attachments = list(shared)
            channel.messages.append(message)
        tell(message)
        return message

    def shares(self, channel: Channel, message: Message, text: str = "") -> Message:
        """Pass a message on, with words of one's own or without."""
        author = message.author
        link = f"{self.world.base}/archives/{message.channel.id}/p{message.ts.replace('.', '')}"
        shared: Json = {"id": 1, "is_share": True, "is_msg_unfurl": True, "ts": message.ts}
        shared |= {
            "author_id": author.id,
            "author_name": author.name,
            "author_subname": author.name,
        }
        shared |= {"text": message.text, "fallback": f"{author.name}: {message.text}"}
        shared |= {"channel_id": message.channel.id, "channel_team": author.home, "from_url": link}
        if message.files:
            shared["files"] = [file.as_json(self.world.base) for file in message.files]
        return self.says(channel, text, shared=(shared,))

    def edits(self, message: Message, text: str) -> None:
        assert message.author is self
        with self.world.change():
            before = message_json(message)
            message.versions.append(message.text_shown)
            message.text, message.edited_ts = self.team.as_typed(text), self.world.new_ts()
        tell(message, changed(message, before, "message_changed"))

    def deletes(self, message: Message) -> None:
        assert message.author is self
        with self.world.change():
            before = message_json(message)
            message.channel.messages.remove(message)
            message.deleted = True
        tell(message, changed(message, before, "message_deleted"))

    def uploads(
        self,
        channel: Channel,
        name: str,
        data: bytes,
        text: str = "",
        thread: Message | str | None = None,
    ) -> Message:
        return self.uploads_all(channel, {name: data}, text, thread)

    def uploads_all(
        self,
        channel: Channel,
        named: Mapping[str, bytes],
        text: str = "",
        thread: Message | str | None = None,
    ) -> Message:
        """Several files in one message."""
        files = tuple(
            Attachment(self.world.new_id("F"), name, self, len(data), data, uploaded=True)
            for name, data in named.items()
        )
        with self.world.change():
            self.world.files |= {file.id: file for file in files}
        message = self.says(channel, text, thread, files=files)
        for file in files if self.team.bot.id in channel.members else ():
            event = {"type": "file_shared", "file_id": file.id, "user_id": self.id}
            emit(self.team, event | {"channel_id": channel.id, "event_ts": message.ts})
        return message

    def commands(self, command: str, text: str, channel: Channel) -> Command:
        """A slash command; works in any conversation of the person, with the app in it or not."""
        assert self.id in channel.members, f"{self.name} is not in #{channel.name}"
        known = self.team.commands
        assert known is None or command in known, f"{command} is not in the manifest"
        escape = self.world.should_escape
        wire = self.team.as_typed(text) if escape else wording.escaped(text)
        named = {"channel": channel.name, "group": "privategroup", "im": "directmessage"}
        response_url, trigger = self.response_url(channel), self.trigger()
        payload = {"token": "verification-token", "team_id": self.team.id}
        payload |= {"team_domain": self.team.name.lower(), "channel_id": channel.id}
        payload |= {"channel_name": named.get(channel.kind, channel.name), "user_id": self.id}
        payload |= {"user_name": self.handle, "command": command, "text": wire}
        payload |= {"api_app_id": self.world.app_id, "is_enterprise_install": "false"}
        payload |= {"response_url": response_url, "trigger_id": trigger}
        notices: list[str] = []

        def take(answer: Json) -> None:
            if answer.get("text") or answer.get("blocks"):
                only_for = None if answer.get("response_type") == "in_channel" else self
                try:
                    self.team.hear(answer, channel, only_for)
                except Refused as refused:
                    notices.append(f"failed with the error {refused.error}")

        envelope = Envelope(self.world, "slash_commands", payload, take)
        envelope.fail = lambda reason: notices.append(SHOWN[reason])
        self.world.send(envelope)
        return Command(envelope, response_url, trigger, notices)

    def presses(self, message: Message, label: str, *, option: str = "") -> Envelope:
        """A button by its label; a menu by its placeholder or action_id, with the option picked."""
        assert not message.deleted, "the message is gone"
        assert message.ephemeral_to in (None, self), "somebody else's ephemeral message"
        ts = self.world.new_ts()
        container: Json = {"type": "message", "message_ts": message.ts}
        container |= {"channel_id": message.channel.id}
        container["is_ephemeral"] = message.ephemeral_to is not None
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self._interaction("block_actions") | {"container": container}
        payload |= {"channel": {"id": message.channel.id, "name": message.channel.name}}
        payload |= {"response_url": self.response_url(message.channel, message)}
        payload |= {"actions": [pressed(message.elements, label, option, ts)]}
        payload |= {"state": {"values": {}}}
        if not message.ephemeral_to:  # an ephemeral message does not come along
            payload["message"] = message_json(message)
        return self._send(Envelope(self.world, "interactive", payload))

    def uses(self, shortcut: str, message: Message) -> Envelope:
        """A shortcut of the app over a message, by what it is called in the menu."""
        known = self.team.shortcuts or {}
        assert shortcut in known, f"{shortcut} is not in the manifest"
        payload = self._interaction("message_action") | {"callback_id": known[shortcut]}
        payload |= {"channel": {"id": message.channel.id, "name": message.channel.name}}
        payload |= {"message": message_json(message), "message_ts": message.ts}
        payload |= {"response_url": self.response_url(message.channel)}
        return self._send(
            Envelope(self.world, "interactive", payload | {"action_ts": self.world.new_ts()})
        )

    def submits(self, shown: View, values: Json | None = None) -> Envelope:
        """The modal is sent; `values` by label, block_id or action_id, else as the form stands.

        Raises AssertionError for what the client itself would not let through.
        """
        self._looks_at(shown)
        state = filled_in(shown.view["blocks"], values or {})
        view = view_json(shown) | {"state": {"values": state}}
        payload = self._interaction("view_submission") | {"view": view, "response_urls": []}
        envelope = Envelope(self.world, "interactive", payload)
        envelope.take = lambda answer: take_answer(shown, answer)
        envelope.fail = lambda _reason: setattr(shown, "trouble", "We had some trouble connecting")
        return self._send(envelope)

    def closes(self, shown: View) -> Envelope | None:
        self._looks_at(shown)
        with self.world.change():
            shown.open = False
        if not shown.view.get("notify_on_close"):
            return None
        payload = self._interaction("view_closed") | {"view": view_json(shown)}
        payload |= {"is_cleared": False}
        return self._send(Envelope(self.world, "interactive", payload))

    def opens_home(self) -> None:
        dm = self.team.dm(self)
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": dm.id, "tab": "home"}
        emit(self.team, event | {"event_ts": self.world.new_ts()})

    @property
    def modal(self) -> View | None:
        """The modal on top of this person's screen."""
        opened = [v for v in self.world.views.values() if v.user is self and v.open]
        return next((view for view in reversed(opened) if is_modal(view)), None)

    def sees_modal(self, timeout: float = 20.0) -> View:
        found = self.world.wait(lambda: self.modal, timeout)
        assert found, f"no modal for {self.name} after {timeout} s"
        return found

    def response_url(self, channel: Channel, message: Message | None = None) -> str:
        name = self.world.new_id("r")
        self.world.response_urls[name] = Ticket(self, self.world.clock(), channel, message)
        return f"{self.world.base}/actions/{self.team.id}/{name}"

    def trigger(self) -> str:
        name = self.world.new_id("trigger.")
        self.world.triggers[name] = Ticket(self, self.world.clock())
        return name

    def _looks_at(self, shown: View) -> None:
        assert shown.user is self, "somebody else's modal"
        assert shown.open, "the modal is closed"
        with self.world.change():
            shown.errors, shown.trouble = {}, ""

    def _interaction(self, kind: str) -> Json:
        team = {"id": self.team.id, "domain": self.team.name.lower()}
        user = {"id": self.id, "username": self.handle, "name": self.handle, "team_id": self.home}
        payload = {"type": kind, "team": team, "user": user, "token": "verification-token"}
        payload |= {"api_app_id": self.world.app_id, "trigger_id": self.trigger()}
        return payload | {"enterprise": None, "is_enterprise_install": False}

    def _send(self, envelope: Envelope) -> Envelope:
        self.world.send(envelope)
        return envelope


SHOWN = {
    "timeout": "failed with the error operation_timeout",
    "connection_failed": "failed with the error dispatch_failed",
}
