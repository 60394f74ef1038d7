"""A Telegram update in Rabta's terms: who wrote what, where, and whether the bot was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.incoming import Incoming, Place, Sender, SharedContact
from bot.telegram_contact import read_contact
from bot.telegram_forwarded import forwarded_in

NOTE = "rabta"
"""Under this key the door notes what it knew when the update came: its own id and username,
and the moment, which a tap does not carry. So reading needs nothing but the update."""

ROOT = "rabta"
"""``/rabta met Sara`` is ``met Sara``: a group's way to say anything in privacy mode."""

NOT_A_PERSON = {1087968824, 136817688, 777000}
"""Stand-ins of Telegram's: an anonymous admin, a channel, the service itself. Many may speak
through one, so none of them has any rights."""

OTHER = {
    "animation": "animation",  # a document comes along with it, so it stands first
    "sticker": "sticker",
    "photo": "photo",
    "document": "file",
    "voice": "voice",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "location": "location",
    "poll": "poll",
    "dice": "dice",
    "story": "story",
    "game": "game",
    "checklist": "checklist",
    "paid_media": "photo",
}
"""What is no text, and what Rabta calls it."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself."""

    id: int
    username: str

    @property
    def mention(self) -> str:
        return f"@{self.username}".casefold()


def noted(raw: dict[str, Any], me: Me, now: float) -> dict[str, Any]:
    """The update with the door's note."""
    return {**raw, NOTE: {"id": me.id, "username": me.username, "at": now}}


def read_update(raw: dict[str, Any]) -> Incoming | None:
    """A noted update; None for what is nobody's business: a join, a pin, another bot."""
    me = Me(raw[NOTE]["id"], raw[NOTE]["username"])
    for kind, read in _READERS.items():
        if kind in raw:
            return read(raw, me)
    return None


def is_ours(noted_raw: dict[str, Any]) -> bool:
    """Whether it is kept at all: what people in a group say to each other is not."""
    try:
        incoming = read_update(noted_raw)
    except Exception:  # it cannot be read: kept, so that somebody sees it set aside
        return True
    return incoming is not None and incoming.addressed


def is_update(raw: object) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int


def tap_of(raw: dict[str, Any]) -> str:
    """The number of a tap, under which it is acknowledged; empty for all else."""
    return str(_held(raw, "callback_query").get("id") or "")


def event_of(raw: dict[str, Any]) -> str:
    """What makes an update unique. Its number alone does not: numbers start anew after a week."""
    tap, message = _held(raw, "callback_query"), _held(raw, "message", "edited_message")
    moment = tap.get("id") or message.get("edit_date") or message.get("date") or 0
    return f"{raw['update_id']}-{moment}"


def chat_of(raw: dict[str, Any]) -> str:
    """The chat whose order the update belongs to."""
    tapped = _held(_held(raw, "callback_query"), "message")
    chat = _held(tapped or _held(raw, "message", "edited_message"), "chat")
    return str(chat.get("id", ""))


def sender_of(raw: dict[str, Any]) -> str:
    """Whose pace the update counts for."""
    person = _held(_held(raw, "callback_query", "message", "edited_message"), "from")
    return str(person.get("id", ""))


def _held(raw: dict[str, Any], *names: str) -> dict[str, Any]:
    """What stands under the first of the names; nothing where that cannot be read at all."""
    held = next((raw[name] for name in names if raw.get(name)), None)
    return held if isinstance(held, dict) else {}


def _message(raw: dict[str, Any], me: Me) -> Incoming | None:
    message = raw.get("message") or raw["edited_message"]
    sender, chat = _sender(message.get("from")), message["chat"]
    if sender is None or "sender_chat" in message or chat["type"] == "channel":
        return None  # an anonymous admin or a channel is no person whose rights could be known
    said = _said(message, me)
    if said is None:
        return None
    private = chat["type"] == "private"
    forwarded = forwarded_in(message, sender)
    if forwarded:
        said = replace(said, text="", command="", extra=_without_caption(said.extra))
    return Incoming(
        event=event_of(raw),
        sender=sender,
        place=_place(message),
        sent_at=_moment(message["date"]),
        text=said.text,
        command=said.command,
        forwarded=forwarded,
        card=said.card,
        other=said.other,
        addressed=private or said.addressed or _replies_to(message, me),
        edited="edited_message" in raw,
        message=str(message["message_id"]),
        extra=said.extra | _context(message),
    )


def _tap(raw: dict[str, Any], _me: Me) -> Incoming | None:
    tap = raw["callback_query"]
    sender, message = _sender(tap.get("from")), tap.get("message")
    if sender is None or message is None or not tap.get("data"):
        return None
    return Incoming(
        event=event_of(raw),
        sender=sender,
        place=_place(message),
        sent_at=_moment(raw[NOTE]["at"]),
        tap=tap["data"],
        message=str(message["message_id"]),
    )


_READERS: dict[str, Callable[[dict[str, Any], Me], Incoming | None]] = {
    "message": _message,
    "edited_message": _message,
    "callback_query": _tap,
}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _sender(person: dict[str, Any] | None) -> Sender | None:
    if person is None or person.get("is_bot") or person["id"] in NOT_A_PERSON:
        return None
    name = " ".join(person[part] for part in ("first_name", "last_name") if person.get(part))
    language = person.get("language_code") or ""
    return Sender("telegram", "", str(person["id"]), name, language)


def _place(message: dict[str, Any]) -> Place:
    chat = message["chat"]
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    return Place(
        "telegram",
        "",
        str(chat["id"]),
        private=chat["type"] == "private",
        thread=str(topic or ""),
        name=chat.get("title") or "",
    )


@dataclass(frozen=True, slots=True)
class _Said:
    text: str = ""
    command: str = ""
    card: SharedContact | None = None
    other: str = ""
    addressed: bool = False
    extra: dict[str, str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", self.extra or {})


def _said(message: dict[str, Any], me: Me) -> Any:
    if "contact" in message:
        return _Said(card=read_contact(message["contact"]))
    for kind, other in OTHER.items():
        if kind in message:
            caption = _words(message, "caption", me)
            extra = _file(message[kind]) | ({"caption": caption[0]} if caption[0] else {})
            return _Said(other=other, addressed=caption[1], extra=extra)
    if "text" not in message:
        return None
    command = _command(message)
    text, mentioned = _words(message, "text", me)
    if command is None:
        return _Said(text=text, addressed=mentioned)
    word, _, whose = command.partition("@")
    if whose and f"@{whose}".casefold() != me.mention:
        return None  # meant for another bot
    rest = text[len(command) + 1 :].strip()
    word = word.casefold()
    if word == ROOT:
        word = "" if rest else "help"
    return _Said(text=rest, command=word, addressed=True)


def _command(message: dict[str, Any]) -> str | None:
    """``won`` or ``won@rabta_bot``, where the text begins with it."""
    for entity in message.get("entities", ()):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            return str(message["text"][1 : entity["length"]])  # a command is ASCII
    return None


def _words(message: dict[str, Any], name: str, me: Me) -> tuple[str, bool]:
    """The text without mentions of the bot, and whether there were any."""
    text = message.get(name) or ""
    units = text.encode("utf-16-le")
    entities = message.get("entities" if name == "text" else "caption_entities", ())
    mentioned = False
    for entity in sorted(entities, key=lambda each: -int(each["offset"])):
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        said = units[start:end].decode("utf-16-le", "replace").casefold()
        theirs = entity.get("user", {}).get("id") == me.id
        if theirs or (entity["type"] == "mention" and said == me.mention):
            units, mentioned = units[:start] + units[end:], True
    if not mentioned:
        return text, False
    return re.sub(r"[ \t]{2,}", " ", units.decode("utf-16-le", "replace")).strip(" \t,:"), True


def _replies_to(message: dict[str, Any], me: Me) -> bool:
    author = message.get("reply_to_message", {}).get("from", {})
    return bool(author.get("id") == me.id)


def _file(what: Any) -> dict[str, str]:
    """What is needed to fetch a file later. A photo comes in sizes, the largest last."""
    if isinstance(what, list):
        what = what[-1] if what else {}
    names = {"file_id": "file", "file_name": "name", "mime_type": "media_type", "file_size": "size"}
    return {ours: str(what[theirs]) for theirs, ours in names.items() if what.get(theirs)}


def _context(message: dict[str, Any]) -> dict[str, str]:
    """What it answers."""
    context: dict[str, str] = {}
    if replied := message.get("reply_to_message"):
        context["reply_to"] = str(replied["message_id"])
        author = replied.get("from") or {}
        said = replied.get("text") or replied.get("caption") or ""
        if said and not author.get("is_bot"):
            names = (author.get("first_name"), author.get("last_name"))
            context["replied"] = said
            context["replied_name"] = " ".join(filter(None, names))
    return context


def _without_caption(extra: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in extra.items() if name != "caption"}
