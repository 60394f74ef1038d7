"""What a figure counts, as facts: deals, or the records of companies and products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from handlers.turn import Turn
from language.figures import Figure, Span
from rules.counting import Fact, Told
from rules.money import digits
from storage.activity_facts import ActivityFacts, Done
from storage.facets import GOODS, TEAM
from storage.facts import Facts, Wanted
from storage.record_facts import RecordFacts, Records

LISTED: dict[str | None, Callable[[Fraction], bool]] = {
    "below": lambda more: more < 0, "above": lambda more: more > 0, "at": lambda more: more == 0,
}  # fmt: skip
"""How far above the price list a deal must be."""


class Gathering:
    """Facts of a workspace for figures."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.deals = Facts(
            turn.session, turn.workspace.id, turn.member.zone, turn.currency, turn.today
        )
        self.activities = ActivityFacts(self.deals.facets)
        self.records = RecordFacts(self.deals.facets, turn.currency)

    def of(self, figure: Figure, span: Span | None = None, which: str = "") -> list[Fact]:
        """What counts; of another time, or other deals, than the figure has."""
        days = span or figure.span or Span(None, None)
        if figure.of == "deal":
            return self._deals(figure, _wanted(figure, days, which))
        if figure.of == "activity":
            done = Done(figure.only, figure.but, figure.kinds, days.first, days.last)
            return self.activities.of(done, figure.by)
        wanted = Records(
            only=figure.only,
            but=figure.but,
            traits={kind: bound.holds for kind, bound in figure.traits.items()},
            has=figure.has,
            lacks=figure.lacks,
            field=figure.trait,
        )
        read = self.records.companies if figure.of == "company" else self.records.products
        return read(wanted, figure.by)

    def told(self, figure: Figure, span: Span | None = None, which: str = "") -> Sequence[Told]:
        """The same, many deals told as one where no single one of them matters."""
        if figure.of == "deal" and _is_of_many(figure):
            wanted = _wanted(figure, span or figure.span or Span(None, None), which)
            worth = figure.measure == "amount"
            together = self.deals.together(wanted, figure.by, worth=worth)
            if together is not None:
                return together
        return self.of(figure, span, which)

    def _deals(self, figure: Figure, wanted: Wanted) -> list[Fact]:
        found = self.deals.of(wanted, figure.by)
        if figure.began:
            began = Wanted("created", {}, first=figure.began.first, last=figure.began.last)
            found = [fact for fact in found if began.holds(fact.began)]
        if worth := figure.worth:
            size = 10 ** digits(self.turn.currency)
            found = [
                fact for fact in found
                if fact.minor is not None and worth.holds(Fraction(fact.minor, size))
            ]  # fmt: skip
        if days := figure.days:
            found = [fact for fact in found if days.holds(fact.days)]
        if stands := LISTED.get(figure.listed):
            found = [f for f in found if f.over_list is not None and stands(f.over_list)]
        return found

    def whole(self, figure: Figure) -> Sequence[Told]:
        """What a share is of: without what tells the part from the rest."""
        if figure.of_whole:
            rest = {kind: v for kind, v in figure.only.items() if kind != figure.of_whole}
            which = "all" if figure.of_whole == "stage" else ""
            return self.told(replace(figure, only=rest), which=which)
        if figure.of == "deal" and not (figure.listed or figure.lacks or figure.worth):
            ended = figure.which in {"won", "lost"} and figure.span is not None
            return self.told(figure, which="closed" if ended else "all")
        return self.told(
            replace(figure, traits={}, has=(), lacks=(), listed=None, worth=None, days=None)
        )

    def all_of(self, by: str, only: Mapping[str, tuple[str, ...]]) -> set[str]:
        """The names of a facet, with deals or without, of what goes with these values."""
        kin = {kind: names for kind, names in only.items() if self._are_kin(kind, by)}
        found = self.deals.facets.things(by, kin)
        return found if found is not None else self.with_deals(by, kin)

    def with_deals(self, by: str, only: Mapping[str, tuple[str, ...]]) -> set[str]:
        """The names of a facet that have ever had a deal, of what goes with these values."""
        kin = {kind: names for kind, names in only.items() if self._are_kin(kind, by)}
        return {name for fact in self.told(Figure(by=by, only=kin)) for name in fact.names}

    def _are_kin(self, kind: str, by: str) -> bool:
        """Whether one says which of the other there are: teams of sellers, sectors of companies."""
        for family in (TEAM, GOODS):
            if by in family:
                return kind in family
        return kind not in {*TEAM, *GOODS, "stage", "reason"}


def _wanted(figure: Figure, span: Span, which: str) -> Wanted:
    return Wanted(
        which or figure.which,
        figure.only,
        figure.but,
        first=span.first,
        last=span.last,
        has=figure.has,
        lacks=figure.lacks,
        traits={kind: bound.holds for kind, bound in figure.traits.items()},
        priced=figure.listed is not None or figure.measure in {"discount", "over_list"},
    )


def _is_of_many(figure: Figure) -> bool:
    """Whether no single deal matters."""
    singly = figure.began or figure.worth or figure.days or figure.listed or figure.distinct
    in_a_row = figure.wanted in {"streak", "rise", "running"}  # from the first of them on
    return not (singly or in_a_row) and (
        figure.measure in {"count", "win_rate", "loss_rate"}
        or (figure.measure == "amount" and figure.over in {"sum", "mean"})
    )
