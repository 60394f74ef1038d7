"""What narrows the things that a segment counts: which orders, deals, activities and tickets."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from rules.segments import Ago, Around, Period, Sum, Test, Where
from storage.models import Activity, Deal, LineItem, Order, Product, Stage, Ticket
from storage.segment_events import Events, Such
from storage.segment_worth import Worth

OPS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


class Unknown(Exception):
    """The query names what is not known here: ``kind`` (owner, stage, field, country, rate) and
    what was said."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(kind, said)
        self.kind, self.said = kind, said


@dataclass(frozen=True)
class Which:
    """``today`` is the local day of ``now``."""

    session: Session
    space: int
    now: datetime
    today: date
    events: Events
    worth: Worth

    def such(self, test: Test) -> Such:
        """The events that a test counts."""
        first = last = None
        goods: list[ColumnElement[bool]] = []
        more: dict[Any, tuple[ColumnElement[bool], ...]] = {}
        for where in test.where:
            match where.key:
                case "period":
                    first, last = self.days(where)
                case "product":
                    goods.append(self._product(where))
                case "category":
                    goods.append(is_said(Product.category, where))
                case "amount":
                    for kind in (Order, Deal):
                        more[kind] = (*more.get(kind, ()), self._worth(kind, where))
                case _:
                    kind, condition = self._stands(test, where)
                    more[kind] = (*more.get(kind, ()), condition)
        return Such(first, last, tuple(goods), more)

    def _stands(self, test: Test, where: Where) -> tuple[Any, ColumnElement[bool]]:
        """Of what kind they are, and how they stand."""
        said = texts(where)
        match test.field, where.key:
            case "tickets", "status":
                return Ticket, or_(*map(self._ticket_stands, said))
            case _, "priority":
                return Ticket, Ticket.priority.in_(said)
            case _, "kind":
                return Activity, Activity.kind.in_(said)
            case _, "step":
                return Deal, or_(*map(self._step, said))
            case _, "stage":
                return Deal, Deal.stage.in_(self._stages(where))
            case _:
                return Deal, Deal.status.in_(said)

    def _ticket_stands(self, status: str) -> ColumnElement[bool]:
        """As ``Ticket.is_late`` tells it: whose clock stands still was late when it stopped."""
        is_open = Ticket.status != "resolved"
        if status == "late":
            moment = Ticket.due_at.type
            until = func.coalesce(Ticket.waiting_since, type_coerce(self.now, moment))
            return and_(is_open, type_coerce(until, moment) > Ticket.due_at)
        return ~is_open if status == "resolved" else is_open

    def _step(self, there: str) -> ColumnElement[bool]:
        has = self.events.has_step()
        return and_(Deal.status == "open", has if there == "some" else ~has)

    def _worth(self, kind: Any, where: Where) -> ColumnElement[bool]:
        if not isinstance(where.value, Sum):
            raise TypeError(where.value)
        op, wanted = OPS[where.op], self.minor(where.value)
        held: ColumnElement[bool] = op(self.worth.of(kind), wanted)
        return held

    def _product(self, where: Where) -> ColumnElement[bool]:
        keys = [" ".join(each.casefold().split()) for each in texts(where)]
        return or_(
            Product.name_key.in_(keys),
            Product.name.in_(texts(where)),
            func.lower(Product.code).in_(keys),
            and_(LineItem.product_id.is_(None), func.lower(LineItem.name).in_(keys)),
        )

    def _stages(self, where: Where) -> list[str]:
        stages = self.session.scalars(select(Stage).where(Stage.workspace_id == self.space)).all()
        found: list[str] = []
        for said in texts(where):
            key = said.casefold()
            some = [
                each.key for each in stages
                if key in {each.key.casefold(), (each.name or each.usual or "").casefold()}
            ]  # fmt: skip
            if not some:
                raise Unknown("stage", said)
            found += some
        return found

    # --- sums and days ----------------------------------------------------------------------------

    def minor(self, value: Any) -> int | float:
        """A sum in minor units of the workspace's currency. Raises Unknown."""
        try:
            return self.worth.minor(value)
        except LookupError as problem:
            raise Unknown("rate", str(problem.args[0])) from None
        except ValueError:
            raise Unknown("currency", str(value.currency)) from None

    def days(self, said: Test | Where) -> tuple[date | None, date | None]:
        """The first and last day of a period. Raises Unknown."""
        if not isinstance(said.value, Period | Around):
            raise TypeError(said.value)
        try:
            return said.value.days(self.today)
        except OverflowError:
            raise Unknown("period", str(said.value)) from None

    def day(self, length: Ago) -> date:
        try:
            return length.day(self.today)
        except OverflowError:
            raise Unknown("period", f"{length.count}{length.unit}") from None


def texts(said: Test | Where) -> tuple[str, ...]:
    return said.value if isinstance(said.value, tuple) else ()


def is_said(column: Any, said: Test | Where) -> ColumnElement[bool]:
    """Whether a text is one of these, or has one of them in it; capitals do not matter."""
    if said.op == "has":
        found: ColumnElement[bool] = and_(column.is_not(None), column != "")
        return found
    wanted = [each.strip().lower() for each in texts(said)]
    if said.op == "~":
        return or_(*(func.lower(column).contains(each, autoescape=True) for each in wanted))
    same: ColumnElement[bool] = func.lower(column).in_(wanted)
    return same
