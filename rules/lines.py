"""What the lines of a deal come to: quantity times price less a discount, exact to a coin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from rules.money import CurrenciesDiffer, Money

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)

LARGEST = 2**62
"""Minor units that a column holds."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A line: how many, at which price for one, less how many percent."""

    quantity: Decimal
    price: Money
    discount: Decimal = Decimal(0)

    @property
    def worth(self) -> Money:
        """Rounded half up to the smallest coin, line by line, as an invoice does."""
        whole = _EXACT.multiply(self.quantity, Decimal(self.price.minor))
        less = _EXACT.divide(_EXACT.subtract(_HUNDRED, self.discount), _HUNDRED)
        worth = _EXACT.multiply(whole, less)
        return Money(int(worth.to_integral_value(ROUND_HALF_UP, _EXACT)), self.price.currency)


def total(lines: Iterable[Sold | None]) -> Money | None:
    """What they come to; None where one of them has no price or count, or there are none, or they
    are more than can be kept. Raises CurrenciesDiffer."""
    worth = [line.worth if line else None for line in lines]
    known = [each for each in worth if each is not None]
    if not known or len(known) < len(worth):
        return None
    if len({each.currency for each in known}) > 1:
        raise CurrenciesDiffer(*sorted({each.currency for each in known}))
    minor = sum(each.minor for each in known)
    return Money(minor, known[0].currency) if abs(minor) < LARGEST else None


def number(said: str | None) -> Decimal | None:
    """A plain number as it is kept (``200``, ``2.5``); None for what is none."""
    try:
        found = Decimal((said or "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None


def kept(value: Decimal) -> str:
    """A number as it is kept: without an exponent and idle noughts."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
