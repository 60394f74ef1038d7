"""The stages of a sale, and the way from one to the next."""

from __future__ import annotations

USUAL = {"lead": (10, 7), "qualified": (25, 14), "proposal": (50, 14), "negotiation": (75, 14)}
"""The stages that a new workspace begins with, in order: how likely a sale is from there on, in
percent, and the days that it usually takes. It ends as won or lost."""

STAGES = tuple(USUAL)


def stage_after(stage: str) -> str | None:
    """The next open stage; None when only winning or losing is left."""
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else None


def conversion(won: int, lost: int) -> float | None:
    """Share of closed deals that were won, 0 to 1; None when none was closed."""
    closed = won + lost
    return won / closed if closed else None
