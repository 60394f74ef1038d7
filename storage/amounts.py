"""What an order or a deal is worth: as it was said, or as its lines come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.money import Money


class Amounted:
    """What has the columns of an amount. ``counted``: nobody said it; the lines come to it."""

    if TYPE_CHECKING:
        from sqlalchemy.orm import Mapped

        amount_minor: Mapped[int | None]
        currency: Mapped[str | None]
        counted: Mapped[bool]

    @property
    def amount(self) -> Money | None:
        if self.amount_minor is None or self.currency is None:
            return None
        return Money(self.amount_minor, self.currency)

    @amount.setter
    def amount(self, money: Money | None) -> None:
        """It was said what it is worth."""
        if money != self.amount:
            self.counted = False
        self.amount_minor = money.minor if money else None
        self.currency = money.currency if money else None

    def follow(self, total: Money | None) -> None:
        """Its lines come to this: so does it, unless its amount was said otherwise."""
        if self.amount is None or self.counted:
            self.amount, self.counted = total, total is not None
