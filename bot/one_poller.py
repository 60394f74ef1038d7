"""Of several processes one polls; the others stand by, and take over when it is gone.

Telegram gives a bot's updates to one poller at a time. On SQLite there is one process anyway.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from storage import lease
from storage.database import Database

SPAN = timedelta(seconds=10)
"""How long a lease holds without being renewed: what a kill costs at most."""

RENEWED = 3.0
"""Seconds between renewals."""

LOOKED = 1.0
"""Seconds between two looks of one that stands by."""

log = logging.getLogger("rabta.lease")

Work = Callable[[], Awaitable[None]]


class OnePoller:
    """Call it with the work: it runs while this process has the lease, and is cancelled with it."""

    def __init__(self, database: Database, name: str) -> None:
        self.database, self.name = database, name
        self.holder = f"{socket.gethostname()[:50]}/{os.getpid()}/{secrets.token_hex(4)}"

    async def __call__(self, work: Work) -> None:
        if self.database.is_sqlite:
            await work()
            return
        try:
            while True:
                await self._stand_by()
                log.info("%s: this process polls", self.name)
                await self._while_ours(work)
        finally:
            await asyncio.shield(self._give_back())

    async def _stand_by(self) -> None:
        """Until the lease is ours."""
        told = False
        while not await self._take():
            if not told:
                log.info("%s: another process polls; this one stands by", self.name)
            told = True
            await asyncio.sleep(LOOKED)

    async def _while_ours(self, work: Work) -> None:
        """Work, and renew; stop working before somebody else could think us gone."""
        working = asyncio.ensure_future(work())
        renewed = time.monotonic()
        try:
            while time.monotonic() - renewed < SPAN.total_seconds() - RENEWED:
                done, _ = await asyncio.wait({working}, timeout=RENEWED)
                if done:
                    working.result()
                    return
                asked = time.monotonic()
                with suppress(TimeoutError):
                    async with asyncio.timeout(RENEWED):
                        renewed = asked if await self._take() else -math.inf
            log.warning("%s: the lease was lost; another process may poll", self.name)
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def _take(self) -> bool:
        """False too where the database is away: then nobody can say that it is ours."""
        try:
            return await self.database.in_thread(
                self.database.run,
                lambda session: lease.take(session, self.name, self.holder, SPAN),
            )
        except Exception as problem:
            log.warning("%s: no lease (%s)", self.name, type(problem).__name__)
            return False

    async def _give_back(self) -> None:
        with suppress(Exception):  # then it runs out by itself
            await self.database.in_thread(
                self.database.run,
                lambda session: lease.give_back(session, self.name, self.holder),
            )
