"""Socket Mode: two sockets side by side, watched, so that one can be replaced or go deaf."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

SOCKETS = 2
CONNECTING = 30.0
"""Seconds in which a socket must stand; so long Slack may ask to wait when there were too many."""

Receive = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Keeps a delivery and gives the answer to it; mostly an empty one."""

log = logging.getLogger("rabta.slack")


async def unless(over: asyncio.Event, work: Awaitable[Any]) -> None:
    """Do it, or leave off when it is over."""
    working, end = asyncio.ensure_future(work), asyncio.ensure_future(over.wait())
    try:
        await asyncio.wait([working, end], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, end):
            task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


def app_of(base_url: str, team: str, me: str, receive: Receive) -> AsyncApp:
    """Bolt without listeners: its one middleware is ``receive``."""

    async def keep(req: AsyncBoltRequest) -> BoltResponse:
        return BoltResponse(status=200, body=await receive(req.body) or "")

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Bolt would ask Slack who it is, and acknowledge what it loses when Slack is slow."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id or team, bot_user_id=me)

    app = AsyncApp(
        client=AsyncWebClient(base_url=base_url, logger=log),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,  # a socket's frames are not signed
        logger=log,
    )
    app.use(keep)
    return app


class Sockets:
    """Holds the sockets of an app open until it is over."""

    def __init__(
        self, app: AsyncApp, token: str, over: asyncio.Event, *, ping: float, watch: float
    ) -> None:
        self._over, self._watch = over, watch
        self._handlers = [
            AsyncSocketModeHandler(app, token, log, ping_interval=ping) for _ in range(SOCKETS)
        ]

    async def run(self) -> None:
        """The client reconnects by itself; where its own watch has died, this one does it."""
        for handler in self._handlers:
            await self._opened(handler.client.connect())  # type: ignore[no-untyped-call]  # theirs
        while not self._over.is_set():
            await unless(self._over, asyncio.sleep(self._watch))
            if not self._over.is_set():
                await asyncio.gather(*(self._looked_after(each) for each in self._handlers))

    async def _looked_after(self, handler: AsyncSocketModeHandler) -> None:
        if not await handler.client.is_connected():
            log.warning("slack: a socket is dead; it is replaced")
            await self._opened(handler.client.connect_to_new_endpoint(force=True))

    async def _opened(self, connecting: Awaitable[Any]) -> None:
        """Whatever Slack says to it is no reason to end: the next look asks for another address.
        The client would go on for ever with one that is too old by now."""
        try:
            async with asyncio.timeout(CONNECTING):
                await unless(self._over, connecting)
        except Exception as problem:
            log.warning("slack: no socket: %s", type(problem).__name__)

    async def connected(self) -> bool:
        """Whether one of them gives signs of life."""
        for handler in self._handlers:
            if await handler.client.is_connected():
                return True
        return False

    async def close(self) -> None:
        handlers, self._handlers = self._handlers, []
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]  # bolt's
