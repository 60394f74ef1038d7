"""What waits for the one who writes is handed over together: many calls, one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Call it with one thing; ``act`` gets all that came while it was busy, ``most`` at a time.

    The call returns when its thing was part of an ``act`` that ended, and raises what that raised.
    ``pause``: seconds for which it is worth to wait for more.
    """

    def __init__(
        self,
        act: Callable[[Sequence[T]], Awaitable[None]],
        most: int,
        pause: Callable[[], float] = float,
    ) -> None:
        self._act, self._most, self._pause = act, most, pause
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._acting: asyncio.Task[None] | None = None

    async def __call__(self, thing: T) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if self._acting is None:
            self._acting = asyncio.create_task(self._go_on())
        await done

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                if (pause := self._pause()) and len(self._waiting) < self._most:
                    await asyncio.sleep(pause)
                some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._one_go(some)
        finally:
            self._acting = None

    async def _one_go(self, some: list[tuple[T, asyncio.Future[None]]]) -> None:
        try:
            await self._act([thing for thing, _ in some])
        except BaseException as problem:
            for _, done in some:
                if not done.done():
                    done.set_exception(problem)
            if not isinstance(problem, Exception):
                raise
        else:
            for _, done in some:
                if not done.done():
                    done.set_result(None)
