"""What the outbox hands to a door, and what a door answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.reply import Reply
from scheduler.pace import Limit, Toll


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer or nudge goes.

    ``chat`` is the platform's chat, or ``""`` for the direct message of ``user``.
    ``edits``: the message to draw anew in place (a tapped card).
    ``answer_to``: a one-off way to answer (Slack's response_url); tried first where set.
    ``only_for``: in a channel, show it to this user alone (Slack's ephemeral message).
    ``tongue``: the language that its reader chose, which a platform's own menus follow.
    """

    platform: str
    team: str
    chat: str = ""
    user: str = ""
    thread: str = ""
    edits: str = ""
    answer_to: str = ""
    only_for: str = ""
    tongue: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Platform, team, and the chat, or the user of a direct message."""
        return self.platform, self.team, self.chat or self.user

    @property
    def packed(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def place(self) -> str:
        """The chat as one word: whose letters keep their order."""
        return ":".join(self.key)


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to deliver. ``id``, the outbox row's, goes along where a platform can carry it.

    ``marked``: it may have arrived once already; ``again`` are the words that say so, for where
    nobody can look whether it did. ``done`` are the messages of it that certainly arrived.
    ``quiet``: nothing else went to its chat lately. ``written_at`` is when it was written.
    ``kind``: reply, nudge or campaign.
    """

    id: int
    address: Address
    reply: Reply
    attempt: int = 1
    marked: bool = False
    again: str = ""
    done: tuple[str, ...] = ()
    quiet: bool = True
    written_at: datetime | None = None
    kind: str = "reply"

    @property
    def is_answer(self) -> bool:
        """Whether somebody waits for it; what comes by itself can keep to a calmer pace."""
        return self.kind == "reply"


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; ``message`` is the platform's id of it, ``chat`` where it landed."""

    message: str = ""
    chat: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It can never arrive there; ``dead``: nothing else will either (blocked, archived, gone)."""

    reason: str
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again after so many seconds (rate limit, or a failure that certainly sent nothing).

    ``holds``: what nobody may send under for so long, in any process. ``done``, here and below:
    the letter's messages that arrived before it came to this.
    """

    seconds: float
    reason: str = ""
    holds: tuple[Limit, ...] = field(default=(), compare=False)
    done: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have arrived (the connection broke after the request was out)."""

    reason: str
    done: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat goes on under another id (a group became a supergroup)."""

    chat: str
    done: tuple[str, ...] = field(default=(), compare=False)


class Busy(Exception):
    """Somebody writes in the chat just now: what is listed there is told a moment later."""


Outcome = Sent | Refused | Wait | Ambiguous | Moved
Push = Callable[[Letter], Awaitable[Outcome]]
Words = Callable[[Session, int, dict[str, Any], Address, datetime], Reply | None]
"""Finds, for a workspace's letter, the words of what was to be told there; None: nothing is left to
tell. Raises Busy."""
Tolls = Callable[[Letter], Toll]
"""What a letter uses up of a platform's limits."""
