"""Who somebody in Slack is: name, time zone, language, and whether they belong to the team."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.incoming import Sender

REMEMBERED = 600.0
"""Seconds for which an answer counts: so long can a member who became a guest go on."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before asking again, growing with every failure in a row."""
UNCLEAR = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
LIMITED = {"ratelimited", "rate_limited"}
MOVING = {"team_added_to_org"}
"""What Slack says while it is in trouble, is asked too often, or moves a team."""

log = logging.getLogger("rabta.slack")


@dataclass(slots=True)
class Known:
    sender: Sender
    until: float


@dataclass
class People:
    """Asks Slack about people, and remembers the answers for a while."""

    client: AsyncWebClient
    sleep: Callable[[float], Awaitable[None]]
    clock: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], Known] = field(default_factory=dict)
    _dms: dict[tuple[str, str], str] = field(default_factory=dict)
    _external: dict[tuple[str, str], tuple[bool | None, float]] = field(default_factory=dict)

    async def complete(self, sender: Sender) -> Sender:
        """The sender with all that Slack tells. Nobody is let in whom it does not tell about."""
        key = (sender.team, sender.id)
        known = self._known.get(key)
        if known is None or known.until < self.clock():
            asked = await self._ask("users.info", user=sender.id, include_locale=True)
            known = Known(_told(sender, asked.get("user")), self.clock() + REMEMBERED)
            self._known[key] = known
        return replace(known.sender, outsider=known.sender.outsider or sender.outsider)

    async def name(self, team: str, user: str) -> str:
        return (await self.complete(Sender("slack", team, user, user))).name

    async def dm(self, team: str, user: str) -> str:
        """The channel of the direct conversation with a person, empty if there can be none."""
        key = (team, user)
        if key not in self._dms:
            asked = await self._ask("conversations.open", users=user)
            self._dms[key] = str(asked.get("channel", {}).get("id", ""))
        return self._dms[key]

    async def external(self, team: str, channel: str) -> bool | None:
        """Whether another organisation reads a channel; None where Slack does not tell."""
        known = self._external.get((team, channel))
        if known is None or known[1] < self.clock():
            asked = (await self._ask("conversations.info", channel=channel)).get("channel") or {}
            told = (asked.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
            is_external = any(told) if asked else None
            known = self._external[team, channel] = (is_external, self.clock() + REMEMBERED)
        return known[0]

    async def _ask(self, method: str, **args: Any) -> dict[str, Any]:
        """The answer, however long it takes; empty for a refusal, which asking again does not
        change: who cannot be known is not let in."""
        failures = 0
        while True:
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            try:
                answer = await self.client.api_call(method, params=args)
            except SlackApiError as problem:
                if not is_for_later(problem):
                    log.warning("slack: %s: %s", method, refusal_of(problem))
                    return {}
                pause = seconds_of(problem, pause)
            except Exception as problem:  # the network in any of its moods
                log.warning("slack: %s: %s; again in %g s", method, type(problem).__name__, pause)
            else:
                return answer.data if isinstance(answer.data, dict) else {}
            failures += 1
            await self.sleep(pause)


def _told(sender: Sender, user: dict[str, Any] | None) -> Sender:
    if user is None:
        return replace(sender, outsider=True)
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), user.get("real_name"), profile.get("real_name"))
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    elsewhere = user.get("is_stranger") or user.get("team_id", sender.team) != sender.team
    grid = (user.get("enterprise_user") or {}).get("teams") or ()
    return replace(
        sender,
        name=next(filter(None, names), sender.id),
        language=user.get("locale") or "",
        timezone=user.get("tz") or "",
        outsider=bool(guest or user.get("deleted") or (elsewhere and sender.team not in grid)),
    )


def refusal_of(problem: SlackApiError) -> str:
    """Slack's word for why not; empty where the answer was none of its own."""
    data = problem.response.data
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def is_for_later(problem: SlackApiError) -> bool:
    """Whether asking again may help: there were too many messages, or Slack is in trouble."""
    refusal, status = refusal_of(problem), problem.response.status_code
    passing = refusal in UNCLEAR | LIMITED | MOVING
    return passing or status == 429 or status >= 500 or not refusal


def seconds_of(problem: SlackApiError, usual: float) -> float:
    """How long Slack asks to wait."""
    return seconds_in(problem.response.headers.get("Retry-After", ""), usual)


def seconds_in(told: object, usual: float) -> float:
    """A Retry-After as seconds."""
    return float(str(told)) if str(told).isdecimal() else usual
