"""What the reader needs to know about the workspace: region, currency, stages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """The defaults that apply where a message does not say."""

    region: str = "PK"
    currency: str = "PKR"
    stages: tuple[str, ...] = ("lead", "qualified", "proposal", "negotiation")
