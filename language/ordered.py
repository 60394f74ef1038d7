"""What an order in words is of: goods with counts, and whether a sum is for one or for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from language.amounts import plain
from language.goods import Good, Price, counts_at, goods_at, phrase_words, price_at, told
from language.sheet import Sheet, lay_out

LONGEST = 60
"""Tokens of a message that is looked through."""

_NO_NAME = ("ordered", "order", "ne", "took", "add", "past")


def order_slots(text: str, slots: dict[str, Any]) -> dict[str, Any]:
    """The slots of an ``order.add`` that was read in a text, with its goods as ``items`` where more
    is told of them than a count: several of them, units, a price for one."""
    sheet = lay_out(text)
    if len(sheet.tokens) > LONGEST:
        return slots
    several = _several(sheet)
    if several:
        return _of_several(sheet, several, slots)
    quantity = slots.get("quantity")
    if quantity is None:
        return slots
    good = _single(sheet, quantity, slots)
    each = _each_price(sheet)
    rest = {key: value for key, value in slots.items() if key not in ("product", "quantity")}
    if each is not None:
        rest.pop("amount", None)
        rest.pop("currency", None)
        good = replace(good, price=each)
    return {**rest, "items": [told(good)]}


def _of_several(sheet: Sheet, goods: list[Good], slots: dict[str, Any]) -> dict[str, Any]:
    """A sum beside one of them is for one piece where it says so; else for all pieces of it where
    each has its own, and for the whole order where it is the only one."""
    each = [good.price is not None and _is_each(sheet, good.price) for good in goods]
    priced = [good for good in goods if good.price]
    rest = {key: value for key, value in slots.items() if key not in ("product", "quantity")}
    if len(priced) == 1 and not any(each):
        goods = [replace(good, price=None) for good in goods]
    elif priced:
        if rest.get("amount") in [plain(good.price.value) for good in priced if good.price]:
            rest.pop("amount")
            rest.pop("currency", None)
        goods = [
            good if is_each else _shared(good) for good, is_each in zip(goods, each, strict=True)
        ]
    return {**rest, "items": [told(good) for good in goods]}


def _shared(good: Good) -> Good:
    """What one costs of things whose price for all was said."""
    if good.price is None or not good.quantity:
        return good
    return replace(good, price=Price(good.price.value / good.quantity, good.price.currency))


def _single(sheet: Sheet, quantity: Any, slots: dict[str, Any]) -> Good:
    """The one thing that was ordered, with its unit; what is only counted goes by its unit."""
    unit = ""
    for at in range(len(sheet.tokens)):
        found = [(j, said) for j, count, said in counts_at(sheet, at) if plain(count) == quantity]
        if found:
            unit = found[0][1]
            break
    name = str(slots.get("product") or unit).strip()
    unit = "" if name == unit else unit
    if unit and name.startswith(f"{unit} "):
        name = name[len(unit) + 1 :]
    return Good(name, Decimal(str(quantity)), unit)


def _several(sheet: Sheet) -> list[Good]:
    """Two or more goods that are listed; none where there is but one."""
    best: list[Good] = []
    for at in range(len(sheet.tokens)):
        if not _begins(sheet, at):
            continue
        for goods in goods_at(sheet, at).values():
            clear = len(goods) > 1 and all(_is_clear(good) for good in goods)
            if clear and (len(goods), _known(goods)) > (len(best), _known(best)):
                best = list(goods)
    return best


def _known(goods: Any) -> int:
    return sum(bool(good.unit) + bool(good.price) for good in goods)


def _begins(sheet: Sheet, at: int) -> bool:
    """Whether a list may begin here: at a count, or after a sign or a word that leads to one."""
    if sheet.tokens[at].kind == "number" or next(counts_at(sheet, at), None):
        return True
    return at > 0 and (sheet.key(at - 1) == ":" or sheet.has(at - 1, "ne", "ordered", "order"))


def _is_clear(good: Good) -> bool:
    named = lay_out(good.name)
    return good.quantity is not None and not any(
        named.has(at, *_NO_NAME) or named.value(at, "currency") for at in range(len(named.tokens))
    )


def _prices(sheet: Sheet) -> Iterator[tuple[bool, Price]]:
    """The sums of a message, each once and whole, with whether it is said to be for one piece."""
    at = 0
    while at < len(sheet.tokens):
        found = price_at(sheet, at)
        for j, price in found:
            if _says_each(sheet, at, j):
                yield True, price
                break
        else:
            if found:
                yield False, found[0][1]
        at = max([at + 1, *(j for j, _ in found)])


def _is_each(sheet: Sheet, price: Price) -> bool:
    return any(each and one.value == price.value for each, one in _prices(sheet))


def _each_price(sheet: Sheet) -> Price | None:
    """What one piece costs, where a message tells of one piece and of no more than one price."""
    found = {price.value: price for each, price in _prices(sheet) if each}
    return next(iter(found.values())) if len(found) == 1 else None


def _says_each(sheet: Sheet, i: int, j: int) -> bool:
    """Whether it is said, in a price or behind it, that it is for one."""
    each, behind = phrase_words("order_each"), phrase_words("order_each_behind")
    return sheet.key(j) in behind or any(sheet.key(at) in each for at in range(i, j))
