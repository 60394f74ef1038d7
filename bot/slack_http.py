"""Slack over HTTP: events, commands, taps and dialogs, signed by Slack and kept before the 200."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

from bot.door import Keep
from bot.hook import Awaited, Forged, Told
from bot.setting_checks import SLACK_PATH
from bot.slack import Slack

SAYS = {"type", "command", "ssl_check"}
"""One of these is in whatever Slack sends: its kind, a command, a look at our certificate."""


class SlackHttp(Slack):
    """One app in one Slack team, called at ``/slack/events``."""

    def __init__(self, bot_token: str, signing_secret: str, **more: Any) -> None:
        super().__init__(bot_token, "", **more)
        clock = Clock()
        clock.now = self._clock  # type: ignore[method-assign]  # theirs cannot be given one
        self._verifier = SignatureVerifier(signing_secret, clock)
        self._awaited = Awaited()
        self.hooks = {SLACK_PATH: self._heard}

    async def _listen(self, keep: Keep) -> None:
        self._awaited.come(keep)
        await self._over.wait()

    async def connected(self) -> bool:
        return bool(self.me) and not self._gone

    async def _heard(self, headers: Mapping[str, str], body: bytes) -> Told:
        """Raises Forged."""
        said = self._verified(headers, body)
        if said.get("type") == "url_verification":
            return str(said.get("challenge", ""))
        return await self._receive(said, await self._awaited.keep()) or ""

    def _verified(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The verifier raises where timestamp, signature or body are no text or no number."""
        try:
            if not self._verifier.is_valid_request(body, dict(headers)):
                raise Forged
            said = _parsed(body.decode())
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise Forged from None
        if not isinstance(said, dict) or not said.keys() & SAYS:
            raise Forged
        return said


def _parsed(body: str) -> Any:
    """An event is JSON, a command a form, and the rest JSON in a form's one field."""
    if body.lstrip().startswith("{"):
        return json.loads(body)
    fields = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields
