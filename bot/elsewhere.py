"""Chats whose event another process has in its hands: left alone for a moment, then tried again.

Whoever has it looks for the chat's next event when it is done. So nothing is late through this,
and what a process leaves behind that dies is found a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from random import Random

from storage.inbox import Waiting

LEAST, MOST = 0.25, 0.75
"""Seconds of such a moment; which, is left to chance, so that not all who wait come together."""

LONGER, LONGEST = 2.0, 2.0
"""How much longer the next moment is where the same event is still there, and how long at most."""

REMEMBERED = 1000

Vain = dict[str, int]
"""Chats, and the event of each that was found in other hands."""


class Elsewhere:
    """What one pump knows of the others."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, dice: Random | None = None
    ) -> None:
        self._clock, self._dice = clock, dice or Random()
        self._vain: Vain = {}
        self._until: dict[str, float] = {}
        self._waits: dict[str, tuple[int, float]] = {}

    def tried_in_vain(self, chat: str, number: int) -> None:
        """It was in other hands, or done by now: the next look will tell."""
        self._vain[chat] = number

    def came(self, chats: Iterable[str]) -> None:
        """Something of theirs came in here: they are looked at now."""
        for chat in chats:
            self._until.pop(chat, None)

    def vain(self) -> Vain:
        """What was tried in vain before a look that begins now."""
        vain, self._vain = self._vain, {}
        return vain

    @property
    def chats(self) -> list[str]:
        """Those that are left alone just now."""
        now = self._clock()
        self._until = {chat: until for chat, until in self._until.items() if until > now}
        return list(self._until)

    @property
    def pause(self) -> float:
        """Seconds until one of them is to be tried again; a second where there is none."""
        return max(0.0, min(self._until.values(), default=self._clock() + 1.0) - self._clock())

    def without(self, rows: Iterable[Waiting], vain: Vain) -> list[Waiting]:
        """Without what still waits though it was tried in vain: another has it."""
        free = []
        for row in rows:
            if vain.get(row.chat) == row.id:
                self._until[row.chat] = self._clock() + self._wait(row)
            else:
                free.append(row)
        return free

    def _wait(self, row: Waiting) -> float:
        number, before = self._waits.get(row.chat, (row.id, 0.0))
        wait = self._dice.uniform(LEAST, MOST)
        if number == row.id and before:
            wait = min(before * LONGER, LONGEST)
        if len(self._waits) >= REMEMBERED:
            self._waits.clear()
        self._waits[row.chat] = (row.id, wait)
        return wait
