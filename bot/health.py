"""How the house is, for whoever watches it: database, clock, inbox, doors; ok or what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.hook import OuterDoor
from storage import inbox
from storage.clock import SKEW, Clock, skew_of
from storage.database import Database

STUCK = timedelta(minutes=1)
"""How long a message may wait to be handled before something is wrong."""
PATIENCE = 2.0
"""Seconds that the database may take to answer."""

OK = "ok"


class Health:
    """Looked at by many at once, it asks the database once. ``keeps``: whether what came lately
    could be kept."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        doors: Mapping[str, OuterDoor],
        keeps: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database, self._clock, self._doors = database, clock, doors
        self._keeps = keeps
        self._looking: asyncio.Task[dict[str, str]] | None = None

    async def look(self) -> dict[str, str]:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> dict[str, str]:
        doors = [(name, await door.connected()) for name, door in self._doors.items()]
        state = {name: OK if connected else "not connected" for name, connected in doors}
        return await self._kept() | state

    async def _kept(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                oldest = await self._database.in_thread(
                    self._database.run, lambda session: inbox.oldest(session, self._doors)
                )
        except Exception as problem:  # whatever it is, it is away
            return {"database": f"not reached ({type(problem).__name__})", "inbox": "unknown"}
        stuck = oldest is not None and self._clock.now() - oldest > STUCK
        trouble = "messages wait to be handled" if stuck else OK
        skew = skew_of(self._clock)
        return {
            "database": OK,
            "clock": f"{skew:+.1f} s off the database's" if abs(skew) > SKEW else OK,
            "inbox": trouble if self._keeps() else "messages cannot be kept",
        }
