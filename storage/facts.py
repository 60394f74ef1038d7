"""Deals as facts to be counted: which of them, from when to when, under which names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, true
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.counting import Fact
from storage.facets import Facets
from storage.models import Deal
from storage.rates import Rates
from storage.traits import Holds

ENDED = frozenset({"won", "lost", "closed"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deals count: ``which`` is won, lost, closed (either), open, created or all; ``only``
    are the values that they must have, ``but`` those that they must not. Ended ones count by the
    day they ended, created ones by the day they began; open ones are those that were open on the
    ``last`` day. ``has`` and ``lacks``: what they have some value of, and none; ``traits``:
    quantities of their company; ``priced``: whether the price list is asked about."""

    which: str
    only: Mapping[str, Sequence[str]]
    but: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    traits: Mapping[str, Holds] = field(default_factory=dict)
    priced: bool = False

    def holds(self, day: date) -> bool:
        not_before = self.first is None or day >= self.first
        return not_before and (self.last is None or day <= self.last)


class Facts:
    """The deals of a workspace, counted in a zone and in one currency: an ended one at the rate of
    the day it ended, an open one at that of ``today``, or of the day on which it was open.

    ``left_out``: deals whose amounts could not be counted, by their currency.
    """

    def __init__(
        self, session: Session, workspace_id: int, zone: str, currency: str, today: date
    ) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.zone, self.currency, self.today = zone, currency, today
        self.facets = Facets(session, workspace_id)
        self.rates = Rates(session, workspace_id)
        self.left_out: dict[str, set[int]] = defaultdict(set)

    def of(self, wanted: Wanted, by: str | None = None) -> list[Fact]:
        """The deals that count, with their names by the facet ``by``."""
        ended_too = by == "stage" and wanted.which in {"all", "created"}
        names = self.facets.namer("outcome" if ended_too else by)
        has = [self.facets.namer(kind) for kind in wanted.has]
        lacks = [self.facets.namer(kind) for kind in wanted.lacks]
        traits = [
            (self.facets.traits.of_companies(kind), holds) for kind, holds in wanted.traits.items()
        ]
        by_list = self.facets.traits.by_list(self.currency) if wanted.priced else {}
        found = []
        for row in self.session.execute(self._query(wanted)):
            began, ended = self._day(row.created_at), self._day(row.closed_at)
            at = ended if wanted.which in ENDED else began
            if at is None or began is None or (wanted.which != "open" and not wanted.holds(at)):
                continue
            if any(namer(row, at) for namer in lacks) or not all(n(row, at) for n in has):
                continue
            if not all(holds(values.get(row.company_id)) for values, holds in traits):
                continue
            minor = self._worth(row, self._counts_on(wanted, ended))
            listed = by_list.get(row.id)
            called = names(row, at)
            fact = Fact(row.id, began, ended, row.status, minor, called, listed, due=row.close_day)
            found.append(fact)
        return found

    def _worth(self, row: Any, day: date) -> int | Fraction | None:
        """In minor units of the currency that is counted in."""
        if row.amount_minor is None or row.currency == self.currency:
            minor: int | None = row.amount_minor
            return minor
        worth = self.rates.worth(row.amount_minor, row.currency, self.currency, day)
        if worth is None:
            self.left_out[row.currency].add(row.id)
        return worth

    def _counts_on(self, wanted: Wanted, ended: date | None) -> date:
        """The day whose rate is right for a deal."""
        if wanted.which == "open":
            return min(wanted.last or self.today, self.today)
        return ended or self.today

    def _day(self, moment: Any) -> date | None:
        day: date | None = moment.astimezone(ZoneInfo(self.zone)).date() if moment else None
        return day

    def _query(self, wanted: Wanted) -> Select[*tuple[Any, ...]]:
        query: Select[*tuple[Any, ...]] = select(
            Deal.id, Deal.owner_id, Deal.company_id, Deal.contact_id, Deal.stage, Deal.status,
            Deal.reason, Deal.reason_id, Deal.source, Deal.source_id,
            Deal.amount_minor, Deal.currency, Deal.created_at, Deal.closed_at, Deal.close_day,
        )  # fmt: skip
        query = query.where(Deal.workspace_id == self.workspace_id, *self._in_time(wanted))
        for kind, values in wanted.only.items():
            query = query.where(self.facets.fits(kind, values))
        for kind, values in wanted.but.items():
            query = query.where(func.coalesce(not_(self.facets.fits(kind, values)), true()))
        return query

    def _in_time(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        first = day_bounds(wanted.first, wanted.first, self.zone)[0] if wanted.first else None
        end = day_bounds(wanted.last, wanted.last, self.zone)[1] if wanted.last else None
        match wanted.which:
            case "open" if end is None:
                yield Deal.status == "open"
                return
            case "open":
                yield Deal.created_at < end
                yield or_(Deal.closed_at.is_(None), Deal.closed_at >= end)
                return
            case "won" | "lost" as status:
                yield Deal.status == status
            case "closed":
                yield Deal.status.in_(("won", "lost"))
        moment = Deal.closed_at if wanted.which in ENDED else Deal.created_at
        if first is not None:
            yield moment >= first
        if end is not None:
            yield moment < end
