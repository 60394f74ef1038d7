"""What the reader needs to know about the workspace: region, currency, stages, names."""

from __future__ import annotations

from dataclasses import dataclass, field

from language.known import Known


@dataclass(frozen=True, slots=True)
class Setting:
    """The defaults that apply where a message does not say; `known` are its people and such."""

    region: str = "PK"
    currency: str = "PKR"
    stages: tuple[str, ...] = ("lead", "qualified", "proposal", "negotiation")
    known: Known = field(default_factory=Known)
