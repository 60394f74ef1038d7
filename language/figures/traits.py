"""Quantities in a question: which one is asked for, and what companies or products must have."""

from __future__ import annotations

from decimal import Decimal

from language.figures.bounds import Limit, limits
from language.figures.cues import Facet
from language.figures.figure import Bound
from language.figures.phrases import words_for
from language.figures.points import Stretch
from language.figures.question import Question

PRICE = "price"
OF_DEALS = (
    "won", "lost", "closed", "open", "created", "deals", "win_rate", "loss_rate", "cycle",
    "velocity", "why", "forecast", "earns", "size", "below_list", "above_list", "at_list",
)  # fmt: skip
"""Words that speak of deals, not of records."""

DEAL_KINDS = frozenset({"owner", "manager", "office", "stage", "reason", "contact"})
"""What only deals are told apart by."""

_NEAR = 4  # tokens between a quantity and what bounds it
_HAS = {"has", "have", "with", "having"}
_OF = {"of", "for", "in"}


class Traits:
    """``bounds``: what quantities must be, by kind; ``asked``: the one that is asked for;
    ``stretches`` and ``limits``: times and numbers that bound no quantity."""

    def __init__(self, question: Question) -> None:
        self.question, self.cues = question, question.cues
        self.stretches = list(question.stretches)
        self.limits = limits(question.cues, question.timed)
        self.bounds: dict[str, Bound] = {}
        facets = sorted((*question.traits, *self._unnamed()), key=lambda facet: facet.i)
        for facet in facets:
            bound = self._in_years(facet) if self.is_year(facet.kind) else None
            if bound := bound or self._limited(facet, facets):
                self.bounds[facet.kind] = bound
        self.asked = next((facet for facet in facets if facet.kind not in self.bounds), None)

    def is_year(self, kind: str) -> bool:
        """Whether a quantity is the year in which a company was founded."""
        return "established" in words_for(self.question.quantities.get(kind, ""))

    def _unnamed(self) -> list[Facet]:
        """Quantities that are not called by their names: a company's own revenue, which "revenue"
        may mean or what is sold to it; its age; what a product costs."""
        told = {facet.kind for facet in self.question.traits}
        found = []
        for kind, name in self.question.quantities.items():
            if kind in told:
                continue
            if "revenue" in words_for(name):
                said = [p for p in self.cues.of("revenue") if self._is_of_companies(p.i, p.j)]
            else:
                said = [p for p in self.cues.of("oldest", "youngest") if self._is_aged(p.i, p.j)]
                said = said if self.is_year(kind) else []
            found += [Facet(phrase.i, phrase.j, kind) for phrase in said]
        priced = (
            ()
            if self.cues.has("below_list", "above_list", "at_list", "because")
            else (self.cues.of("price", "costly", "cheap"))
        )
        return [*found, *(Facet(phrase.i, phrase.j, PRICE) for phrase in priced)]

    def _is_of_companies(self, i: int, j: int) -> bool:
        """ "The account with the highest revenue", "revenue of accounts in retail"."""
        cues = self.cues
        of_deals = DEAL_KINDS | {"product", "category"}
        if cues.has(*OF_DEALS, "me", "us", "by") or not of_deals.isdisjoint(self.question.kinds):
            return False
        firms = [facet for facet in cues.facets if facet.kind == "company"]
        keys = [token.key for token in cues.sheet.tokens]
        return not self.stretches and any(
            not _HAS.isdisjoint(keys[firm.j : i]) if firm.j <= i
            else firm.i - j <= _NEAR and keys[j] in _OF
            for firm in firms
        )  # fmt: skip

    def _is_aged(self, i: int, j: int) -> bool:
        """ "Our oldest account", "the account that was founded first"."""
        firms = (facet for facet in self.cues.facets if facet.kind == "company")
        return any(0 <= firm.i - j <= 1 or 0 <= i - firm.j <= 2 for firm in firms)

    def _in_years(self, facet: Facet) -> Bound | None:
        """ "Founded before 1990": the years that stand nearest, which then say nothing else."""

        def apart(stretch: Stretch) -> int:
            return stretch.i - facet.j if stretch.i >= facet.j else facet.i - stretch.j + 1

        near = [stretch for stretch in self.stretches if apart(stretch) <= _NEAR]
        if not near:
            return None
        stretch = min(near, key=apart)
        self.stretches.remove(stretch)
        first, last = stretch.span.first, stretch.span.last
        return Bound(
            Decimal(first.year) if first else None,
            Decimal(last.year) if last else None,
            closed=True,
        )

    def _limited(self, facet: Facet, facets: list[Facet]) -> Bound | None:
        """ "More than 5000 employees", "employees above 5000"."""

        def apart(each: Facet, limit: Limit) -> int:
            return each.i - limit.at - 1 if each.i > limit.at else limit.start - each.j + 1

        for limit in self.limits:
            nearest = min(facets, key=lambda each: apart(each, limit))
            if nearest is facet and apart(facet, limit) <= _NEAR:
                self.limits.remove(limit)
                return limit.bound
        return None
