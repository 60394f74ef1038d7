"""Money: exact, in the minor units of an ISO 4217 currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache

from babel.numbers import get_currency_precision


class CurrenciesDiffer(ValueError):
    """Two currencies cannot be added without a rate."""


_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)

# Babel follows CLDR, which rounds these to none in use; ISO 4217 keeps small coins, and so do we.
_TWO = (
    "AFN", "ALL", "INR", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "PKR", "RSD", "SLL", "SOS",
    "SYP", "YER",
)  # fmt: skip
_IN_ISO = {**dict.fromkeys(_TWO, 2), "IQD": 3}


@cache
def digits(currency: str) -> int:
    """Decimal places of a currency: 2 for PKR, 0 for JPY, 3 for KWD."""
    known = _IN_ISO.get(currency)
    return int(get_currency_precision(currency)) if known is None else known


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` is in the currency's smallest unit: Money(48000000, "PKR") is 480,000 rupees."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | float | str, currency: str) -> Money:
        """Rounded half up to the smallest unit. Raises ValueError for what is no finite number."""
        try:
            scaled = Decimal(str(amount)).scaleb(digits(currency), _EXACT)
        except InvalidOperation:
            raise ValueError(amount) from None
        if not scaled.is_finite():
            raise ValueError(amount)
        return cls(int(scaled.to_integral_value(context=_EXACT)), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def plain(self) -> str:
        """As machines read it: ``480000.00``."""
        return f"{self.amount:.{digits(self.currency)}f}"

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrenciesDiffer(self.currency, other.currency)
        return Money(self.minor + other.minor, self.currency)
