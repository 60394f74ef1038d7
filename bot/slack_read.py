"""A Slack delivery in Rabta's terms: who wrote what, where, and whether the bot was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.door import Raw
from bot.incoming import FormAnswers, Incoming, Place, Sender
from bot.slack_text import Heard, hear

AT = "rabta_at"
"""Under this key the door notes when a delivery came: commands and forms carry no moment."""

ROOT = "rabta"
"""``/rabta met Sara`` is ``met Sara``."""

HELP = "help"
"""What the root word alone asks for."""

FORM, TAP = "form", "tap"
"""What the action_id of a button begins with, and the callback_id of a dialog."""

SECRETS = ("token", "trigger_id")
"""What is of no use later, and is not stored."""

SLACKBOT = "USLACKBOT"
_NAMED = re.compile(r"^\s*@(U\w+)")


def keeping(body: dict[str, Any], now: float) -> Raw | None:
    """What of a delivery is kept, under a key that is the same for every copy of it.

    ``message`` and ``app_mention`` tell of one message, so both have its place and ts as key.
    None for what is nobody's business; what people say to each other in a channel is not kept.
    """
    payload = {k: v for k, v in body.items() if k not in SECRETS} | {AT: now}
    incoming = read_event(payload)
    if incoming is None:
        return None
    place = incoming.place
    if not incoming.addressed and "thread_ts" not in _message(body):
        return None
    return Raw(incoming.event, f"{place.team}/{place.chat}", payload)


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
    other, extra = _file(message)
    text = "" if other else heard.text
    if not text and not other and me not in heard.named:
        return None
    return Incoming(
        event=raw["event_id"] if edited else f"{team}/{chat}/{message['ts']}",
        sender=_sender(raw, message["user"]),
        place=Place("slack", team, chat, private=private, thread=thread),
        sent_at=_moment(message["ts"]),
        text=text,
        other=other,
        addressed=addressed,
        edited=edited,
        message=message["ts"],
        extra=extra | _named(heard, me) | ({"caption": heard.text} if other else {}),
    )


def _from_a_bot(message: dict[str, Any]) -> bool:
    user = message.get("user")
    return not user or user == SLACKBOT or "bot_id" in message or "bot_profile" in message


def _me(raw: dict[str, Any]) -> str:
    """The bot's own user id, which Slack puts into every event."""
    return next((str(one["user_id"]) for one in raw.get("authorizations") or ()), "")


def _channel_type(event: dict[str, Any]) -> str:
    """``app_mention`` does not say, and never comes from a direct message."""
    return str(event.get("channel_type") or "channel")


def _sender(raw: dict[str, Any], user: str) -> Sender:
    """``outsider`` where the delivery itself says so; the rest is for ``users.info`` to tell."""
    about = raw.get("event", {})
    home = about.get("user_team") or about.get("source_team") or raw["team_id"]
    return Sender("slack", raw["team_id"], user, user, outsider=home != raw["team_id"])


def _moment(ts: object) -> datetime:
    return datetime.fromtimestamp(float(str(ts)), UTC)


def _file(message: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """What came along, and what is needed to fetch it."""
    files = message.get("files") or ()
    if not files:
        return "", {}
    first = files[0]
    kind = str(first.get("mimetype") or "").partition("/")[0]
    names = {"id": "file", "name": "name", "mimetype": "media_type", "size": "size"}
    names |= {"url_private_download": "url"}
    extra = {ours: str(first[theirs]) for theirs, ours in names.items() if first.get(theirs)}
    return _OTHER.get(kind, "file"), extra


def _named(heard: Heard, me: str) -> dict[str, str]:
    others = [user for user in heard.named if user != me]
    return {"named": " ".join(others)} if others else {}


# Commands, taps and forms


def _command(raw: dict[str, Any]) -> Incoming:
    heard = hear(raw.get("text") or "", "")
    word = raw["command"].lstrip("/").casefold()
    team, chat = raw["team_id"], raw["channel_id"]
    return Incoming(
        event=f"{team}/{raw['response_url'].rpartition('/')[2]}",
        sender=_sender(raw, raw["user_id"]),
        place=Place("slack", team, chat, private=False, name=raw.get("channel_name") or ""),
        sent_at=_moment(raw[AT]),
        text=heard.text,
        command=("" if heard.text else HELP) if word == ROOT else word,
        answer_to=raw["response_url"],
        extra=_named(heard, ""),
    )


def _tap(raw: dict[str, Any]) -> Incoming | None:
    action, container = raw["actions"][0], raw["container"]
    token = action.get("value")
    if not token or container.get("type") != "message":
        return None
    team, user = raw["team"]["id"], raw["user"]
    chat = container["channel_id"]
    alone = container.get("is_ephemeral", False)
    thread = container.get("thread_ts") or (raw.get("message") or {}).get("thread_ts") or ""
    return Incoming(
        event=f"{team}/{user['id']}/{action['action_ts']}",
        sender=_sender({"team_id": team} | _home(user, team), user["id"]),
        place=Place("slack", team, chat, private=chat.startswith("D"), thread=thread),
        sent_at=_moment(action["action_ts"]),
        tap=token,
        message=container["message_ts"],
        answer_to=raw.get("response_url", "") if alone else "",
    )


def _home(user: dict[str, Any], team: str) -> dict[str, Any]:
    return {"event": {"user_team": user.get("team_id") or team}}


def opens_form(raw: dict[str, Any]) -> bool:
    """Whether a dialog should open at this tap."""
    actions = raw.get("actions") or [{}]
    return raw.get("type") == "block_actions" and _begins(actions[0].get("action_id"), FORM)


def _begins(name: object, word: str) -> bool:
    return str(name or "").partition("-")[0] == word


def noted(incoming: Incoming, token: str) -> str:
    """What a dialog carries along, so that its answers find back to where it was opened."""
    place = incoming.place
    return json.dumps(
        {
            "token": token,
            "chat": place.chat,
            "private": place.private,
            "thread": place.thread,
            "message": incoming.message,
            "answer_to": incoming.answer_to,
        }
    )


def _form(raw: dict[str, Any]) -> Incoming | None:
    view = raw["view"]
    if view.get("callback_id") != FORM:
        return None
    note, team, user = json.loads(view["private_metadata"]), raw["team"]["id"], raw["user"]
    values = {
        block: _answer(element)
        for block, elements in view["state"]["values"].items()
        for element in elements.values()
    }
    # Answers sent once more because the first acknowledgement was lost are the same event;
    # answers that were changed in between are not.
    print_of_it = sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    return Incoming(
        event=f"{team}/{view['id']}/{print_of_it}",
        sender=_sender({"team_id": team} | _home(user, team), user["id"]),
        place=Place("slack", team, note["chat"], private=note["private"], thread=note["thread"]),
        sent_at=_moment(raw[AT]),
        form=FormAnswers(note["token"], values),
        message=note["message"],
        answer_to=note["answer_to"],
    )


def _answer(element: dict[str, Any]) -> str:
    option = element.get("selected_option")
    found = option["value"] if option else element.get("value") or element.get("selected_date")
    return str(found or "")


_READERS: dict[str, Callable[[dict[str, Any]], Incoming | None]] = {
    "message": _said,
    "app_mention": _said,
    "command": _command,
    "block_actions": _tap,
    "view_submission": _form,
}


def speaks_to_another(incoming: Incoming) -> bool:
    """In a thread: begins with somebody's name, so it is not for the bot."""
    return bool(_NAMED.match(incoming.text))
