"""A conversation, told as a story: say or tap something, and get what the bot did then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.servers.telegram.chats import Chat, Message
from tests.servers.telegram.people import User


@dataclass
class Talk:
    """`talk.says("win the Bilal deal")` gives the bot's next message, or the one it edited."""

    user: User
    chat: Chat
    timeout: float = 20.0

    def says(self, text: str, reply_to: Message | None = None) -> Message:
        since = self.chat.changes
        self.user.says(self.chat, text, reply_to)
        return self.chat.wait_for_change(since, self.timeout)

    def sends(self, **content: Any) -> Message:
        since = self.chat.changes
        self.user.sends(self.chat, **content)
        return self.chat.wait_for_change(since, self.timeout)

    def taps(self, button: str, on: Message | None = None) -> Message:
        """Tap a button, on the last message if no other is named."""
        since = self.chat.changes
        self.user.presses(on or self.chat.last, button)
        return self.chat.wait_for_change(since, self.timeout)
