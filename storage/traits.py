"""What companies and products have in numbers: employees, the year of founding, the list price.

A quantity has a kind: ``price`` for the list price of products, ``field:7`` for a custom field of
companies that holds nothing but numbers, whatever kind it was made as.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import CustomField, CustomValue, LineItem, Product

PRICE = "price"
FIELD = "field:"
"""What the kind of a custom field begins with, before its id."""

MOST = 300
"""Values of a field that are looked at to see whether they are numbers."""

Holds = Callable[[Fraction | None], bool]
"""Whether a quantity, or that there is none, is what is asked for."""


def number(text: str) -> Fraction | None:
    """What is written as a number; a code with a leading nought is none."""
    plain = text.strip().replace(",", "")
    if not plain or (plain[0] == "0" and plain[1:2].isdecimal()):
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return Fraction(found) if found.is_finite() else None


class Traits:
    """The quantities of a workspace's companies and products, and what deals are worth by the
    price list, in one currency."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id

    def is_quantity(self, field: CustomField) -> bool:
        """Whether all that stands in a field are numbers."""
        if field.kind == "number":
            return True
        if field.kind != "text":
            return False
        query = select(CustomValue.value).where(
            CustomValue.workspace_id == self.workspace_id, CustomValue.field_id == field.id
        )
        held = self.session.scalars(query.distinct().limit(MOST)).all()
        return bool(held) and all(number(value) is not None for value in held)

    def of_companies(self, kind: str) -> dict[int, Fraction]:
        """A quantity by company; those that have none of it are left out."""
        query = select(CustomValue.company_id, CustomValue.value).where(
            CustomValue.workspace_id == self.workspace_id,
            CustomValue.field_id == int(kind.removeprefix(FIELD)),
            CustomValue.company_id.is_not(None),
        )
        return {
            company: value
            for company, said in self.session.execute(query)
            if company is not None and (value := number(said)) is not None
        }

    def by_list(self, currency: str) -> dict[int, Fraction]:
        """What the lines of each deal cost by the list, in minor units; without deals that hold
        something without a price in this currency."""
        query = (
            select(LineItem.deal_id, LineItem.quantity, Product.price_minor, Product.currency)
            .outerjoin(
                Product,
                (Product.workspace_id == self.workspace_id) & (Product.id == LineItem.product_id),
            )
            .where(LineItem.workspace_id == self.workspace_id, LineItem.deal_id.is_not(None))
        )
        found: dict[int, Fraction] = {}
        unknown = set()
        for deal, quantity, price, priced_in in self.session.execute(query):
            if deal is None:
                continue
            many = number(quantity) if quantity else Fraction(1)
            if many is None or price is None or priced_in != currency:
                unknown.add(deal)
            else:
                found[deal] = found.get(deal, Fraction(0)) + many * price
        return {deal: worth for deal, worth in found.items() if deal not in unknown}
