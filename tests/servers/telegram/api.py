"""The Bot API's methods, each checking what the real one checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from tests.servers.telegram import menus
from tests.servers.telegram.asked import Asked
from tests.servers.telegram.checks import (
    ANSWER_LIMIT,
    CAPTION_LIMIT,
    JSON,
    TEXT_LIMIT,
    Refusal,
    bad,
    loads,
    utf16,
)
from tests.servers.telegram.state import DAY, Room

MB = 1_000_000
SIDES, SLIM = 10_000, 20
"""A photo's width and height together, and how many times longer than broad it may be."""
ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice",
        "upload_voice", "upload_document", "choose_sticker", "find_location",
        "record_video_note", "upload_video_note",
    }
)  # fmt: skip
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Api(Asked):
    """One call's methods: `Api(world, params, files).sendMessage()` gives the result."""

    query_age = 30.0  # seconds until a pressed button cannot be answered any more

    def getMe(self) -> JSON:  # noqa: N802 - these are Telegram's names
        return {
            **self.world.bot.body,
            "can_join_groups": True,
            "can_read_all_group_messages": not self.world.privacy,
            "supports_inline_queries": False,
        }

    def sendMessage(self) -> JSON:  # noqa: N802
        room = self.room()
        markup = self.markup()
        return self._send(room, markup, **self.text("text", "entities", TEXT_LIMIT))

    def sendPhoto(self) -> JSON:  # noqa: N802
        room, file_id = self.room(), self._file("photo", 10 * MB)
        data = self.world.files[file_id][1]
        size, (width, height) = len(data), sides(data)
        photo = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size}
        caption = self.text("caption", "caption_entities", CAPTION_LIMIT)
        sized = {**photo, "width": width, "height": height}
        return self._send(room, self.markup(), photo=[sized], **caption)

    def sendDocument(self) -> JSON:  # noqa: N802
        room, file_id = self.room(), self._file("document", 50 * MB)
        name, data = self.world.files[file_id]
        document = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}
        caption = self.text("caption", "caption_entities", CAPTION_LIMIT)
        return self._send(
            room, self.markup(), document={**document, "file_name": name.split("/")[-1]}, **caption
        )

    def _send(self, room: Room, markup: JSON | None, **content: Any) -> JSON:
        replied = None
        if raw := self.arg("reply_parameters"):
            reply = loads(raw, "reply parameters")
            replied = room.messages.get(int(reply.get("message_id", 0)))
            if replied is None and not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        if replied:
            replied = {k: v for k, v in replied.items() if k != "reply_to_message"}
        world = self.world
        return world.write(
            room, world.bot, reply_to_message=replied, **content, reply_markup=markup
        )

    def _file(self, field: str, limit: int) -> str:
        said = self.arg(field)
        upload = self.files.get(said.removeprefix("attach://")) or self.files.get(field)
        if upload is None:
            if not said:
                raise bad("there is no {} in the request", field)
            if said not in self.world.files:
                raise bad("wrong file identifier/HTTP URL specified")
            return said
        if not upload.data:
            raise bad("file must be non-empty")
        if len(upload.data) > limit:
            raise Refusal(413, "Request Entity Too Large")
        return self.keep(field, upload.name, upload.data)

    def keep(self, kind: str, name: str, data: bytes) -> str:
        file_id = f"file-{next(self.world.numbers)}"
        self.world.files[file_id] = (f"{kind}s/{file_id}/{name}", data)
        return file_id

    def editMessageText(self) -> JSON:  # noqa: N802
        room = self.room()
        message = self.own_message(room)
        content = self.text("text", "entities", TEXT_LIMIT)
        markup = self.markup(inline_only=True)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._edit(room, message, {"entities": None, **content, "reply_markup": markup})

    def editMessageReplyMarkup(self) -> JSON:  # noqa: N802
        room = self.room()
        return self._edit(
            room, self.own_message(room), {"reply_markup": self.markup(inline_only=True)}
        )

    def _edit(self, room: Room, message: JSON, content: JSON) -> JSON:
        """An edit without a keyboard takes the keyboard away, as the real one does."""
        if all(message.get(name) == value for name, value in content.items()):
            raise bad(NOT_MODIFIED)
        for name, value in content.items():
            message.pop(name, None)
            if value is not None:
                message[name] = value
        message["edit_date"] = int(self.world.now)
        self.world.touch(room, message)
        return message

    def deleteMessage(self) -> bool:  # noqa: N802
        room = self.room()
        message = self.message(room, "delete")
        mine = message["from"]["id"] == self.world.bot.id
        may = mine or room.private or self.world.bot.id in room.admins
        if not may or self.world.now - message["date"] > 2 * DAY:
            raise bad("message can't be deleted")
        room.gone.add(message["message_id"])
        self.world.touch(room, message)
        return True

    def answerCallbackQuery(self) -> bool:  # noqa: N802
        query = self.world.queries.get(self.arg("callback_query_id"))
        if query is None or query.answer or self.world.now - query.at > self.query_age:
            raise bad(TOO_OLD)
        if utf16(self.arg("text")) > ANSWER_LIMIT:
            raise bad("MESSAGE_TOO_LONG")
        alert = self.arg("show_alert").lower() == "true"
        query.answer = {"text": self.arg("text"), "show_alert": alert}
        self.world.changed.notify_all()
        return True

    def sendChatAction(self) -> bool:  # noqa: N802
        self.room()
        if self.arg("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def getFile(self) -> JSON:  # noqa: N802
        file_id = self.arg("file_id")
        if file_id not in self.world.files:
            raise bad("invalid file_id" if file_id else "file_id not specified")
        path, data = self.world.files[file_id]
        if len(data) > 20 * MB:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data),
                "file_path": path}  # fmt: skip

    def leaveChat(self) -> bool:  # noqa: N802
        room = self.room()
        if room.private:
            raise bad("chat member status can't be changed in private chats")
        room.standing = "left"
        return True

    def getChat(self) -> JSON:  # noqa: N802
        room = self.room(write=False)
        full = {"accent_color_id": 0, "max_reaction_count": 11, "permissions": {}}
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
             "gifts_from_channels"), False,
        )  # fmt: skip
        if room.private:
            del full["permissions"]
        return {**room.body, **full, "accepted_gift_types": gifts}

    def getChatMember(self) -> JSON:  # noqa: N802
        room, user_id = self.room(write=False), self.number("user_id")
        if user_id == self.world.bot.id:
            own = menus.standing(room, user_id) if user_id in room.admins else {}
            return {"user": self.world.bot.body, "status": room.standing, **own}
        person = room.members.get(user_id) or self.world.people.get(user_id)
        if person is None:
            raise bad("invalid user_id specified" if not user_id else "user not found")
        return {"user": person.body, **menus.standing(room, user_id)}

    def setMyCommands(self) -> bool:  # noqa: N802
        commands = menus.read_commands(self.arg("commands"))
        self.world.commands[self._menu_key()] = commands
        return True

    def getMyCommands(self) -> list[JSON]:  # noqa: N802
        return self.world.commands.get(self._menu_key(), [])

    def deleteMyCommands(self) -> bool:  # noqa: N802
        self.world.commands.pop(self._menu_key(), None)
        return True

    def _menu_key(self) -> tuple[str, str]:
        scope = loads(self.arg("scope") or '{"type": "default"}', "BotCommandScope")
        if "chat_id" in scope:
            self.params["chat_id"] = str(scope["chat_id"])
            self.room()
        return menus.key(scope), menus.read_language(self.arg("language_code"))


def sides(photo: bytes) -> tuple[int, int]:
    """Width and height, of what can be opened and is not too large or too slim."""
    try:
        with Image.open(BytesIO(photo)) as image:
            image.load()
            width, height = image.size
    except (OSError, SyntaxError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if width + height > SIDES or max(width, height) > SLIM * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


Method = Callable[[Api], Any]
METHODS: dict[str, Method] = {
    name.lower(): method
    for name, method in vars(Api).items()
    if name.startswith(("get", "send", "edit", "delete", "answer", "set", "leave"))
}
PACED = frozenset({"sendmessage", "sendphoto", "senddocument", "editmessagetext",
                   "editmessagereplymarkup"})  # fmt: skip


def called(api: Api, method: str) -> JSON:
    """The answer's body, ok or refused."""
    try:
        result = METHODS[method](api)
    except Refusal as refusal:
        return refusal.body
    # A copy, because a message goes on changing after its answer has left.
    return {"ok": True, "result": json.loads(json.dumps(result))}
