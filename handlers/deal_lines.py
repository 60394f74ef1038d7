"""Lines of a deal or order as they are written: found on the price list, in one currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.finding import LARGEST, sum_said
from handlers.price_list import product_known
from handlers.turn import Sorry, Turn
from language.folding import fold, letters
from language.goods import same_unit
from language.voice import one_line
from rules import lines as sums
from rules.money import Money
from storage.goods import lines_of
from storage.models import Deal, LineItem, Order

Good = Mapping[str, Any]
"""A thing as it was said: name, and maybe quantity, unit, price, currency, discount."""


def put_goods(
    turn: Turn,
    deal: Deal | Order,
    there: Sequence[LineItem],
    items: Sequence[Good],
    *,
    sure: bool = True,
) -> list[LineItem]:
    """Lines for these goods. What has a line already gets so many more, unless it is priced anew.

    ``sure`` False: only what is on the price list, for it may have been no goods at all.
    """
    lines = list(there)
    made = []
    for good in items:
        name = one_line(str(good.get("name") or ""), 300)
        product = product_known(turn, name) if letters(name) else None
        if not letters(name) or (product is None and not sure):
            continue
        known = [
            line for line in lines
            if (product and line.product_id == product.id) or fold(line.name or "") == fold(name)
        ]  # fmt: skip
        if len(known) == 1 and _goes_on(turn, known[0], good):
            _count_up(known[0], good)
            continue
        line = LineItem(
            workspace_id=turn.workspace.id,
            deal_id=deal.id if isinstance(deal, Deal) else None,
            order_id=deal.id if isinstance(deal, Order) else None,
            product_id=product.id if product else None,
            position=max((each.position for each in lines), default=-1) + 1,
            name=product.name if product else name,
            unit=product.unit if product else None,
        )
        if product and good.get("price") is None and same_unit(product.unit, good.get("unit")):
            if not sure and _is_foreign(deal, lines, product.price):
                continue
            _one_currency(deal, lines, product.price, product.name)
            line.price = product.price
        fill_line(turn, deal, line, good, beside=lines)
        turn.session.add(line)
        lines.append(line)
        made.append(line)
    turn.session.flush()
    return made


def _goes_on(turn: Turn, line: LineItem, good: Good) -> bool:
    """Whether goods are so many more of a line: in the same unit, at the same price."""
    if good.get("discount") is not None or not same_unit(line.unit, good.get("unit")):
        return False
    if good.get("price") is None:
        return True
    currency = good.get("currency") or line.currency or turn.currency
    return line.price == sum_said(good["price"], str(currency))


def _count_up(line: LineItem, good: Good) -> None:
    before, more = sums.number(line.quantity), _quantity(good.get("quantity", 1))
    line.quantity = sums.kept((before or Decimal(1)) + more)


def fill_line(
    turn: Turn, deal: Deal | Order, line: LineItem, good: Good, beside: Sequence[LineItem] = ()
) -> None:
    """Put what was said of it; the rest stays."""
    if good.get("quantity") is not None:
        line.quantity = sums.kept(_quantity(good["quantity"]))
    if good.get("unit"):
        line.unit = one_line(str(good["unit"]), 40)
    if good.get("price") is not None:
        currency = good.get("currency") or line.currency or _currency(deal, beside)
        price = sum_said(good["price"], str(currency or turn.currency))
        others = [each for each in beside or lines_of(turn.session, deal) if each is not line]
        _one_currency(deal, others, price, line.name or "")
        line.price = price
    if good.get("discount") is not None:
        line.discount = sums.kept(_percent(good["discount"])) if good["discount"] else None


def _currency(deal: Deal | Order, lines: Sequence[LineItem]) -> str | None:
    """The one currency of a deal: of its amount, else of its goods."""
    return deal.currency or next((line.currency for line in lines if line.currency), None)


def _one_currency(
    deal: Deal | Order, lines: Sequence[LineItem], price: Money | None, name: str
) -> None:
    """Sorry for a price in another currency than the deal's: no rate is guessed."""
    if _is_foreign(deal, lines, price):
        key = "other_currency" if isinstance(deal, Deal) else "order_other_currency"
        raise Sorry(key, name=name, price=price, currency=_of(deal, lines))


def _is_foreign(deal: Deal | Order, lines: Sequence[LineItem], price: Money | None) -> bool:
    currency = _of(deal, lines)
    return price is not None and currency is not None and price.currency != currency


def _of(deal: Deal | Order, lines: Sequence[LineItem]) -> str | None:
    """The currency that binds a further line; an amount that only follows the goods binds none."""
    said = deal.currency if not deal.counted else None
    return said or next((line.currency for line in lines if line.currency), None)


def _quantity(said: Any) -> Decimal:
    count = _number(said)
    if not 0 < count < LARGEST:
        raise Sorry("bad_quantity", value=str(said)[:40])
    return count


def _percent(said: Any) -> Decimal:
    percent = _number(said)
    if not 0 <= percent <= 100:
        raise Sorry("bad_discount", value=str(said)[:40])
    return percent


def _number(said: Any) -> Decimal:
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Sorry("bad_quantity", value=str(said)[:40])
    return round(found, 6)
