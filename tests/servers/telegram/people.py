"""The human side: people who write, tap, edit, forward, share and block."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from tests.servers.telegram import menus
from tests.servers.telegram.chats import Chat, Message, NotSo
from tests.servers.telegram.checks import JSON
from tests.servers.telegram.state import Person, Query, World, text_of

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)  # one pixel: enough of a picture for a test


class User:
    """A person with a phone."""

    def __init__(self, world: World, person: Person) -> None:
        self.world, self.person, self.id = world, person, person.id

    def sends(self, chat: Chat, reply_to: Message | None = None, **content: Any) -> Message:
        """Any message at all; `says` and its like are the usual ones."""
        with self.world.lock:
            room, raw = chat.room, None
            if room.moved_to is not None or (not room.private and self.id not in room.members):
                raise NotSo("{} cannot write in {}", self.person.first_name, chat.id)
            room.started, room.blocked = True, False
            if reply_to:
                stored = room.messages[reply_to.id]
                raw = {name: value for name, value in stored.items() if name != "reply_to_message"}
            message = self.world.write(room, self.person, reply_to_message=raw, **content)
            if self.world.reaches_bot(room, message, self.person):
                self.world.tell("message", {**message})
            return Message.of(room, message)

    def says(self, chat: Chat, text: str, reply_to: Message | None = None) -> Message:
        return self.sends(chat, reply_to, **text_of(text))

    def edits(self, message: Message, text: str) -> None:
        with self.world.lock:
            room = self.world.rooms[message.chat_id]
            stored = room.messages[message.id]
            stored.pop("entities", None)
            stored |= text_of(text) | {"edit_date": int(self.world.now)}
            if self.world.reaches_bot(room, stored, self.person):
                self.world.tell("edited_message", {**stored})

    def forwards(self, chat: Chat, text: str, origin: User | str) -> Message:
        """A forwarded text: from a person, or from a name that hides its account."""
        source: JSON = {"type": "hidden_user", "sender_user_name": origin}
        if isinstance(origin, User):
            source = {"type": "user", "sender_user": origin.person.body}
        return self.sends(
            chat, forward_origin=source | {"date": int(self.world.now)}, **text_of(text)
        )

    def sends_sticker(self, chat: Chat) -> Message:
        file = self._keeps("sticker", "sticker.webp", b"RIFF")
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.sends(chat, sticker={**file, **size, "type": "regular", "emoji": "👍"})

    def sends_photo(self, chat: Chat, caption: str = "", data: bytes = PNG) -> Message:
        file = self._keeps("photo", "photo.jpg", data)
        sized = {**file, "width": 90, "height": 90}
        return self.sends(chat, photo=[sized], **_caption(caption))

    def sends_document(
        self, chat: Chat, name: str, data: bytes, caption: str = "", mime: str | None = None
    ) -> Message:
        file = self._keeps("document", name, data) | {"file_name": name}
        file |= {"mime_type": mime} if mime else {}
        return self.sends(chat, document=file, **_caption(caption))

    def sends_voice(self, chat: Chat) -> Message:
        file = self._keeps("voice", "voice.ogg", b"OggS")
        return self.sends(chat, voice={**file, "duration": 3, "mime_type": "audio/ogg"})

    def shares_contact(
        self, chat: Chat, first_name: str, last_name: str = "", phone: str = "", vcard: str = ""
    ) -> Message:
        contact = {"phone_number": phone, "first_name": first_name}
        contact |= {k: v for k, v in (("last_name", last_name), ("vcard", vcard)) if v}
        return self.sends(chat, contact=contact)

    def presses(self, message: Message, button: str) -> Query:
        """Tap a button as it stands now; the query holds the bot's answer once it comes."""
        with self.world.lock:
            room = self.world.rooms[message.chat_id]
            stored = room.messages[message.id]
            data = Message.of(room, stored).data(button)
            return self.presses_data(message, data)

    def presses_data(self, message: Message, data: str) -> Query:
        """A tap with any data: an old client, or a forger."""
        with self.world.lock:
            room = self.world.rooms[message.chat_id]
            query = Query(f"{self.id}{next(self.world.numbers):06}", self.world.now)
            self.world.queries[query.id] = query
            what = {"id": query.id, "from": self.person.body, "data": data}
            what |= {"message": {**room.messages[message.id]}, "chat_instance": f"i{room.id}"}
            self.world.tell("callback_query", what)
            return query

    def blocks(self) -> None:
        self._stands("kicked")

    def unblocks(self) -> None:
        self._stands("member")

    def _stands(self, status: str) -> None:
        with self.world.lock:
            room = self.world.rooms[self.id]
            before = "kicked" if room.blocked else "member"
            room.blocked = status == "kicked"
            bot = self.world.bot.body
            old, new = (
                {"user": bot, "status": each} | ({"until_date": 0} if each == "kicked" else {})
                for each in (before, status)
            )
            change = {"chat": room.body, "from": self.person.body, "date": int(self.world.now)}
            change |= {"old_chat_member": old, "new_chat_member": new}
            self.world.tell("my_chat_member", change)

    def menu(self, chat: Chat) -> dict[str, str]:
        """The commands that this person sees behind "/" in that chat."""
        with self.world.lock:
            return menus.menu(self.world, chat.room, self.person)

    def _keeps(self, kind: str, name: str, data: bytes) -> JSON:
        with self.world.lock:
            file_id = f"{kind}-{next(self.world.numbers)}"
            self.world.files[file_id] = (f"{kind}s/{file_id}/{name}", data)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}


def _caption(caption: str) -> JSON:
    said = text_of(caption) if caption else {}
    names = {"text": "caption", "entities": "caption_entities"}
    return {names[name]: value for name, value in said.items()}
