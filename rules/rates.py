"""Rates of exchange: what one unit of a currency was worth on a day, exactly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from rules.money import digits

PLACES = 10
"""Decimals that a rate is kept to; more are said by nobody."""

LARGEST = Decimal(10**9)
_LEAP = 2
"""How many times its neighbour a rate may be; beyond that, likely a digit or the direction is off.
Currencies that fell by half in a day are a handful in history, slips of a digit are daily."""

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """From ``day`` on one unit of ``currency`` is worth ``rate`` of ``base``."""

    day: date
    currency: str
    base: str
    rate: Decimal

    def factor(self, currency: str) -> Fraction:
        """What one unit of ``currency``, one of the two, is worth in the other."""
        return Fraction(self.rate) if currency == self.currency else 1 / Fraction(self.rate)

    def other(self, currency: str) -> str:
        return self.base if currency == self.currency else self.currency


def rate_of(worth: Decimal, units: Decimal = Decimal(1)) -> Decimal | None:
    """The rate where ``units`` are worth so much ("100 JPY = 180 PKR"); None for what is none."""
    if not (worth.is_finite() and units.is_finite()) or worth <= 0 or units <= 0:
        return None
    exact = _EXACT.divide(worth, units).quantize(Decimal(1).scaleb(-PLACES), context=_EXACT)
    rate = exact.normalize(_EXACT)
    return rate if 0 < rate < LARGEST else None


def plain(rate: Decimal) -> str:
    """``278.50``: two decimals at least, and as many as it has."""
    shown = f"{rate.normalize(_EXACT):f}"
    whole, _, decimals = shown.partition(".")
    return f"{int(whole):,}.{decimals.ljust(2, '0')}"


class Quotes:
    """All that is known of some currencies, and what follows from it."""

    def __init__(self, known: Iterable[Quote]) -> None:
        self._of: dict[frozenset[str], list[Quote]] = defaultdict(list)
        for quote in sorted(known):
            self._of[frozenset((quote.currency, quote.base))].append(quote)
        self._beside: dict[str, set[str]] = defaultdict(set)
        for pair in self._of:
            for one in pair:
                self._beside[one] |= pair - {one}

    def pair(self, currency: str, other: str, day: date) -> Quote | None:
        """The latest between the two that is not after the day, whichever way it was told."""
        of_both = self._of.get(frozenset((currency, other)), [])
        place = bisect_right(of_both, day, key=lambda quote: quote.day)
        return of_both[place - 1] if place else None

    def way(self, currency: str, to: str, day: date) -> tuple[Quote, ...]:
        """The quotes that lead from one currency to another: one of both, else two over a third,
        of several the ways whose older quote is the latest. Empty where none leads there."""
        straight = self.pair(currency, to, day)
        if straight:
            return (straight,)
        ways = sorted(self._crossing(currency, to, day), key=lambda way: min(q.day for q in way))
        return ways[-1] if ways else ()

    def _crossing(self, currency: str, to: str, day: date) -> Iterator[tuple[Quote, ...]]:
        for third in sorted(self._beside[currency] & self._beside[to], reverse=True):
            first, second = self.pair(currency, third, day), self.pair(third, to, day)
            if first and second:
                yield first, second

    def add(self, quote: Quote) -> None:
        """One more, in place of that day's of the same two."""
        of_both = self._of[frozenset((quote.currency, quote.base))]
        place = bisect_left(of_both, quote.day, key=lambda each: each.day)
        there = place < len(of_both) and of_both[place].day == quote.day
        of_both[place : place + there] = [quote]

    def leaps(self, quote: Quote) -> Quote | None:
        """The quote that this one is too far from to be believed at once: the nearest before its
        day, or else after it; where there is no other, that of the day itself."""
        of_both = self._of.get(frozenset((quote.currency, quote.base)), [])
        place = bisect_left(of_both, quote.day, key=lambda each: each.day)
        others = [each for each in of_both[place : place + 2] if each.day != quote.day]
        if not of_both:
            return None
        near = of_both[place - 1] if place else (others or of_both)[0]
        times = quote.factor(quote.currency) / near.factor(quote.currency)
        return near if not Fraction(1, _LEAP) < times < _LEAP else None


def worth(minor: int, currency: str, to: str, way: Iterable[Quote]) -> Fraction:
    """An amount in minor units of ``to``, as the quotes of the way have it; not rounded."""
    value = Fraction(minor, 10 ** digits(currency))
    for quote in way:
        value *= quote.factor(currency)
        currency = quote.other(currency)
    return value * Fraction(10 ** digits(to))
