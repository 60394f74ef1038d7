"""How a letter is delivered on Slack, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_draw import draw
from bot.slack_people import refusal_of, seconds_of
from bot.slack_post import Posting, Where
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent, Wait

PATIENCE = 2.0
"""Seconds before a call that certainly did nothing is made again."""
LONG_PATIENCE = 60.0
"""The same where an operator must act first."""
REMEMBERED = 1000
"""Letters of several messages whose half-way point is kept, should one of them fail."""

OPERATOR = {
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
    *("missing_scope", "not_allowed_token_type", "team_access_not_granted", "no_permission"),
}
DEAD = {"channel_not_found", "is_archived", "user_not_found", "user_disabled", "cannot_dm_bot"}
UNCLEAR = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}

log = logging.getLogger("rabta.slack")


@dataclass(frozen=True, slots=True)
class Step:
    """One call to Slack, giving the message's ts; ``again``: twice does no more than once."""

    make: Callable[[], Awaitable[str]]
    again: bool = False


class Sending:
    """Delivers letters. One may take several messages; where one fails, the next try goes on."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._posting = Posting(client)
        self._halfway: OrderedDict[int, list[str]] = OrderedDict()

    async def letter(self, letter: Letter) -> Outcome:
        address, reply = letter.address, letter.reply
        if reply.silent or not (reply.parts or reply.buttons):
            return Sent()
        if not (address.chat or address.user):
            return Refused("nowhere to send it")
        done = self._halfway.pop(letter.id, [])
        steps = self._steps(letter)
        while len(done) < len(steps):
            step = steps[len(done)]
            try:
                done.append(await step.make())
            except Exception as problem:
                self._remember(letter.id, done)
                return outcome_of(problem, again=step.again)
        return Sent(
            next(filter(None, done), ""),
            self._posting.landed.get(_where(letter).chat, address.chat),
        )

    def _remember(self, letter_id: int, done: list[str]) -> None:
        if done:
            self._halfway[letter_id] = done
        while len(self._halfway) > REMEMBERED:
            self._halfway.popitem(last=False)

    def _steps(self, letter: Letter) -> list[Step]:
        address, drawn = letter.address, draw(letter.reply)
        where = _where(letter)
        steps = [
            Step(partial(self._posting.page, letter, where, page, number))
            for number, page in enumerate(drawn.pages)
        ]
        if address.edits and steps and not address.answer_to:
            first = partial(self._posting.edit, letter, where, drawn.pages[0])
            steps[0] = Step(first, again=True)
        alone = address.answer_to or where.only_for
        aside = Where(address.user) if alone else where
        return steps + [Step(partial(self._posting.file, aside, file)) for file in drawn.files]


def _where(letter: Letter) -> Where:
    """What is for one person alone never goes to a channel for all to see."""
    address = letter.address
    private = letter.reply.private and not address.chat.startswith("D")
    only_for = address.only_for or (address.user if private and address.chat else "")
    if not address.chat or only_for == "":
        return Where(address.chat or address.user, address.thread)
    return Where(address.chat, address.thread, only_for)


def outcome_of(problem: Exception, *, again: bool) -> Outcome:
    """What a failure means for the letter. ``again``: doing it twice is no harm."""
    match problem:
        case SlackApiError():
            return _refused(problem, again=again)
        case aiohttp.ClientResponseError() if problem.status == 429:
            told = problem.headers.get("Retry-After", "1") if problem.headers else "1"
            return Wait(float(told), "too many messages")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Wait(PATIENCE, type(problem).__name__)
        case RuntimeError():  # the session was closed: the door is stopping
            return Wait(PATIENCE, "stopped")
        case aiohttp.ClientError() | TimeoutError() | OSError() | asyncio.IncompleteReadError():
            reason = type(problem).__name__
            return Wait(PATIENCE, reason) if again else Ambiguous(reason)
    log.error("slack: a letter failed", exc_info=problem)
    return Ambiguous(type(problem).__name__)


def _refused(problem: SlackApiError, *, again: bool) -> Outcome:
    refusal, status = refusal_of(problem), problem.response.status_code
    if status == 429 or refusal in ("ratelimited", "rate_limited"):
        return Wait(seconds_of(problem, 1.0), "too many messages")
    if status >= 500 or refusal in UNCLEAR or not refusal:
        reason = refusal or f"status {status}"
        return Wait(PATIENCE, reason) if again else Ambiguous(reason)
    if refusal in OPERATOR:
        return Wait(LONG_PATIENCE, refusal)
    return Refused(refusal, dead=refusal in DEAD)
