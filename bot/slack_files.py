"""Files that people share on Slack: fetched with the bot's own token."""

from __future__ import annotations

import logging

from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

from exchange.refusing import CHAT

PATIENCE = ClientTimeout(total=30)
_CHUNK = 1 << 16

log = logging.getLogger("rabta.slack")


async def fetch_file(client: AsyncWebClient, url: str) -> bytes | None:
    """The file behind an ``url_private_download``; None where Slack does not hand it out, which
    it says with a page to sign in at."""
    if not url:
        return None
    bearer = {"Authorization": f"Bearer {client.token}"}
    try:
        async with (
            ClientSession(timeout=PATIENCE) as session,
            session.get(url, headers=bearer) as it,
        ):
            if it.status != 200 or it.content_type == "text/html":
                log.warning("slack: a file could not be fetched: %s", it.status)
                return None
            data = bytearray()
            async for chunk in it.content.iter_chunked(_CHUNK):
                data += chunk
                if len(data) > CHAT.size:
                    return None
            return bytes(data)
    except (ClientError, TimeoutError) as problem:
        log.warning("slack: a file could not be fetched: %s", type(problem).__name__)
        return None
