"""A second opinion: the intent that clauses like this one mostly had in labelled messages.

A log-linear model: every feature adds its weights to the classes it speaks for. The weights
come from `learning` (`make train`) and stand in `weights.txt`, a line for each feature with a
byte for each class. They are added up in one whole number that has two bytes for each class.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp
from struct import unpack

from language.clauses import Clause
from language.features import features
from language.spotting import Scene

NONE = "none"
MORE, SEVERAL = "more", "several"
"""Classes beside the intents: a clause that only tells more of the action beside it, and a
message of several actions."""
SCALE, ZERO = 16, 128  # a weight w is kept as the byte w * SCALE + ZERO
_UNLIKELY = 0.1
MOST_SEEN = 250  # features; the sum of so many bytes fits into two


@dataclass(frozen=True, slots=True)
class Guess:
    """What a clause is likeliest, and how likely (0 to 1)."""

    intent: str
    share: float

    @property
    def acts(self) -> bool:
        """Whether it names something to do."""
        return self.intent not in {NONE, MORE, SEVERAL}


@dataclass(frozen=True, slots=True)
class Weights:
    """The sum of a feature's weights by its name, and the classes in the order of their bytes."""

    classes: tuple[str, ...]
    of: dict[str, int]

    def shares(self, seen: list[str]) -> list[float]:
        """How likely each class is, in their order; together they make one."""
        known = [self.of[name] for name in seen[:MOST_SEEN] if name in self.of]
        size = len(self.classes)
        sums = unpack(f"<{size}H", sum(known).to_bytes(2 * size, "little"))
        most = max(sums)
        raised = [exp((each - most) / SCALE) for each in sums]
        whole = sum(raised)
        return [each / whole for each in raised]

    def speaks(self, tongue: str | None) -> bool:
        """Whether messages of a language were among those that were learned from."""
        return f"in {tongue}" in self.of


def packed(row: bytes) -> int:
    """A byte for each class as the number that is added up."""
    wide = bytearray(2 * len(row))
    wide[::2] = row
    return int.from_bytes(wide, "little")


def weights_of(text: str) -> Weights:
    """The weights as `learning` writes them: the classes, then a line for each feature."""
    first, *lines = text.split("\n")
    rows = (line.rpartition("\t") for line in lines)
    return Weights(
        tuple(first.split()), {name: packed(bytes.fromhex(row)) for name, _, row in rows}
    )


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that were shipped, read at the first guess."""
    return weights_of((resources.files("language") / "weights.txt").read_text("utf-8"))


def guess(scene: Scene, clause: Clause, before: str = "", *, whole: bool = False) -> Guess | None:
    """The likeliest class of a clause; None in a language that nothing was learned of, and where
    a stage of the workspace's own making is named, which only rules know."""
    if not weights().speaks(scene.sheet.tongue) or scene.of("stage", clause.i, clause.j):
        return None
    shares = weights().shares(features(scene, clause, before, whole))
    share = max(shares)
    return Guess(weights().classes[shares.index(share)], share)


def likeliest(scene: Scene, clause: Clause) -> list[str]:
    """The intents that are not unlikely for a clause, the likeliest first."""
    if not weights().speaks(scene.sheet.tongue):
        return []
    shares = weights().shares(features(scene, clause, ""))
    ranked = sorted(zip(shares, weights().classes, strict=True), reverse=True)
    return [name for share, name in ranked if share > _UNLIKELY and Guess(name, share).acts]
