"""How a letter is delivered on Slack, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_draw import draw
from bot.slack_look import Arrived
from bot.slack_pace import POST, RESPOND, method_limit, method_of, only_for, refused_method
from bot.slack_people import LIMITED, UNCLEAR, refusal_of, seconds_in, seconds_of
from bot.slack_post import Posting, Where, picture_name
from handlers.reply import Line
from scheduler.letters import Ambiguous, Letter, Outcome, Refused, Sent, Wait

PATIENCE = 2.0
"""Seconds before a call that certainly did nothing is made again."""
LONG_PATIENCE = 60.0
"""The same where an operator must act first."""
OPERATOR = {
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
    *("missing_scope", "not_allowed_token_type", "team_access_not_granted", "no_permission"),
}
DEAD = {"channel_not_found", "is_archived", "user_not_found", "user_disabled", "cannot_dm_bot"}
DEAD |= {"not_in_channel"}  # it was removed from there

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

    async def letter(self, letter: Letter) -> Outcome:
        if not letter.reply.says_something:
            return Sent()
        if not (letter.address.chat or letter.address.user):
            return Refused("nowhere to send it")
        done = list(letter.done)
        again = True  # looking does no harm
        try:
            steps = await self._steps(letter)
            while len(done) < len(steps):
                again = steps[len(done)].again
                done.append(await steps[len(done)].make())
        except Exception as problem:
            outcome = outcome_of(problem, letter, again=again)
            if isinstance(outcome, Wait | Ambiguous):
                outcome = replace(outcome, done=tuple(done))
            return outcome
        where = _where(letter)
        landed = self._posting.landed.get(where.chat, letter.address.chat)
        return Sent(next(filter(None, done), ""), landed)

    async def _steps(self, letter: Letter) -> list[Step]:
        """The calls that say it. Of what may have arrived, only what is not there; and where
        nobody can look, it says that it is said again."""
        address, where = letter.address, _where(letter)
        arrived = Arrived()
        if letter.marked and method_of(letter) == POST:
            found = await self._posting.arrived(letter, where)
            arrived = found or arrived
            letter = letter if found else _marked(letter)
        elif letter.marked and not address.edits:
            letter = _marked(letter)
        drawn = draw(letter.reply)
        steps = [
            _known(arrived.pages[number])
            if number in arrived.pages
            else Step(partial(self._posting.page, letter, where, page, number))
            for number, page in enumerate(drawn.pages)
        ]
        if address.edits and steps and not address.answer_to:
            first = partial(self._posting.edit, letter, where, drawn.pages[0])
            steps[0] = Step(first, again=True)
        alone = address.answer_to or where.only_for
        aside = Where(address.user) if alone else where
        for number, picture in enumerate(drawn.pictures, len(drawn.pages)):
            if number in arrived.pages or picture_name(letter, number) in arrived.files:
                steps.append(_known(arrived.pages.get(number, "")))
            else:
                show = partial(self._posting.picture, letter, aside, picture, number)
                steps.append(Step(show))
        return steps + [
            _known("")
            if file.name in arrived.files
            else Step(partial(self._posting.file, aside, file))
            for file in drawn.files
        ]


def _known(ts: str) -> Step:
    """What an earlier try said."""

    async def nothing() -> str:
        return ts

    return Step(nothing, again=True)


def _marked(letter: Letter) -> Letter:
    again = Line(letter.again, quiet=True)
    return replace(letter, reply=replace(letter.reply, parts=(*letter.reply.parts, again)))


def _where(letter: Letter) -> Where:
    """What is for one person alone never goes to a channel for all to see."""
    address, alone = letter.address, only_for(letter)
    if alone:
        return Where(address.chat, address.thread, alone)
    return Where(address.chat or address.user, address.thread)


def outcome_of(problem: Exception, letter: Letter, *, again: bool) -> Outcome:
    """What a failure means for the letter. ``again``: doing it twice is no harm."""
    match problem:
        case SlackApiError():
            return _refused(problem, letter.address.team, again=again)
        case aiohttp.ClientResponseError() if problem.status == 429:
            told = problem.headers.get("Retry-After", "") if problem.headers else ""
            held = method_limit(letter.address.team, RESPOND)
            return Wait(seconds_in(told, 1.0), "too many messages", (held,))
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Wait(PATIENCE, type(problem).__name__)
        case RuntimeError():  # the session was closed: the door is stopping
            return Wait(PATIENCE, "stopped")
        case aiohttp.ClientError() | TimeoutError() | OSError() | asyncio.IncompleteReadError():
            reason = type(problem).__name__
            return Wait(PATIENCE, reason) if again else Ambiguous(reason)
    log.error("slack: a letter failed", exc_info=problem)
    return Ambiguous(type(problem).__name__)


def _refused(problem: SlackApiError, team: str, *, again: bool) -> Outcome:
    refusal, status = refusal_of(problem), problem.response.status_code
    if status == 429 or refusal in LIMITED:
        held = method_limit(team, refused_method(problem))
        return Wait(seconds_of(problem, 1.0), "too many messages", (held,))
    if status >= 500 or refusal in UNCLEAR or not refusal:
        reason = refusal or f"status {status}"
        return Wait(PATIENCE, reason) if again else Ambiguous(reason)
    if refusal in OPERATOR:
        return Wait(LONG_PATIENCE, refusal)
    return Refused(refusal, dead=refusal in DEAD)
