"""The stages of a sale, and the way from one to the next."""

from __future__ import annotations

STAGES = ("lead", "qualified", "proposal", "negotiation")
"""A deal's open stages, in order; it ends as won or lost."""


def stage_after(stage: str) -> str | None:
    """The next open stage; None when only winning or losing is left."""
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else None


def conversion(won: int, lost: int) -> float | None:
    """Share of closed deals that were won, 0 to 1; None when none was closed."""
    closed = won + lost
    return won / closed if closed else None
