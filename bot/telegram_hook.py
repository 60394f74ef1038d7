"""Telegram by webhook: it calls us with each update, which is kept before it is answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from telegram.error import BadRequest, InvalidToken

from bot.door import Keep
from bot.hook import Awaited, Forged
from bot.telegram import KINDS, Telegram
from bot.telegram_read import is_update

WATCH = 60.0
"""Seconds between looks at whether Telegram still calls us: whoever polls takes that away."""

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name

log = logging.getLogger("rabta.telegram")


class TelegramHook(Telegram):
    """One bot on Telegram, called at ``url``, whose path is ours to answer."""

    def __init__(self, token: str, url: str, *, watch: float = WATCH, **more: Any) -> None:
        super().__init__(token, **more)
        self._url, self._watch = url, watch
        self._secret = secret_of(token)
        self._awaited = Awaited()
        self.hooks = {urlsplit(url).path: self._heard}

    async def _receive(self, keep: Keep) -> None:
        await self._patiently(self._arrive)
        self._awaited.come(keep)
        while True:
            await asyncio.sleep(self._watch)
            await self._patiently(self._look)

    async def _begin(self) -> None:
        try:
            await self.bot.set_webhook(
                self._url, allowed_updates=json.loads(KINDS), secret_token=self._secret
            )
        except BadRequest:
            log.warning("telegram: the webhook's address is refused; see rabta doctor")
            raise

    async def _look(self) -> None:
        try:
            there = await self.bot.get_webhook_info()
        except InvalidToken:  # what comes still comes; of a token that is gone, letters tell
            log.warning("telegram: it does not tell whether the webhook stands")
            return
        if there.url != self._url:
            log.warning("telegram: somebody took the webhook away; it is set again")
            await self._begin()

    async def _heard(self, headers: Mapping[str, str], body: bytes) -> str:
        given = headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise Forged
        update = _update(body)
        await self._take([update], await self._awaited.keep())
        return ""


def secret_of(token: str) -> str:
    """What only Telegram and the bot's own processes know, the same for all of them."""
    return hmac.new(token.encode(), b"rabta webhook", hashlib.sha256).hexdigest()


def _update(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged from None
    if not is_update(update):
        raise Forged
    return dict(update)
