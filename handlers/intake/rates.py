"""Rates of exchange as they come in. The same day's rate of the same two is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.core import get_global
from sqlalchemy import select

from handlers.intake.report import Report
from rules.rates import Quote, Quotes, rate_of
from storage.bulk import Bulk
from storage.models import Rate
from storage.rates import put_rate

Record = Mapping[str, Any]


class RatesIn:
    """Takes in rates, told in ``currency`` where they name no other. ``may``: whether who brings
    them may tell rates, as in chat managers and owners.

    One that leaps away from the rate before it is left out, to be looked at: a digit slipped in,
    or the two currencies stand the wrong way round.
    """

    def __init__(
        self, bulk: Bulk, report: Report, currency: str, today: date, *, may: bool
    ) -> None:
        self.bulk, self.report, self.currency = bulk, report, currency
        self.today, self.may = today, may

    def take_in(self, records: Sequence[Record]) -> None:
        there = self._known()
        known = {self._key(quote): quote for quote in there}
        quotes, new = Quotes(there), dict[Any, Quote]()
        for record in sorted(records, key=lambda each: str(each.get("day") or "9999")):
            quote = self._quote(record)
            why = self._unfit(record, quote, quotes)
            if quote is None or why:
                self.report.refuse(record, why)
                continue
            before = known.get(self._key(quote))
            if before == quote:
                self.report.counts["rate", "same"] += 1
                continue
            if before and self._key(quote) not in new:
                put_rate(self.bulk.session, self.bulk.workspace_id, quote)
                self.report.counts["rate", "updated"] += 1
            else:
                self.report.counts["rate", "merged" if before else "new"] += 1
                new[self._key(quote)] = quote
            known[self._key(quote)] = quote
            quotes.add(quote)
        self.bulk.write(Rate, [_row(quote) for quote in new.values()])

    def _known(self) -> list[Quote]:
        rows = select(Rate).where(Rate.workspace_id == self.bulk.workspace_id)
        return [row.quote for row in self.bulk.session.scalars(rows)]

    @staticmethod
    def _key(quote: Quote) -> tuple[date, frozenset[str]]:
        return quote.day, frozenset((quote.currency, quote.base))

    def _unfit(self, record: Record, quote: Quote | None, quotes: Quotes) -> str:
        if not self.may:
            return "not_yours"
        if quote is None or record.get("problems"):
            return "rate"
        return "rate_leaps" if quotes.leaps(quote) else ""

    def _quote(self, record: Record) -> Quote | None:
        """The rate that a record tells; None where it tells none."""
        codes = get_global("all_currencies")
        currency = str(record.get("currency") or "").upper()
        base = str(record.get("base") or self.currency).upper()
        try:
            day = date.fromisoformat(record["day"]) if record.get("day") else self.today
            units = Decimal(str(record.get("units") or 1))
            rate = rate_of(Decimal(str(record.get("rate"))), units)
        except (ValueError, TypeError, InvalidOperation):
            return None
        known = currency in codes and base in codes and currency != base
        whole = known and rate is not None and 1900 <= day.year < 2200
        return Quote(day, currency, base, rate) if whole and rate else None


def _row(quote: Quote) -> dict[str, Any]:
    return {
        "currency": quote.currency, "base": quote.base, "on_day": quote.day,
        "rate": f"{quote.rate:f}",
    }  # fmt: skip
