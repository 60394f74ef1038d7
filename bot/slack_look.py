"""Looking in a channel for what may have arrived, before it is said again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_pace import HISTORY, REPLIES
from bot.slack_people import refusal_of
from scheduler.letters import Letter

LETTER = "rabta_letter"
"""The type of the metadata that a message carries, so that it can be found again."""

SKEW = timedelta(minutes=1)
"""How far Slack's clock may be behind ours."""

PAGES, LIMIT = 4, 200
"""How far is read. Apps outside Slack's marketplace get fifteen messages a page."""

HIDDEN = {
    *("missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"),
    *("no_permission", "access_denied", "method_not_supported_for_channel_type"),
    *("restricted_action", "is_archived", "invalid_ts_oldest", "invalid_limit"),
}
"""Refusals to let anybody look: asking again changes nothing."""

log = logging.getLogger("rabta.slack")


@dataclass
class Arrived:
    """What of a letter is there: the ts of its pages by number, and its files' names."""

    pages: dict[int, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


def noted(letter: Letter, page: int) -> dict[str, Any]:
    """What a message carries unseen, to be known by."""
    return {"event_type": LETTER, "event_payload": {"letter": str(letter.id), "page": page}}


async def look(client: AsyncWebClient, letter: Letter, channel: str, thread: str) -> Arrived | None:
    """What arrived; None where nobody may look. Raises what the client does for all else."""
    method, args = HISTORY, {"channel": channel, "limit": LIMIT, "include_all_metadata": True}
    if thread:
        method, args["ts"] = REPLIES, thread
    if letter.written_at:
        args["oldest"] = f"{(letter.written_at - SKEW).timestamp():.6f}"
    arrived = Arrived()
    for _ in range(PAGES):
        try:
            answer = await client.api_call(method, params=args)
        except SlackApiError as problem:
            if problem.response.status_code >= 400 or refusal_of(problem) not in HIDDEN:
                raise
            log.warning("slack: letter %s: no looking back: %s", letter.id, refusal_of(problem))
            return None
        for message in answer.get("messages") or ():
            _note(arrived, letter, message)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
        args["cursor"] = cursor
    return arrived


def _note(arrived: Arrived, letter: Letter, message: dict[str, Any]) -> None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") == LETTER and payload.get("letter") == str(letter.id):
        arrived.pages[int(payload.get("page", 0))] = str(message["ts"])
    if message.get("bot_id"):
        arrived.files.update(_names(message))


def _names(message: dict[str, Any]) -> Iterator[str]:
    for file in message.get("files") or ():
        yield from (str(file[name]) for name in ("name", "title") if file.get(name))
