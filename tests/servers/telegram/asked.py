"""What a call asks for, found and read, or refused: its chat, message, text and keyboard."""

from __future__ import annotations

from tests.servers.telegram.checks import (
    JSON,
    Refusal,
    bad,
    formatted,
    read_entities,
)
from tests.servers.telegram.keyboards import read_markup
from tests.servers.telegram.markup import parsed
from tests.servers.telegram.state import Room, World
from tests.servers.telegram.wire import Upload


class Asked:
    """One call's parameters, read or refused."""

    def __init__(self, world: World, params: dict[str, str], files: dict[str, Upload]) -> None:
        self.world, self.params, self.files = world, params, files

    def arg(self, name: str) -> str:
        return self.params.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.params.get(name, default))
        except ValueError:
            return default

    def room(self, *, write: bool = True) -> Room:
        raw = self.arg("chat_id").strip()
        if not raw:
            raise bad("chat_id is empty")
        try:
            room = self.world.rooms.get(int(raw))
        except ValueError:
            room = None  # @channel names: there are none here
        if room is None and self._met_in_a_group(raw) and write:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if room is None or not room.started:
            raise bad("chat not found")
        if write:
            self._may_write(room)
        return room

    def _met_in_a_group(self, raw: str) -> bool:
        return raw.isdigit() and any(int(raw) in room.members for room in self.world.rooms.values())

    @staticmethod
    def _may_write(room: Room) -> None:
        if room.moved_to is not None:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=room.moved_to,
            )
        if room.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if room.standing == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {room.type} chat")
        if room.standing == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {room.type} chat")

    def message(self, room: Room, what: str) -> JSON:
        if "message_id" not in self.params:
            raise bad("message identifier is not specified")
        number = self.number("message_id")
        if number in room.gone or number not in room.messages:
            raise bad("message to {} not found", what)
        return room.messages[number]

    def own_message(self, room: Room) -> JSON:
        message = self.message(room, "edit")
        if message["from"]["id"] != self.world.bot.id:
            raise bad("message can't be edited")
        return message

    def text(self, name: str, entities: str, limit: int) -> JSON:
        caption = name == "caption"
        text = self.arg(name)
        if not text and not caption:
            raise bad("message text is empty")
        found: list[JSON] = []
        if mode := self.arg("parse_mode"):
            text, found = parsed(text, mode)
        elif raw := self.arg(entities):
            found = read_entities(raw)
        return formatted(text, found, limit, caption=caption)

    def markup(self, *, inline_only: bool = False) -> JSON | None:
        raw = self.arg("reply_markup")
        return read_markup(raw, inline_only=inline_only) if raw else None
