"""What every door does: take in, read, deliver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.incoming import Incoming
from scheduler.letters import Letter, Outcome


@dataclass(frozen=True, slots=True)
class Raw:
    """An event as the platform sent it. ``event`` is unique for the door; ``chat`` keeps order;
    ``sender`` is whose pace it counts for, nobody's where empty."""

    event: str
    chat: str
    payload: dict[str, Any]
    sender: str = ""


Keep = Callable[[str, Sequence[Raw]], Awaitable[None]]
"""``await keep(door name, events)`` returns once they are stored durably; repeats are dropped."""


class Door(Protocol):
    """A platform. ``run`` receives until ``stop`` and keeps each event before acknowledging it."""

    name: str

    async def run(self, keep: Keep) -> None: ...

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        """The event in our terms; None for what is nobody's business (a join, another bot)."""
        ...

    def is_whole(self, payload: dict[str, Any], /) -> bool:
        """Whether it is read without asking anybody, and nobody waits for its acknowledgement."""
        ...

    async def push(self, letter: Letter) -> Outcome:
        """Deliver. Never raises for what a platform may do."""
        ...

    async def stop(self) -> None: ...
