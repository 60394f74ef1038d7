"""People, channels, messages and events as Slack writes them in JSON."""

from __future__ import annotations

from tests.servers.slack.state import Channel, Json, Message, Team, User, View
from tests.servers.slack.world import Envelope

SUBSCRIPTION = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def user_json(user: User, *, with_locale: bool = False) -> Json:
    profile = {"real_name": user.name, "display_name": user.name, "team": user.home}
    about: Json = {"id": user.id, "team_id": user.home, "name": user.handle, "real_name": user.name}
    about |= {"profile": profile, "deleted": user.deleted, "updated": 1700000000}
    about |= {"is_bot": bool(user.bot_id), "is_app_user": False, "is_email_confirmed": True}
    if user.stranger:
        about["is_stranger"] = True
    if user.bot_id:
        profile |= {"api_app_id": user.world.app_id, "bot_id": user.bot_id}
    if not user.deleted and not user.stranger:
        about |= {"is_admin": user.admin, "is_owner": False, "is_primary_owner": False}
        about |= {"is_restricted": user.guest, "is_ultra_restricted": user.single_channel}
    if not user.deleted:
        about |= {"tz": user.tz, "tz_label": user.tz, "tz_offset": user.tz_offset}
    return about | ({"locale": user.locale} if with_locale else {})


def channel_json(channel: Channel) -> Json:
    is_kind = {"is_channel": "channel", "is_group": "group", "is_im": "im", "is_mpim": "mpim"}
    about: Json = {"id": channel.id, "created": 1700000000, "is_archived": channel.archived}
    about |= {name: channel.kind == kind for name, kind in is_kind.items()}
    about |= {"is_ext_shared": channel.shared, "is_private": channel.kind != "channel"}
    if channel.kind == "im":
        return about | {"user": next(iter(channel.members - {channel.team.bot.id}), "")}
    is_member = channel.team.bot.id in channel.members
    return about | {"name": channel.name, "is_member": is_member}


def message_json(message: Message, *, with_metadata: bool = False) -> Json:
    author, channel = message.author, message.channel
    base = author.world.base
    wire: Json = {"type": "message", "user": author.id, "text": message.text, "ts": message.ts}
    wire |= {"team": author.home, "blocks": message.blocks or _as_rich_text(message)}
    if author.bot_id:
        profile = {"id": author.bot_id, "app_id": author.world.app_id, "name": author.name}
        wire |= {"bot_id": author.bot_id, "app_id": author.world.app_id}
        wire |= {"bot_profile": profile | {"team_id": author.home, "deleted": False}}
    optional = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "thread_ts": message.thread_ts,
        "parent_user_id": _parent(message) if message.thread_ts != message.ts else None,
        "files": [file.as_json(base) for file in message.files],
        "attachments": message.attachments,
        "edited": message.edited_ts and {"user": author.id, "ts": message.edited_ts},
        "metadata": message.metadata if with_metadata else None,
    }
    wire |= {name: value for name, value in optional.items() if value}
    replies = [m for m in channel.messages if m.thread_ts == message.ts and m is not message]
    if replies:
        wire |= {"thread_ts": message.ts, "reply_count": len(replies)}
        wire |= {"latest_reply": replies[-1].ts}
    if message.reactions:
        wire["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return wire


def _as_rich_text(message: Message) -> list[Json]:
    """A person's message carries its text once more as rich text; enough for who looks there."""
    if message.via != "says" or not message.text:
        return []
    text = {"type": "rich_text_section", "elements": [{"type": "text", "text": message.text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [text]}]


def _parent(message: Message) -> str | None:
    parent = message.channel.find(message.thread_ts or "")
    return parent.author.id if parent else None


def view_json(shown: View) -> Json:
    team = shown.user.team
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None}
    more = {"submit": None, "clear_on_close": False, "notify_on_close": False}
    ids: Json = {"id": shown.id, "hash": shown.hash, "root_view_id": shown.root_id}
    ids |= {"previous_view_id": shown.previous_id or None, "team_id": team.id}
    ids |= {"app_id": team.world.app_id, "bot_id": team.bot.bot_id}
    return {"state": {"values": {}}} | defaults | more | shown.view | ids


def event_json(team: Team, event: Json, *, shared: bool = False) -> Json:
    """The outer event. `event_id` stays the same in every redelivery."""
    world = team.world
    bot = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot.id}
    return {
        "token": "verification-token",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [bot | {"is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event['type']}",
    }


def emit(team: Team, event: Json, *, shared: bool = False) -> Envelope | None:
    """An event goes out, if the app subscribed to its kind and is still installed."""
    world = team.world
    name = str(event["type"])
    if name == "message":
        name = f"message.{SUBSCRIPTION[event['channel_type']]}"
    farewell = name in ("app_uninstalled", "tokens_revoked")
    unwanted = world.subscriptions is not None and name not in world.subscriptions
    if (unwanted or team.revoked) and not farewell:
        return None
    envelope = Envelope(world, "events_api", event_json(team, event, shared=shared))
    world.send(envelope)
    return envelope


def tell(message: Message, event: Json | None = None) -> list[Envelope]:
    """The message event of a channel where the app is, and app_mention when it is named there."""
    channel, author = message.channel, message.author
    team = channel.team
    if team.bot.id not in channel.members or message.ephemeral_to:
        return []
    place: Json = {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}
    if author.stranger:
        place |= {"user_team": author.home, "source_team": author.home}
    plain = message_json(message)
    events = [event or plain | place]
    mentioned = f"<@{team.bot.id}>" in message.text or f"<@{team.bot.id}|" in message.text
    if event is None and mentioned and channel.kind != "im" and author is not team.bot:
        without = {k: v for k, v in place.items() if k != "channel_type"}
        events.append(plain | without | {"type": "app_mention"})
    told = [emit(team, one, shared=channel.shared) for one in events]
    return [envelope for envelope in told if envelope]


def changed(message: Message, before: Json, subtype: str) -> Json:
    """The event of an edit or a deletion: hidden, with the message before and after."""
    channel = message.channel
    ts = channel.team.world.new_ts()
    event: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
    event |= {"channel": channel.id, "channel_type": channel.kind, "previous_message": before}
    if subtype == "message_deleted":
        return event | {"deleted_ts": message.ts}
    return event | {"message": message_json(message)}
