"""Deals as facts to be counted: which of them, from when to when, under which names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, true
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.counting import MONTHS, Fact, Tally, Told
from storage.facets import SUMMED, Facets
from storage.models import Deal
from storage.rates import Rates
from storage.together import Asked, Months, Sums, Together
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

    def of(self, wanted: Wanted, by: str | None = None, *, foreign: bool = False) -> list[Fact]:
        """The deals that count, with their names by the facet ``by``; all, or ``foreign`` ones,
        whose amounts are in other currencies."""
        names = self.facets.namer(_apart(wanted, by))
        has = [self.facets.namer(kind) for kind in wanted.has]
        lacks = [self.facets.namer(kind) for kind in wanted.lacks]
        traits = [
            (self.facets.traits.of_companies(kind), holds) for kind, holds in wanted.traits.items()
        ]
        by_list = self.facets.traits.by_list(self.currency) if wanted.priced else {}
        found = []
        query = self._query(wanted)
        if foreign:
            query = query.where(Deal.currency != self.currency)
        for row in self.session.execute(query):
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

    def together(self, wanted: Wanted, by: str | None, *, worth: bool) -> list[Told] | None:
        """The same deals, many told as one by the database; where the ``worth`` of some is in
        other currencies, these singly, each at the rate of its day. None where it takes a look at
        every deal: for a facet that one has several values of, or what their company is like.
        """
        by = _apart(wanted, by)
        columns = self.facets.columns(by)
        if columns is None or wanted.has or wanted.lacks or wanted.traits or wanted.priced:
            return None
        found: list[Told] = []
        foreign = False
        names = self.facets.namer(by)
        for day, sums in self._sums(wanted, by, ("status", *columns)):
            for (status, *values, currency), (deals, priced, minor) in sums.items():
                if worth and priced and currency not in {"", self.currency}:
                    foreign = True
                    continue
                row = SimpleNamespace(status=status, **dict(zip(columns, values, strict=True)))
                theirs = (priced, minor) if currency == self.currency else (0, 0)
                found.append(Tally(names(row, day), status, deals, *theirs))
        return [*found, *self.of(wanted, by, foreign=True)] if foreign else found

    def _sums(
        self, wanted: Wanted, by: str | None, columns: Sequence[str]
    ) -> Iterator[tuple[date, Sums]]:
        """With a day of the time by which they are grouped."""
        together = Together(self.session, self.workspace_id)
        ended, is_past = wanted.which in ENDED, wanted.which == "open" and wanted.last is not None
        spanned = wanted.which != "open" and (wanted.first or wanted.last)
        kinds = {*wanted.only, *wanted.but} | ({by} if by and by not in MONTHS else set())
        asked = Asked(
            columns,
            lambda kind: [*self._in_state(wanted, kind), *self._that_fit(wanted, kind)],
            kept=kinds <= SUMMED
            and not is_past
            and (ended or not (spanned or by in MONTHS))
            and together.is_kept,
            moment=Deal.closed_at if ended else Deal.created_at,
        )
        if not (ended or spanned or by in MONTHS):
            yield date.min, together.whenever(asked)
            return
        bounds = self._bounds(wanted) if spanned else (None, None)
        months = together.months(asked, *bounds)
        if by not in MONTHS:
            yield date.min, months.of(*bounds)
            return
        for first, last in self._periods(by, months, wanted if spanned else None):
            yield first, months.of(*day_bounds(first, last, self.zone))

    def _periods(
        self, by: str, months: Months, wanted: Wanted | None
    ) -> Iterator[tuple[date, date]]:
        """Local months, quarters or years that there may be something in, as far as wanted."""
        near = {
            (day.year * 12 + day.month - 1 + beside) // MONTHS[by] * MONTHS[by]
            for day in months.days()
            for beside in (-1, 0, 1)
        }
        for month in sorted(near):
            first, after = (
                date(each // 12, each % 12 + 1, 1) for each in (month, month + MONTHS[by])
            )
            last = after - timedelta(days=1)
            if wanted:
                first = max(first, wanted.first or first)
                last = min(last, wanted.last or last)
            if first <= last:
                yield first, last

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
        return query.where(
            Deal.workspace_id == self.workspace_id,
            *self._in_state(wanted, Deal),
            *self._in_time(wanted),
            *self._that_fit(wanted, Deal),
        )

    def _that_fit(self, wanted: Wanted, kind: Any) -> Iterator[ColumnElement[bool]]:
        for facet, values in wanted.only.items():
            yield self.facets.fits(facet, values, kind)
        for facet, values in wanted.but.items():
            yield func.coalesce(not_(self.facets.fits(facet, values, kind)), true())

    def _in_state(self, wanted: Wanted, kind: Any) -> Iterator[ColumnElement[bool]]:
        """As they are; of open ones in the past, as they were then."""
        match wanted.which:
            case "open" if wanted.last is None:
                yield kind.status == "open"
            case "open":
                _, end = self._bounds(wanted)
                yield Deal.created_at < end
                yield or_(Deal.closed_at.is_(None), Deal.closed_at >= end)
            case "won" | "lost" as status:
                yield kind.status == status
            case "closed":
                yield kind.status.in_(("won", "lost"))

    def _in_time(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        if wanted.which == "open":
            return
        begin, end = self._bounds(wanted)
        moment = Deal.closed_at if wanted.which in ENDED else Deal.created_at
        if begin is not None:
            yield moment >= begin
        if end is not None:
            yield moment < end

    def _bounds(self, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
        first, last = wanted.first, wanted.last
        begin = day_bounds(first, first, self.zone)[0] if first else None
        return begin, day_bounds(last, last, self.zone)[1] if last else None


def _apart(wanted: Wanted, by: str | None) -> str | None:
    """By stage, those that ended go by how they did."""
    return "outcome" if by == "stage" and wanted.which in {"all", "created"} else by
