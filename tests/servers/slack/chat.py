"""chat.*: posting, updating and deleting, and what a response_url takes."""

from __future__ import annotations

import json

from tests.servers.slack import rules
from tests.servers.slack.api import Ask, method
from tests.servers.slack.state import Channel, Json, Message, Team, User
from tests.servers.slack.wire import changed, message_json, tell
from tests.servers.slack.world import Refused, Ticket

USES, LIFETIME = 5, 30 * 60  # of a response_url


def post(
    ask: Ask, channel: Channel, via: str, *, only_for: User | None = None
) -> tuple[Message, Json]:
    """A message of the app goes into a channel; the rest of the answer holds warnings."""
    blocks = rules.checked_blocks(ask.args.get("blocks"))
    metadata = rules.checked_metadata(ask.args.get("metadata"))
    text = ask.word("text", "")
    if not text.strip() and not blocks:
        msg = "no_text"
        raise Refused(msg)
    warnings: Json = {}
    if len(text) > rules.MOST_TEXT:
        text = text[: rules.MOST_TEXT]
        warnings = {"warning": "message_truncated"}
        warnings["response_metadata"] = {"warnings": ["message_truncated"]}
    thread = ask.args.get("thread_ts") or None
    root = channel.find(str(thread)) if thread else None
    if thread and not root:
        msg = "thread_not_found"
        raise Refused(msg)
    message = Message(
        channel,
        ask.world.new_ts(),
        ask.team.bot,
        text,
        blocks or [],
        thread_ts=(root.thread_ts or root.ts) if root else None,
        ephemeral_to=only_for,
        via=via,
        metadata=metadata,
        broadcast=ask.flag("reply_broadcast"),
        names_linked=ask.flag("link_names") or ask.args.get("parse") == "full",
        unfurl=ask.flag("unfurl_links", default=not blocks)
        or ask.flag("unfurl_media", default=True),
        subtype="bot_message" if via == "response_url" else "",
    )
    channel.messages.append(message)
    tell(message)
    return message, warnings


@method("chat.postMessage", "chat:write")
def post_message(ask: Ask) -> Json:
    channel = ask.channel(to_write=True)
    message, warnings = post(ask, channel, "post")
    shown = message_json(message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown} | warnings


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(ask: Ask) -> Json:
    channel, user = ask.channel(to_write=True), ask.user()
    if user.id not in channel.members:
        msg = "user_not_in_channel"
        raise Refused(msg)
    message, warnings = post(ask, channel, "post", only_for=user)
    return {"message_ts": message.ts} | warnings


def own_message(ask: Ask, refusal: str) -> Message:
    message = ask.message()
    if message.author is not ask.team.bot:
        raise Refused(refusal)
    return message


@method("chat.update", "chat:write")
def update(ask: Ask) -> Json:
    message = own_message(ask, "cant_update_message")
    before = message_json(message)
    rewrite(ask, message)
    tell(message, changed(message, before, "message_changed"))
    answer = {"channel": message.channel.id, "ts": message.ts, "text": message.text}
    return answer | {"message": message_json(message, with_metadata=True)}


def rewrite(ask: Ask, message: Message) -> None:
    """New text or blocks. Blocks that are not mentioned stay, as Slack keeps them."""
    blocks = rules.checked_blocks(ask.args.get("blocks"))
    metadata = rules.checked_metadata(ask.args.get("metadata"))
    text = ask.word("text", "")
    if not text.strip() and not blocks:
        msg = "no_text"
        raise Refused(msg)
    if len(text) > rules.MOST_TEXT_IN_UPDATE:
        msg = "msg_too_long"
        raise Refused(msg)
    message.versions.append(message.text_shown)
    message.blocks = message.blocks if blocks is None else blocks
    message.text = text
    message.metadata = metadata or message.metadata
    message.names_linked = ask.flag("link_names") or ask.args.get("parse") == "full"
    message.edited_ts = ask.world.new_ts()


@method("chat.delete", "chat:write")
def delete(ask: Ask) -> Json:
    message = own_message(ask, "cant_delete_message")
    remove(message)
    return {"channel": message.channel.id, "ts": message.ts}


def remove(message: Message) -> None:
    before = message_json(message)
    message.channel.messages.remove(message)
    message.deleted = True
    tell(message, changed(message, before, "message_deleted"))


def respond(team: Team, ticket: Ticket | None, body: bytes) -> tuple[int, Json]:
    """What a POST to a response_url does: its status and answer."""
    try:
        with team.world.change():
            _respond(team, ticket, body)
    except Refused as refused:
        gone = refused.error in ("expired_url", "used_url", "invalid_url")
        return 404 if gone else 400, refused.answer()
    return 200, {"ok": True}


def _respond(team: Team, ticket: Ticket | None, body: bytes) -> None:
    if not ticket or not ticket.channel:
        msg = "invalid_url"
        raise Refused(msg)
    if team.world.clock() - ticket.at > LIFETIME:
        msg = "expired_url"
        raise Refused(msg)
    if ticket.used >= USES:
        msg = "used_url"
        raise Refused(msg)
    try:
        args = json.loads(body)
    except ValueError:
        msg = "invalid_payload"
        raise Refused(msg) from None
    if not isinstance(args, dict):
        msg = "invalid_payload"
        raise Refused(msg)
    act(Ask(team.world, team, args), ticket.channel, ticket)
    ticket.used += 1


def act(ask: Ask, channel: Channel, ticket: Ticket) -> None:
    """Deletes, replaces or adds, as the body of a response says."""
    original = ticket.message
    if ask.flag("delete_original"):
        if not original or original.deleted:
            msg = "message_not_found"
            raise Refused(msg)
        remove(original)
        return
    if ask.flag("replace_original") and original and not original.deleted:
        rewrite(ask, original)
        return
    public = ask.word("response_type", "ephemeral") == "in_channel"
    post(ask, channel, "response_url", only_for=None if public else ticket.user)
