"""How deals moved, as paths to be counted; and what they were worth on a day that is past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from rules.calendar import day_bounds
from rules.standing import Path, Step, whole_path
from storage.facets import Facets
from storage.facts import Wanted
from storage.models import Change, Deal, DealMove, Turn

Worth = tuple[int | None, str | None]
"""Minor units and currency."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A deal with its path. ``customer`` tells buyers apart: a company, else a person, else the
    deal itself."""

    id: int
    customer: str
    stage: str
    status: str
    worth: Worth
    path: Path


class Moves:
    """The deals of a workspace as far as they fulfil ``wanted`` (their dates do not matter), seen
    in a zone."""

    def __init__(self, session: Session, workspace_id: int, zone: str, wanted: Wanted) -> None:
        self.session, self.workspace_id, self.zone = session, workspace_id, zone
        self._facets = Facets(session, workspace_id)
        self._conditions = [self._facets.fits(kind, some) for kind, some in wanted.only.items()]
        self._conditions += [
            func.coalesce(not_(self._facets.fits(kind, some)), true())
            for kind, some in wanted.but.items()
        ]

    def all(self) -> list[Moved]:
        """All of them."""
        return self._found()

    def open_now(self) -> list[Moved]:
        return self._found(Deal.status == "open")

    def there_on(self, day: date) -> list[Moved]:
        """Those that may have been open at the end of a day, worth what they were worth then."""
        end = day_bounds(day, day, self.zone)[1]
        found = self._found(
            Deal.created_at < end,
            or_(Deal.status == "open", Deal.closed_at.is_(None), Deal.closed_at >= end),
        )
        then = self._worth_before(end)
        return [
            Moved(d.id, d.customer, d.stage, d.status, then.get(d.id, d.worth), d.path)
            for d in found
        ]

    def end_of(self, day: date) -> datetime:
        """The last moment of a day."""
        return day_bounds(day, day, self.zone)[1] - timedelta(microseconds=1)

    def _found(self, *conditions: ColumnElement[bool]) -> list[Moved]:
        here = and_(Deal.workspace_id == self.workspace_id, *self._conditions, *conditions)
        steps = self._steps(here)
        return [self._moved(row, steps.get(row.id, ())) for row in self._rows(here)]

    def _rows(self, here: ColumnElement[bool]) -> Sequence[Any]:
        query: Select[*tuple[Any, ...]] = select(
            Deal.id, Deal.contact_id, Deal.company_id, Deal.stage, Deal.status, Deal.created_at,
            Deal.closed_at, Deal.amount_minor, Deal.currency,
        )  # fmt: skip
        return self.session.execute(query.where(here)).all()

    def _steps(self, here: ColumnElement[bool]) -> dict[int, list[Step]]:
        """By deal, in the order of time; of one moment, in that in which they were written."""
        query = (
            select(DealMove.deal_id, DealMove.at, DealMove.stage, DealMove.status, DealMove.assumed)
            .join(
                Deal,
                and_(Deal.workspace_id == DealMove.workspace_id, Deal.id == DealMove.deal_id),
            )
            .where(DealMove.workspace_id == self.workspace_id, here)
            .order_by(DealMove.at, DealMove.id)
        )
        steps: dict[int, list[Step]] = defaultdict(list)
        for deal, at, stage, status, assumed in self.session.execute(query):
            steps[deal].append(Step(self._day(at), stage, status, assumed))
        return steps

    def _moved(self, row: Any, steps: Sequence[Step]) -> Moved:
        if row.company_id:
            customer = f"company {row.company_id}"
        else:
            customer = f"contact {row.contact_id}" if row.contact_id else f"deal {row.id}"
        closed = row.status != "open" and row.closed_at
        ended = (self._day(row.closed_at), row.status) if closed else None
        path = whole_path(steps, self._day(row.created_at), row.stage, ended)
        worth = (row.amount_minor, row.currency)
        return Moved(row.id, customer, row.stage, row.status, worth, path)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def _worth_before(self, moment: datetime) -> dict[int, Worth]:
        """What deals were worth then, as far as they have been changed since: each change keeps
        what stood before it."""
        query = (
            select(Change.row_id, Change.before)
            .join(Turn, and_(Turn.workspace_id == Change.workspace_id, Turn.id == Change.turn_id))
            .where(
                Change.workspace_id == self.workspace_id,
                Change.table_name == Deal.__tablename__,
                Change.before.is_not(None),
                Turn.at >= moment,
            )
            .order_by(Change.id)
        )
        found: dict[int, Worth] = {}
        for number, before in self.session.execute(query):
            if before and number not in found:
                found[number] = before.get("amount_minor"), before.get("currency")
        return found
