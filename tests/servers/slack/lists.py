"""auth.*, users.*, team.*, bots.*, conversations.*, reactions.*: looking things up."""

from __future__ import annotations

from typing import TypeVar

from tests.servers.slack.api import Ask, method
from tests.servers.slack.state import Json, Message
from tests.servers.slack.wire import channel_json, message_json, user_json
from tests.servers.slack.world import Refused

X = TypeVar("X")


@method("auth.test")
def auth_test(ask: Ask) -> Json:
    team = ask.team
    answer = {"url": f"{ask.world.base}/", "team": team.name, "team_id": team.id}
    answer |= {"user": team.bot.handle, "user_id": team.bot.id, "bot_id": team.bot.bot_id}
    return answer | {"app_id": ask.world.app_id, "is_enterprise_install": False}


@method("users.info", "users:read", takes_json=False)
def users_info(ask: Ask) -> Json:
    return {"user": user_json(ask.user(), with_locale=ask.flag("include_locale"))}


@method("users.list", "users:read", takes_json=False)
def users_list(ask: Ask) -> Json:
    own = [user for user in ask.team.users.values() if not user.stranger]
    page, more = paged(ask, own, 1000)
    with_locale = ask.flag("include_locale")
    return {"members": [user_json(user, with_locale=with_locale) for user in page]} | more


@method("team.info", "team:read", takes_json=False)
def team_info(ask: Ask) -> Json:
    team = ask.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.name.lower()}}


@method("bots.info", "users:read", takes_json=False)
def bots_info(ask: Ask) -> Json:
    wanted = ask.word("bot", ask.team.bot.bot_id)
    bots = {user.bot_id: user for user in ask.team.users.values() if user.bot_id}
    if wanted not in bots:
        msg = "bot_not_found"
        raise Refused(msg)
    bot = bots[wanted]
    about = {"id": wanted, "user_id": bot.id, "name": bot.name, "deleted": bot.deleted}
    return {"bot": about | ({"app_id": ask.world.app_id} if bot is ask.team.bot else {})}


@method("conversations.open", "im:write")
def conversations_open(ask: Ask) -> Json:
    if ask.args.get("channel"):
        return {"channel": {"id": ask.channel().id}}
    names = [name for name in ask.word("users").split(",") if name]
    if len(names) > 1:
        msg = "method_not_supported_for_channel_type"
        raise Refused(msg)
    user = ask.team.users.get(names[0])
    if not user:
        msg = "user_not_found"
        raise Refused(msg)
    known = len(ask.team.channels)
    opened = ask.dm(user)
    again = {"no_op": True, "already_open": True} if len(ask.team.channels) == known else {}
    whole = channel_json(opened) if ask.flag("return_im") else {"id": opened.id}
    return {"channel": whole} | again


@method("conversations.info")
def conversations_info(ask: Ask) -> Json:
    channel = ask.channel()
    ask.require_for(channel, "read")
    return {"channel": channel_json(channel)}


@method("conversations.members")
def conversations_members(ask: Ask) -> Json:
    channel = ask.channel()
    ask.require_for(channel, "read")
    page, more = paged(ask, sorted(channel.members), 100)
    return {"members": page} | more


@method("conversations.history")
def conversations_history(ask: Ask) -> Json:
    channel = ask.channel()
    ask.require_for(channel, "history")
    if ask.team.bot.id not in channel.members:
        msg = "not_in_channel"
        raise Refused(msg)
    shown = [m for m in channel.messages if m.broadcast or m.thread_ts in (None, m.ts)]
    return _page_of(ask, shown[::-1])


@method("conversations.replies")
def conversations_replies(ask: Ask) -> Json:
    channel = ask.channel()
    ask.require_for(channel, "history")
    asked = channel.find(ask.word("ts"))
    if not asked:
        msg = "thread_not_found"
        raise Refused(msg)
    root = channel.find(asked.thread_ts or asked.ts) or asked
    shown = [m for m in channel.messages if m is root or m.thread_ts == root.ts]
    return _page_of(ask, shown)


def _page_of(ask: Ask, messages: list[Message]) -> Json:
    """The messages between oldest and latest that everybody can see."""
    oldest, latest = ask.word("oldest", "0"), ask.word("latest", "9999999999.999999")
    ends = (oldest, latest) if ask.flag("inclusive") else ()
    found = [
        message
        for message in messages
        if not message.ephemeral_to and (oldest < message.ts < latest or message.ts in ends)
    ]
    page, more = paged(ask, found, 100)
    whole = ask.flag("include_all_metadata")
    wire = [message_json(message, with_metadata=whole) for message in page]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": wire, "has_more": has_more} | more


def paged(ask: Ask, things: list[X], usual: int) -> tuple[list[X], Json]:
    """One page and the cursor of the next."""
    limit = ask.amount("limit", usual)
    if not 1 <= limit <= 1000:
        msg = "invalid_limit"
        raise Refused(msg)
    cursor = ask.word("cursor", "0")
    if not cursor.isdigit():
        msg = "invalid_cursor"
        raise Refused(msg)
    start = int(cursor)
    following = str(start + limit) if start + limit < len(things) else ""
    return things[start : start + limit], {"response_metadata": {"next_cursor": following}}


@method("reactions.add", "reactions:write")
def reactions_add(ask: Ask) -> Json:
    message, name = ask.message("timestamp"), ask.word("name")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        msg = "invalid_name"
        raise Refused(msg)
    who = message.reactions.setdefault(name, [])
    if ask.team.bot.id in who:
        msg = "already_reacted"
        raise Refused(msg)
    who.append(ask.team.bot.id)
    return {}
