"""What amounts are worth in the workspace's currency, as SQL, by the latest rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, or_, select
from sqlalchemy.orm import Session

from rules.money import Money
from rules.segments import Sum
from storage import queries
from storage.models import Workspace
from storage.rates import Rate, Rates

_SCALE = 10**9


class Worth:
    """Rates are those of ``today``: a segment asks what somebody is worth now."""

    def __init__(self, session: Session, space: int, today: date) -> None:
        chosen = queries.setting(session, space, "currency")
        workspace = session.get_one(Workspace, space)
        self.currency = chosen.value if chosen else workspace.currency
        self.session, self.space, self.today = session, space, today
        self.rates = Rates(session, space)

    def of(self, kind: Any) -> ColumnElement[Any]:
        """The worth of an order or deal in minor units; null where no rate is known."""
        home = or_(kind.currency.is_(None), kind.currency == self.currency)
        others = [
            (kind.currency == each, cast(kind.amount_minor, Float) * factor)
            for each in self._others()
            if (factor := self._factor(each)) is not None
        ]
        return case((home, kind.amount_minor), *others)

    def holds(self, kind: Any, op: Any, wanted: Sum) -> ColumnElement[bool]:
        """Whether an order or deal is worth so much."""
        return and_(kind.amount_minor.is_not(None), op(self.of(kind), self.minor(wanted)))

    def minor(self, wanted: Sum) -> int | float:
        """A sum in minor units of the workspace's currency. Raises LookupError without a rate."""
        currency = wanted.currency or self.currency
        minor = Money.of(Decimal(wanted.amount), currency).minor
        if currency == self.currency:
            return minor
        factor = self._factor(currency)
        if factor is None:
            raise LookupError(currency)
        return minor * factor

    def _others(self) -> list[str]:
        pairs = select(Rate.currency, Rate.base).where(Rate.workspace_id == self.space).distinct()
        known = {code for pair in self.session.execute(pairs) for code in pair}
        return sorted(known - {self.currency})

    def _factor(self, currency: str) -> float | None:
        worth = self.rates.worth(_SCALE, currency, self.currency, self.today)
        return None if worth is None else float(worth / _SCALE)
