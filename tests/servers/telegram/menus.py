"""The bot's command menu, by scope and language, and who stands how in a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.servers.telegram.checks import JSON, bad, loads
from tests.servers.telegram.state import Person, Room, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
WIDE = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
NARROW = {"chat": ("chat_id",), "chat_administrators": ("chat_id",),
          "chat_member": ("chat_id", "user_id")}  # fmt: skip
RIGHTS = [
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
]  # fmt: skip


def read_commands(raw: str) -> list[JSON]:
    commands = loads(raw, "commands") if raw else []
    if not isinstance(commands, list):
        raise bad("can't parse commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return [_read_command(command) for command in commands]


def _read_command(command: Any) -> JSON:
    if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
        raise bad("can't parse BotCommand: expected an Object with command and description")
    name, description = str(command["command"]), str(command["description"]).strip()
    if not COMMAND.fullmatch(name.removeprefix("/")):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


def read_language(code: str) -> str:
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def key(scope: Any) -> str:
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in WIDE:
        return str(kind)
    if kind not in NARROW:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    if missing := [field for field in NARROW[kind] if not scope.get(field)]:
        raise bad("can't parse BotCommandScope: Can't find field \"{}\"", missing[0])
    return ":".join([kind, *(str(scope[field]) for field in NARROW[kind])])


def menu(world: World, room: Room, person: Person) -> dict[str, str]:
    """What the person sees behind "/" there: the narrowest scope wins, then the language."""
    for scope in _scopes(room, person):
        for language in (person.language_code or "", ""):
            if commands := world.commands.get((scope, language)):
                return {command["command"]: command["description"] for command in commands}
    return {}


def _scopes(room: Room, person: Person) -> Iterator[str]:
    if room.private:
        yield from (f"chat:{room.id}", "all_private_chats", "default")
        return
    yield f"chat_member:{room.id}:{person.id}"
    if person.id in room.admins:
        yield f"chat_administrators:{room.id}"
    yield f"chat:{room.id}"
    if person.id in room.admins:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")


def standing(room: Room, user_id: int) -> JSON:
    if user_id in room.admins:
        return {"status": "administrator"} | dict.fromkeys(RIGHTS, False)
    return {"status": "member" if room.private or user_id in room.members else "left"}
