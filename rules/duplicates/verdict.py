"""Whether two records are of one person or company: how likely it is, and what speaks for it.

Everybody who asks this asks here. What differs is when the answer is enough, and what is done then:

- A chat asks about two from ``ASKED`` on, and the list of doubles has them from there: to answer
  is a tap, and who was one in five times is worth it. The same phone or e-mail address is always
  worth it: who shares an office says so once.
- An import fills in who is here from ``FILLED_IN`` on, for nobody looks at each of thousands.
- A list by itself (``rabta duplicates``) tells whoever is rather one than two, ``HELD``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rules.duplicates.evidence import Level, Sign, evidence
from rules.duplicates.people import Person
from rules.duplicates.weights import Weights, surely
from rules.sounds import is_urdu

ASKED = 0.2
FILLED_IN = 0.9
HELD = 0.5

CERTAIN = frozenset(("phone", "email"))
"""Evidence that is asked about whatever else was said."""

ENTERED = 0.1
"""Of so many who are entered, one of those who are known already is meant."""

FEWEST = 20
"""Among fewer the known ones are no likelier to be meant."""

IN_A_FILE, AMONG = 0.3, 300
"""So many of those who come in a file are here already; any of so many may be the one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two are one (0 to 1), and why, by the codes of what they share: ``phone``,
    ``email``, ``name``, ``like_name``, ``sound`` (in the other script), ``born``, ``company``,
    ``city`` and others, those first that tell most in general."""

    score: float
    evidence: tuple[str, ...]

    @property
    def is_asked(self) -> bool:
        likely = self.score >= ASKED and bool(self.evidence)
        return likely or not CERTAIN.isdisjoint(self.evidence)


def same_one(one: Person, other: Person, weights: Weights) -> Verdict:
    """How likely two records are of one, with the evidence for it."""
    signs = evidence(one, other)
    whole = set(one.words) == set(other.words)
    return Verdict(surely(weights.score(signs)), tuple(_codes(weights, signs, whole=whole)))


def prior_among(people: int) -> float:
    """That somebody who is entered is this one of so many who are known, in bits."""
    return math.log2(ENTERED / max(people, FEWEST))


def of_files() -> Weights:
    """What likenesses say of those who come in a file. It is the same however many came before: of
    a file that is taken in twice, the second time is judged as the first was."""
    prior = math.log2(IN_A_FILE / AMONG)
    return Weights(prior=prior, house=prior)


_AS = {
    ("phone", Level.SAME): "phone",
    ("phone", Level.NEAR): "like_phone",
    ("email", Level.SAME): "email",
    ("email", Level.NEAR): "like_email",
    ("email", Level.CALLED): "like_email",
    ("id", Level.SAME): "id",
    ("born", Level.SAME): "born",
    ("company", Level.SAME): "company",
    ("company", Level.NEAR): "company",
    ("city", Level.SAME): "city",
    ("city", Level.NEAR): "city",
    ("address", Level.SAME): "address",
    ("address", Level.NEAR): "address",
}
_ORDER = ("phone", "email", "like_phone", "like_email", "id", "name", "sound", "like_name", "born",
          "company", "city", "address")  # fmt: skip


def _codes(weights: Weights, signs: Sequence[Sign], *, whole: bool) -> list[str]:
    """``whole``: their names have the very same words."""
    codes = {_AS.get(sign[:2]) for sign in signs}
    named = [sign for sign in signs if sign.field == "name"]
    if whole and named:
        codes.add("name")
    elif sum(map(weights.bits, named)) > 0:
        across = any(is_urdu(sign.ours) != is_urdu(sign.theirs) for sign in named)
        codes.add("sound" if across else "like_name")
    return [code for code in _ORDER if code in codes]
