"""Who may do what with which record, and before whose eyes: one answer for every room.

It is asked before a command looks anything up, and again before what was found is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ROLES = ("rep", "manager", "owner")
"""From least to most rights."""

Audience = Literal["private", "team", "group", "external"]
"""Who reads along: nobody; a channel of the team; a group, where others may be, too; a channel
that is shared with another organisation."""

Verdict = Literal["allowed", "privately", "denied"]
"""``privately``: only in the actor's own chat."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A member, as the platform's own number told who it is. A name or username is nobody."""

    workspace: int
    member: int
    role: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """A command's intent, and the least role that may give it."""

    name: str
    role: str = ROLES[0]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on or shown. ``private``: for its owner alone, whatever another's role."""

    workspace: int
    owner: int | None = None
    private: bool = False


def authorize(
    actor: Actor | None, action: Action, thing: Thing | None, audience: Audience
) -> Verdict:
    """Whether this may be, here. Whoever is not known, and whatever role is not, may nothing."""
    if actor is None or not actor.active or not at_least(actor.role, action.role):
        return "denied"
    if thing is not None and thing.workspace != actor.workspace:
        return "denied"
    if thing is not None and thing.private:
        if thing.owner is None or thing.owner != actor.member:
            return "denied"
        return "allowed" if audience == "private" else "privately"
    return "privately" if audience == "external" else "allowed"


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    order: tuple[Verdict, ...] = ("allowed", "privately", "denied")
    return max(verdicts, key=order.index, default="allowed")


def at_least(role: str, wanted: str) -> bool:
    return role in ROLES and wanted in ROLES and ROLES.index(role) >= ROLES.index(wanted)
