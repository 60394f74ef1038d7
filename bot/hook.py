"""What a platform calls: a door's address on our port, and what it takes a call for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from bot.door import Door, Keep
from scheduler.letters import Letter, Outcome
from scheduler.pace import Toll

HASTE = 1.5
"""Seconds that a call waits for its door to know who it is; Slack gives up after three."""

Told = str | dict[str, Any]
"""The answer to a call, as plain text or as JSON; mostly empty."""

Hook = Callable[[Mapping[str, str], bytes], Awaitable[Told]]
"""``await hook(headers, body)`` answers once the call is kept. Raises Forged. Header names are
looked up in small letters."""


class Forged(Exception):
    """Not what the platform sends: no or a wrong signature, too old, or not to be read."""


class Outlet(Protocol):
    """What letters leave by."""

    async def push(self, letter: Letter) -> Outcome:
        """Deliver. Never raises for what a platform may do."""
        ...

    def toll(self, letter: Letter) -> Toll:
        """What a letter uses up of the platform's limits."""
        ...


class OuterDoor(Door, Protocol):
    """A door to a platform. ``hooks`` are by path; none where nothing calls it."""

    @property
    def hooks(self) -> Mapping[str, Hook]: ...

    def toll(self, letter: Letter) -> Toll:
        """What a letter uses up of the platform's limits."""
        ...

    async def connected(self) -> bool:
        """Whether messages can come in by it now."""
        ...


class Awaited:
    """The way to keep what comes, which a door has only once it runs and knows who it is."""

    def __init__(self) -> None:
        self._keep: asyncio.Future[Keep] = asyncio.get_running_loop().create_future()

    def come(self, keep: Keep) -> None:
        self._keep.set_result(keep)

    async def keep(self) -> Keep:
        """Raises TimeoutError where it takes too long; the platform calls again."""
        async with asyncio.timeout(HASTE):
            return await asyncio.shield(self._keep)
