"""What came of an import, in figures, and what was refused, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("new", "updated", "merged", "same", "refused")
"""Made; here already and filled in; made one with another of the file; here already with all it
says; not taken in."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that was not taken in. ``why`` is a code: ``no_name``, ``kind``, ``amount`` ..."""

    record: Mapping[str, Any]
    why: str


@dataclass
class Report:
    """``counts`` by kind and outcome; of what was refused the first ``MOST``.

    ``unknown_owners``: people who are kept by name only. ``stages_made``: stages that were not
    there. ``left_out``: fields for which there was no room, and of how many records.
    """

    MOST = 10_000

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    unknown_owners: list[str] = field(default_factory=list)
    stages_made: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def refuse(self, record: Mapping[str, Any], why: str) -> None:
        self.counts[str(record.get("type")), "refused"] += 1
        if len(self.refused) < self.MOST:
            self.refused.append(Refused(record, why))

    def by_kind(self) -> dict[str, dict[str, int]]:
        """For each kind how many had each outcome."""
        kinds = dict.fromkeys(kind for (kind, _), number in self.counts.items() if number)
        return {
            kind: {how: self.counts[kind, how] for how in OUTCOMES if self.counts[kind, how]}
            for kind in kinds
        }

    def plain(self) -> dict[str, Any]:
        """All of it, for a machine."""
        return {
            "counts": self.by_kind(),
            "refused": [{"why": each.why, "record": each.record} for each in self.refused],
            "unknown_owners": self.unknown_owners,
            "stages_made": self.stages_made,
            "left_out": dict(self.left_out),
        }

    def of(self, outcome: str) -> int:
        return sum(n for (_, how), n in self.counts.items() if how == outcome)

    @property
    def total(self) -> int:
        return sum(self.counts.values())
