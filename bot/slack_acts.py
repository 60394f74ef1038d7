"""Commands, taps and submitted dialogs of Slack in Rabta's terms."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.incoming import TICKET, FormAnswers, Forwarded, Incoming, Place, Sender
from bot.slack_text import Heard, hear

AT = "rabta_at"
"""Under this key the door notes when a delivery came: commands and forms carry no moment."""

ME = "rabta_me"
"""Under this key the door notes its own user id, for an event that does not tell it."""

ROOT = "rabta"
"""``/rabta met Sara`` is ``met Sara``."""

HELP = "help"
"""What the root word alone asks for."""

FORM, TAP = "form", "tap"
"""What the action_id of a button begins with, and the callback_id of a dialog."""


def read_command(raw: dict[str, Any]) -> Incoming:
    heard = hear(raw.get("text") or "", "")
    word = raw["command"].lstrip("/").casefold()
    team, chat = raw["team_id"], raw["channel_id"]
    return Incoming(
        event=f"{team}/{raw['response_url'].rpartition('/')[2]}",
        sender=sender_of(raw, raw["user_id"]),
        place=Place("slack", team, chat, private=False, name=raw.get("channel_name") or ""),
        sent_at=moment_of(raw[AT]),
        text=heard.text,
        command=("" if heard.text else HELP) if word == ROOT else word,
        answer_to=raw["response_url"],
        extra=named_in(heard, ""),
    )


def read_tap(raw: dict[str, Any]) -> Incoming | None:
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
        sender=sender_of({"team_id": team} | _home(user, team), user["id"]),
        place=Place("slack", team, chat, private=chat.startswith("D"), thread=thread),
        sent_at=moment_of(action["action_ts"]),
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


def read_shortcut(raw: dict[str, Any]) -> Incoming | None:
    """A message that a ticket is to be made of: answered in its thread. Whose it is the door finds
    out by ``author``."""
    message, team, user = raw.get("message") or {}, raw["team"]["id"], raw["user"]
    if raw.get("callback_id") != TICKET or not message.get("ts"):
        return None
    chat = raw["channel"]["id"]
    author = "" if "bot_id" in message else str(message.get("user") or "")
    return Incoming(
        event=f"{team}/{user['id']}/{raw['action_ts']}",
        sender=sender_of({"team_id": team} | _home(user, team), user["id"]),
        place=Place(
            "slack", team, chat, private=chat.startswith("D"),
            thread=message.get("thread_ts") or message["ts"],
        ),
        sent_at=moment_of(raw["action_ts"]),
        forwarded=Forwarded("", hear(message.get("text") or "", "").text),
        message=message["ts"],
        extra={"shortcut": TICKET} | ({"author": author} if author else {}),
    )  # fmt: skip


def read_form(raw: dict[str, Any]) -> Incoming | None:
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
        sender=sender_of({"team_id": team} | _home(user, team), user["id"]),
        place=Place("slack", team, note["chat"], private=note["private"], thread=note["thread"]),
        sent_at=moment_of(raw[AT]),
        form=FormAnswers(note["token"], values),
        message=note["message"],
        answer_to=note["answer_to"],
    )


def _answer(element: dict[str, Any]) -> str:
    option = element.get("selected_option")
    found = option["value"] if option else element.get("value") or element.get("selected_date")
    return str(found or "")


def was_removed(body: dict[str, Any]) -> bool:
    """Whether the app was thrown out of the team."""
    event = body.get("event", {})
    revoked = event.get("type") == "tokens_revoked" and event.get("tokens", {}).get("bot")
    return bool(revoked) or event.get("type") == "app_uninstalled"


# Shared with messages


def sender_of(raw: dict[str, Any], user: str) -> Sender:
    """``outsider`` where the delivery itself says so; the rest is for ``users.info`` to tell."""
    about = raw.get("event", {})
    home = about.get("user_team") or about.get("source_team") or raw["team_id"]
    return Sender("slack", raw["team_id"], user, user, outsider=home != raw["team_id"])


def moment_of(ts: object) -> datetime:
    return datetime.fromtimestamp(float(str(ts)), UTC)


def named_in(heard: Heard, me: str) -> dict[str, str]:
    others = [user for user in heard.named if user != me]
    return {"named": " ".join(others)} if others else {}
