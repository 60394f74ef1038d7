"""What the outbox hands to a door, and what a door answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.reply import Reply


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


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to deliver. ``id``, the outbox row's, goes along where a platform can carry it."""

    id: int
    address: Address
    reply: Reply
    attempt: int = 1


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
    """Try again after so many seconds (rate limit, or a failure that certainly sent nothing)."""

    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have arrived (the connection broke after the request was out)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat goes on under another id (a group became a supergroup)."""

    chat: str


Outcome = Sent | Refused | Wait | Ambiguous | Moved
Push = Callable[[Letter], Awaitable[Outcome]]
