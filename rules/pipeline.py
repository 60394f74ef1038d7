"""The stages of a sale, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

USUAL = {"lead": (10, 7), "qualified": (25, 14), "proposal": (50, 14), "negotiation": (75, 14)}
"""The stages that a new workspace begins with, in order: how likely a sale is from there on, in
percent, and the days that it usually takes. It ends as won or lost."""

STAGES = tuple(USUAL)


def stage_after(stage: str, stages: Sequence[str]) -> str | None:
    """The next of the open stages, the first after one that is none of them (any more); None when
    only winning or losing is left."""
    place = stages.index(stage) + 1 if stage in stages else 0
    return stages[place] if place < len(stages) else None


def conversion(won: int, lost: int) -> float | None:
    """Share of closed deals that were won, 0 to 1; None when none was closed."""
    closed = won + lost
    return won / closed if closed else None
