"""A budget split by what a rupee is expected to bring; with little data, by the mean of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

LEADS = 10
"""The mean of all counts as so many leads of each source (additive smoothing, as Efron and Morris,
Stein's Paradox in Statistics, 1977): with 10 leads of its own a source is believed by half."""

BUYERS = 3
"""The same for what a buyer is worth."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a source or segment: ``leads`` came, ``bought`` of them bought, for
    ``minor`` in all; ``cost`` of a lead in minor units, None where nobody said it."""

    name: str
    leads: int
    bought: int
    minor: int
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one gets of it: ``share`` of leads that buy and ``worth`` of a buyer as they are counted
    here, ``value`` of a lead (their product), ``cost`` as counted, all in minor units; ``gets`` in
    units of the budget."""

    source: Source
    share: Fraction
    worth: Fraction
    value: Fraction
    cost: Fraction | None
    gets: int

    @property
    def per_rupee(self) -> Fraction | None:
        return self.value / self.cost if self.cost else None


@dataclass(frozen=True, slots=True)
class Division:
    """``even``: nothing is known that tells them apart. ``guessed``: a cost was taken for some.
    ``few``: names of those with fewer leads than the mean of all counts for."""

    parts: tuple[Part, ...]
    even: bool
    guessed: bool
    costed: bool
    few: tuple[str, ...]


def divide(units: int, sources: Sequence[Source], everybody: Source) -> Division:
    """So much in proportion to what each brings for a rupee; the parts add up exactly.

    ``everybody`` is what is known of all leads of the workspace. In proportion and not all to the
    best one: the figures are estimates, and the first rupees of a channel bring the most.
    """
    share = Fraction(everybody.bought, everybody.leads) if everybody.leads else Fraction(0)
    worth = Fraction(everybody.minor, everybody.bought) if everybody.bought else Fraction(0)
    known = [Fraction(each.cost) for each in sources if each.cost]
    usual = sum(known, Fraction(0)) / len(known) if known else None
    shares = [Fraction(each.bought + LEADS * share) / (each.leads + LEADS) for each in sources]
    worths = [Fraction(each.minor + BUYERS * worth) / (each.bought + BUYERS) for each in sources]
    values = [one * other for one, other in zip(shares, worths, strict=True)]
    costs = [Fraction(each.cost) if each.cost else usual for each in sources]
    weights = [v / c if c else v for v, c in zip(values, costs, strict=True)]
    even = not any(weights)
    gets = _in_proportion(units, [Fraction(1)] * len(weights) if even else weights)
    parts = tuple(map(Part, sources, shares, worths, values, costs, gets))
    return Division(
        parts,
        even=even,
        guessed=0 < len(known) < len(sources),
        costed=bool(known),
        few=tuple(each.name for each in sources if each.leads < LEADS),
    )


def _in_proportion(units: int, weights: Sequence[Fraction]) -> list[int]:
    """Whole coins by the largest remainders (Hamilton's method); of equals the first."""
    whole = sum(weights, Fraction(0))
    exact = [units * weight / whole for weight in weights]
    gets = [int(each) for each in exact]
    order = sorted(range(len(gets)), key=lambda at: (gets[at] - exact[at], at))
    for at in order[: units - sum(gets)]:
        gets[at] += 1
    return gets
