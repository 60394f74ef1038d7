"""What a round asks of a platform, the same for Telegram and Slack."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from tests.faults.kills.history import Said, Shown

HELD = 0.4
"""Seconds."""


P = TypeVar("P")


def whose(said: Said, people: Sequence[P]) -> P:
    """Who goes on about a firm: of two who change one thing at once, the second would be asked."""
    return people[sum(map(ord, said.firm)) % len(people)]


class Side(Protocol):
    """A loopback platform with its people. ``chats`` are where they write; each has one writer,
    but for the last, where all do."""

    @property
    def chats(self) -> list[str]: ...

    def settings(self) -> dict[str, str]:
        """What ``rabta run`` is told of it."""
        ...

    def says(self, said: Said) -> None:
        """Somebody writes it in its chat."""
        ...

    def taps(self, said: Said, label: str) -> bool:
        """Tap a button on the first answer that names its firm; False where none is there yet."""
        ...

    def look(self) -> None:
        """Note on what was said when it was offered and taken."""
        ...

    @property
    def untaken(self) -> int:
        """How much Rabta has not acknowledged yet."""
        ...

    @property
    def taken(self) -> int:
        """How much it has acknowledged so far."""
        ...

    @property
    def heard(self) -> int:
        """How many messages it has sent or edited so far."""
        ...

    def holds_an_answer(self) -> None:
        """The next message arrives, and Rabta hears so late."""
        ...

    def misbehaves(self, dice: random.Random) -> None:
        """Something goes wrong, once."""
        ...

    def behaves(self) -> None:
        """From now on all goes well."""
        ...

    def shown(self) -> list[Shown]: ...
