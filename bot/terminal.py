"""The terminal as a door: a typed line comes in, a drawn reply goes out, one person at a time."""

from __future__ import annotations

import asyncio
import getpass
import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.door import Keep, Raw
from bot.incoming import Incoming, Place, Sender
from bot.terminal_draw import buttons_of
from bot.uploads import with_file
from handlers.reply import Button, Reply
from language.folding import fold
from scheduler.letters import Address, Letter, Outcome, Sent

Show = Callable[[Reply], None]


class Terminal:
    """One person's terminal. ``show`` draws a reply; its buttons are then there to be pressed."""

    name = "terminal"

    def __init__(self, person: str = "", show: Show = lambda _reply: None) -> None:
        self.person = person or _user_name()
        self.user = fold(self.person)[:64] or "me"
        self.show = show
        self._buttons: list[Button] = []
        self._message = ""

    def raw(self, line: str, now: datetime) -> Raw:
        """What was typed, to be kept: words, or the number or label of a button."""
        pressed = self._pressed(line)
        return self._raw(
            now,
            text="" if pressed else line,
            tap=pressed.token if pressed else "",
            message=self._message if pressed else "",
        )

    def handed(self, path: Path, now: datetime) -> Raw:
        """A file of this machine, to be kept as where it lies."""
        return self._raw(now, text="", tap="", message="", file=str(path))

    def _raw(self, now: datetime, **what: str) -> Raw:
        payload = {"user": self.user, "name": self.person, "at": now.isoformat(), **what}
        return Raw(secrets.token_hex(12), f"terminal:{self.user}", payload)

    def _pressed(self, line: str) -> Button | None:
        said = fold(line)
        if said.isdecimal() and 1 <= int(said) <= len(self._buttons):
            return self._buttons[int(said) - 1]
        named = [button for button in self._buttons if fold(button.label) == said]
        return named[0] if len(named) == 1 else None

    def is_whole(self, _payload: dict[str, Any], /) -> bool:
        """Kept first, like all that is not known to be quick."""
        return False

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        user, text, command = payload["user"], payload["text"], ""
        if text.startswith("/"):
            command, _, text = text[1:].partition(" ")
        incoming = Incoming(
            event=secrets.token_hex(8),
            sender=Sender("terminal", "", user, payload["name"]),
            place=Place("terminal", "", user),
            sent_at=datetime.fromisoformat(payload["at"]),
            text=text,
            command=command,
            tap=payload["tap"],
            message=payload["message"],
        )
        return await _with_file(incoming, Path(payload["file"])) if "file" in payload else incoming

    def is_here(self, address: Address) -> bool:
        """Is it for the person who sits here?"""
        return self.user == (address.chat or address.user)

    async def push(self, letter: Letter) -> Outcome:
        """Draw it. What replaces a card is drawn as something new: paper does not change."""
        self.show(letter.reply)
        self._buttons, self._message = buttons_of(letter.reply), str(letter.id)
        return Sent(self._message)

    async def run(self, keep: Keep) -> None:
        """Lines are brought by ``bot.talk``, which waits for the answer to each."""
        del keep

    async def stop(self) -> None:
        """Nothing is open."""


async def _with_file(incoming: Incoming, path: Path) -> Incoming:
    """The file as it is now: it may have gone since it was named."""
    media = mimetypes.guess_type(path.name)[0] or ""
    size = await asyncio.to_thread(_size, path)
    told = {"file": str(path), "name": path.name, "media_type": media, "size": str(size)}

    async def fetch() -> bytes | None:
        return await asyncio.to_thread(_bytes, path)

    return await with_file(replace(incoming, other="file", extra=told), fetch)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "me"
