"""A Slack delivery in Rabta's terms: who wrote what, where, and whether the bot was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.door import Raw
from bot.incoming import Forwarded, Incoming, Place
from bot.slack_acts import (
    AT,
    ME,
    moment_of,
    named_in,
    read_command,
    read_form,
    read_shortcut,
    read_tap,
    sender_of,
)
from bot.slack_text import hear

SECRETS = ("token", "trigger_id")
"""What is of no use later, and is not stored."""

FILE = "rabta_file"
"""Which of a message's files a kept delivery is for; none says the first."""

SLACKBOT = "USLACKBOT"
_NAMED = re.compile(r"^\s*@(U\w+)")


def keeping(body: dict[str, Any], now: float, me: str = "") -> Raw | None:
    """What of a delivery is kept, under a key that is the same for every copy of it.

    ``message`` and ``app_mention`` tell of one message, so both have its place and ts as key.
    None for what is nobody's business; what people say to each other in a channel is not kept.
    """
    payload = {k: v for k, v in body.items() if k not in SECRETS} | {AT: now, ME: me}
    incoming = read_event(payload)
    if incoming is None:
        return None
    place = incoming.place
    if not incoming.addressed and "thread_ts" not in _message(body):
        return None
    sender = f"{place.team}/{incoming.sender.id}"
    return Raw(incoming.event, f"{place.team}/{place.chat}", payload, sender)


def each_file(raw: Raw) -> list[Raw]:
    """A message once for each file that came with it, in their order: what was said stands with
    the first, and each is read and answered by itself."""
    message = _message(raw.payload)
    files = _files(message) if message is raw.payload.get("event") else ()
    return [raw] + [
        Raw(f"{raw.event}/{place}", raw.chat, raw.payload | {FILE: place}, raw.sender)
        for place, file in enumerate(files)
        if place and isinstance(file, dict)
    ]


def read_event(raw: dict[str, Any]) -> Incoming | None:
    """A kept delivery; None for what is nobody's business: a join, a deletion, another bot.

    The sender is known by id alone, and a message in a thread as ``addressed`` only where it
    names the bot: whose thread it is, and who the sender is, the door finds out.
    """
    reader = _READERS.get(_kind(raw))
    return reader(raw) if reader else None


def _kind(raw: dict[str, Any]) -> str:
    if "command" in raw:
        return "command"
    return str(raw.get("event", raw).get("type", ""))


def _message(raw: dict[str, Any]) -> dict[str, Any]:
    """The message that an event tells of; for an edit, as it stands now."""
    event = raw.get("event", {})
    edited = event.get("subtype") == "message_changed"
    message: dict[str, Any] = event["message"] if edited else event
    return message


# Messages

_SAID = (None, "file_share", "thread_broadcast", "me_message", "message_changed")
_OTHER = {"image": "photo", "audio": "voice", "video": "video"}


def _said(raw: dict[str, Any]) -> Incoming | None:
    event, message = raw["event"], _message(raw)
    edited = message is not event
    if event.get("subtype") not in _SAID or _from_a_bot(message):
        return None
    if edited and message.get("text") == event.get("previous_message", {}).get("text"):
        return None  # a link was unfurled, or a thread began
    me, team, chat = _me(raw), raw["team_id"], event["channel"]
    private = _channel_type(event) == "im"
    heard = hear(message.get("text") or "", me)
    thread = message.get("thread_ts") or ("" if private else message["ts"])
    addressed = private or me in heard.named or message.get("parent_user_id") == me
    which = raw.get(FILE, 0)
    other, extra = _file(message, which)
    text = "" if other else heard.text
    caption = {"caption": heard.text} if other and not which else {}
    forwarded = None if which else _forwarded(message, me)
    if forwarded and _is_own(message):
        text, forwarded = f"{text}\n{forwarded.text}".strip(), None
    if not text and not other and not forwarded and me not in heard.named:
        return None
    return Incoming(
        event=raw["event_id"] if edited else f"{team}/{chat}/{message['ts']}",
        sender=sender_of(raw, message["user"]),
        place=Place("slack", team, chat, private, thread, external=_is_external(raw, private)),
        sent_at=moment_of(message["ts"]),
        text=text,
        other=other,
        forwarded=forwarded,
        addressed=addressed,
        overheard=not private and me not in heard.named,
        edited=edited,
        message=message["ts"],
        extra=extra | named_in(heard, me) | caption,
    )


def _shared(message: dict[str, Any]) -> dict[str, Any]:
    """The message that was shared in it; nothing where a link was merely unfurled."""
    shared: Iterable[dict[str, Any]] = message.get("attachments") or ()
    return next((each for each in shared if each.get("is_share")), {})


def _forwarded(message: dict[str, Any], me: str) -> Forwarded | None:
    """Whose message was shared, and its words."""
    shared = _shared(message)
    if not shared:
        return None
    return Forwarded(
        name=shared.get("author_name") or shared.get("author_subname") or "",
        text=hear(shared.get("text") or "", me).text,
        is_person=bool(shared.get("author_id")) and shared.get("author_id") != me,
    )


def _is_own(message: dict[str, Any]) -> bool:
    return bool(_shared(message).get("author_id") == message["user"])


def _from_a_bot(message: dict[str, Any]) -> bool:
    user = message.get("user")
    return not user or user == SLACKBOT or "bot_id" in message or "bot_profile" in message


def _me(raw: dict[str, Any]) -> str:
    """The bot's own user id, which Slack puts into its events, and the door into the others."""
    told = (one.get("user_id") for one in raw.get("authorizations") or ())
    return str(next(filter(None, told), "") or raw.get(ME, ""))


def _is_external(raw: dict[str, Any], private: bool) -> bool | None:
    """Whether another organisation reads the channel (Slack Connect)."""
    return None if private else raw.get("is_ext_shared_channel")


def _channel_type(event: dict[str, Any]) -> str:
    """``app_mention`` does not say, and never comes from a direct message."""
    return str(event.get("channel_type") or "channel")


def _files(message: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return message.get("files") or _shared(message).get("files") or ()


def _file(message: dict[str, Any], which: int) -> tuple[str, dict[str, str]]:
    """What came along, and what is needed to fetch it."""
    files = _files(message)
    if not files:
        return "", {}
    file = files[which]
    kind = str(file.get("mimetype") or "").partition("/")[0]
    names = {"id": "file", "name": "name", "mimetype": "media_type", "size": "size"}
    names |= {"url_private_download": "url"}
    extra = {ours: str(file[theirs]) for theirs, ours in names.items() if file.get(theirs)}
    return _OTHER.get(kind, "file"), extra


_READERS: dict[str, Callable[[dict[str, Any]], Incoming | None]] = {
    "message": _said,
    "app_mention": _said,
    "command": read_command,
    "block_actions": read_tap,
    "view_submission": read_form,
    "message_action": read_shortcut,
}


def speaks_to_another(incoming: Incoming) -> bool:
    """In a thread: begins with somebody's name, so it is not for the bot."""
    return bool(_NAMED.match(incoming.text))
