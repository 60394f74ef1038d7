"""Money: exact, in the minor units of an ISO 4217 currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision


class CurrenciesDiffer(ValueError):
    """Two currencies cannot be added without a rate."""


@cache
def digits(currency: str) -> int:
    """Decimal places of a currency: 2 for PKR, 0 for JPY, 3 for KWD."""
    # Babel follows CLDR, which rounds rupees to none in use; ISO 4217 has paisa, and we keep them.
    return 2 if currency in {"PKR", "INR", "AFN", "IRR"} else int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` is in the currency's smallest unit: Money(48000000, "PKR") is 480,000 rupees."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | float | str, currency: str) -> Money:
        scaled = Decimal(str(amount)).scaleb(digits(currency))
        return cls(int(scaled.quantize(Decimal(1), ROUND_HALF_UP)), currency)

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
