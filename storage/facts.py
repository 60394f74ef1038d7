"""Deals as facts to be counted: which of them, from when to when, under which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, true
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.counting import MONTHS, Fact, Tally
from storage.facets import SUMMED, Facets
from storage.models import Deal
from storage.together import Asked, Months, Sums, Together

ENDED = frozenset({"won", "lost", "closed"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deals count: ``which`` is won, lost, closed (either), open, created or all; ``only``
    are the values that they must have, ``but`` those that they must not. Ended ones count by the
    day they ended, created ones by the day they began; open ones are those that were open on the
    ``last`` day."""

    which: str
    only: Mapping[str, Sequence[str]]
    but: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        not_before = self.first is None or day >= self.first
        return not_before and (self.last is None or day <= self.last)


class Facts:
    """The deals of a workspace, counted in a zone and in one currency.

    ``left_out``: currencies whose amounts could not be counted.
    """

    def __init__(self, session: Session, workspace_id: int, zone: str, currency: str) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.zone, self.currency = zone, currency
        self.facets = Facets(session, workspace_id)
        self.left_out: set[str] = set()

    def of(self, wanted: Wanted, by: str | None = None) -> list[Fact]:
        """The deals that count, with their names by the facet ``by``."""
        names = self.facets.namer(by)
        found = []
        for row in self.session.execute(self._query(wanted)):
            began, ended = self._day(row.created_at), self._day(row.closed_at)
            at = ended if wanted.which in ENDED else began
            if at is None or began is None or (wanted.which != "open" and not wanted.holds(at)):
                continue
            minor = row.amount_minor
            if minor is not None and row.currency != self.currency:
                self.left_out.add(row.currency)
                minor = None
            found.append(Fact(row.id, began, ended, row.status, minor, names(row, at)))
        return found

    def together(self, wanted: Wanted, by: str | None, *, worth: bool) -> list[Tally] | None:
        """The same deals, many told as one by the database. None where they cannot be: for a
        facet that a deal has several values of, and where the ``worth`` of deals in other
        currencies matters, which only each of them can tell.
        """
        columns = self.facets.columns(by)
        if columns is None:
            return None
        found: list[Tally] = []
        names = self.facets.namer(by)
        for day, sums in self._sums(wanted, by, ("status", *columns)):
            for (status, *values, currency), (deals, priced, minor) in sums.items():
                theirs = (priced, minor) if currency == self.currency else (0, 0)
                if worth and priced != theirs[0]:
                    return None
                row = SimpleNamespace(**dict(zip(columns, values, strict=True)))
                found.append(Tally(names(row, day), status, deals, *theirs))
        return found

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

    def _day(self, moment: Any) -> date | None:
        day: date | None = moment.astimezone(ZoneInfo(self.zone)).date() if moment else None
        return day

    def _query(self, wanted: Wanted) -> Select[*tuple[Any, ...]]:
        query: Select[*tuple[Any, ...]] = select(
            Deal.id, Deal.owner_id, Deal.company_id, Deal.contact_id, Deal.stage, Deal.status,
            Deal.reason, Deal.amount_minor, Deal.currency, Deal.created_at, Deal.closed_at,
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
