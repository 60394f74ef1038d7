"""Rates of exchange that the team entered, and amounts by them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Date, Index, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from rules.rates import Quote, Quotes, worth
from storage.base import Base, Recorded


class Rate(Recorded, Base):
    """From ``on_day`` on one ``currency`` is worth ``rate`` of ``base``, a plain exact decimal.

    It is kept as it was told; of two currencies there is one a day, in either direction.
    """

    __tablename__ = "rate"
    __table_args__ = (
        UniqueConstraint("workspace_id", "currency", "base", "on_day"),
        Index(None, "workspace_id", "base", "currency", "on_day"),
    )

    currency: Mapped[str] = mapped_column(String(3))
    base: Mapped[str] = mapped_column(String(3))
    on_day: Mapped[date] = mapped_column(Date)
    rate: Mapped[str] = mapped_column(String(40))

    @property
    def quote(self) -> Quote:
        return Quote(self.on_day, self.currency, self.base, Decimal(self.rate))


class Rates:
    """What amounts are worth in another currency, by the rates of a workspace.

    ``used``: the rates that it took; ``missing``: currencies without one, each with the last day
    that wanted it.
    """

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.used: dict[Quote, None] = {}
        self.missing: dict[str, date] = {}
        self._quotes: Quotes | None = None
        self._ways: dict[tuple[str, str, date], tuple[Quote, ...]] = {}

    @property
    def quotes(self) -> Quotes:
        """Read once, when the first amount in another currency comes."""
        if self._quotes is None:
            rows = select(Rate.on_day, Rate.currency, Rate.base, Rate.rate).where(
                Rate.workspace_id == self.workspace_id
            )
            self._quotes = Quotes(
                Quote(day, currency, base, Decimal(rate))
                for day, currency, base, rate in self.session.execute(rows)
            )
        return self._quotes

    def worth(self, minor: int, currency: str, to: str, day: date) -> Fraction | None:
        """An amount in minor units of ``to`` at the latest rate that is not after ``day``; not
        rounded. None where no rate is known."""
        if currency == to:
            return Fraction(minor)
        key = (currency, to, day)
        if key not in self._ways:
            self._ways[key] = self.quotes.way(currency, to, day)
        way = self._ways[key]
        if not way:
            self.missing[currency] = max(day, self.missing.get(currency, day))
            return None
        self.used.update(dict.fromkeys(way))
        return worth(minor, currency, to, way)


def rate_on(
    session: Session, workspace_id: int, currency: str, base: str, day: date
) -> Rate | None:
    """The rate of that very day between the two, whichever way it was told."""
    return session.scalars(
        select(Rate).where(
            Rate.workspace_id == workspace_id,
            or_(
                and_(Rate.currency == currency, Rate.base == base),
                and_(Rate.currency == base, Rate.base == currency),
            ),
            Rate.on_day == day,
        )
    ).first()


def put_rate(session: Session, workspace_id: int, quote: Quote) -> Quote | None:
    """Enter a rate, in place of the one that is there for these two on that day; which that was."""
    row = rate_on(session, workspace_id, quote.currency, quote.base, quote.day)
    before = row.quote if row else None
    if row is not None and row.currency != quote.currency:  # told the other way round
        session.delete(row)
        session.flush()
        row = None
    if row is None:
        row = Rate(
            workspace_id=workspace_id,
            currency=quote.currency,
            base=quote.base,
            on_day=quote.day,
        )
        session.add(row)
    row.rate = f"{quote.rate:f}"
    session.flush()
    return before
