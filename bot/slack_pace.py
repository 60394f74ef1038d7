"""How fast Slack lets an app call: each method in a team, and posts to one channel.

Its limits are by method and team (docs.slack.dev/apis/web-api/rate-limits); to one channel about
one message a second may be posted, in short bursts more, and in a team some hundreds a minute.
"""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack_draw import draw
from bot.slack_parts import LONGEST_RUN
from handlers.reply import Chart, File, Reply
from scheduler.letters import Letter
from scheduler.pace import Limit, Toll

POST, ASIDE, EDIT = "chat.postMessage", "chat.postEphemeral", "chat.update"
RESPOND = "response_url"
HISTORY, REPLIES = "conversations.history", "conversations.replies"
SHARE = "files.completeUploadExternal"

PER_CHANNEL, CALMLY = (3, 3.0), (1, 1.1)
"""A channel's short burst for answers, and the pace of what comes by itself."""
TIER_3, TIER_4 = (50, 60.0), (100, 60.0)
PER_METHOD = {POST: (5, 1.0), RESPOND: (5, 1.0), ASIDE: TIER_4, EDIT: TIER_3, SHARE: TIER_4}


def toll_of(letter: Letter) -> Toll:
    """What a letter uses up: its method in the team, and its channel."""
    address, reply = letter.address, letter.reply
    if not reply.says_something:
        return Toll()
    method = method_of(letter)
    limits = [method_limit(address.team, method)]
    if method in (POST, ASIDE):
        channel = f"slack:{address.team}:{address.chat or address.user}"
        limits.append(Limit(channel, *PER_CHANNEL))
        if not letter.is_answer:
            limits.append(Limit(f"{channel}:calmly", *CALMLY))
    if letter.marked and method == POST:
        limits.append(method_limit(address.team, look_of(letter)))
    if any(isinstance(part, File | Chart) for part in reply.parts):
        limits.append(method_limit(address.team, SHARE))
    return Toll(tuple(limits), messages=max(1, _messages(reply) - len(letter.done)))


def method_of(letter: Letter) -> str:
    """How a letter is delivered at first."""
    if letter.address.answer_to:
        return RESPOND
    if letter.address.edits:
        return EDIT
    return ASIDE if only_for(letter) else POST


def only_for(letter: Letter) -> str:
    """Who alone is to see it, where others would; nobody else in a direct message would."""
    address = letter.address
    private = letter.reply.private and not address.chat.startswith("D")
    alone = address.only_for or (address.user if private else "")
    return alone if address.chat else ""


def look_of(letter: Letter) -> str:
    """Where it is looked for."""
    return REPLIES if letter.address.thread else HISTORY


def method_limit(team: str, method: str) -> Limit:
    return Limit(f"slack:{team}:{method}", *PER_METHOD.get(method, TIER_3))


def refused_method(problem: SlackApiError) -> str:
    """The method that Slack wants to be left alone for a while."""
    return str(getattr(problem.response, "api_url", "")).rstrip("/").rpartition("/")[2]


def _messages(reply: Reply) -> int:
    """How many it takes; what is short takes one, without being drawn for it."""
    files = sum(isinstance(part, File | Chart) for part in reply.parts)
    if not files and len(str(reply.parts)) < LONGEST_RUN:
        return 1
    return len(draw(reply).pages) + files
