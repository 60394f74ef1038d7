"""What whoever hands over a file says of it, and what is said back about each of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from exchange.refusing import CHAT, Limits

Format = Literal["vcard", "jcard", "csv", "xlsx", "jsonl", "qr", "photo", "card"]
FORMATS: tuple[str, ...] = tuple(form for form in get_args(Format) if form != "card")
"""Those that can be asked for; a card is read where a photo has no code."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``format`` and ``kind`` are found out where they are not said. ``chosen`` is what somebody
    answered: the slot of a column by its header, "" for a field of its own."""

    region: str
    format: Format | None = None
    kind: str | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = CHAT
    people: bool = False
    """Only what tells people apart (``exchange.people``), to find who is in twice."""

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Asked:
        return cls(**{**told, "limits": Limits(**told["limits"])})
