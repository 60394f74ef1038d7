"""Goods in words: how much of what, at which price: ``200 m denim at 850 and 50 zippers``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from language.amounts import Amount, plain, read_sum
from language.folding import fold
from language.numbers import figure, read_number
from language.sheet import Sheet, lay_out
from language.tokens import tokenise
from language.wordfiles import listed, under

Place = tuple[int, int]

_LONGEST_NAME = 6  # tokens
_MOST_ITEMS = 12
_LONGEST_TEXT = 300
_LONG_UNIT = 2  # tokens: "sq ft"
_TIES = (
    "to", "from", "with", "for", "in", "at", "on", "by", "but", "ko", "ne", "se", "mein", "par",
    "liye", "wala", "question", "is", "deal", "deals", "them", "and", "when_q",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Price:
    """A price for one, and for one of what."""

    value: Decimal
    currency: str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """So much of a thing. `quantity` None: it was not said."""

    name: str
    quantity: Decimal | None = None
    unit: str = ""
    price: Price | None = None
    discount: Decimal | None = None


def goods_at(sheet: Sheet, at: int) -> dict[int, tuple[Good, ...]]:
    """Lists of goods that begin at a token, by the place after them; of those that end at the same
    place the first reading, which knows of the most units and prices."""
    found: dict[int, tuple[Good, ...]] = {}
    begins: list[tuple[int, tuple[Good, ...]]] = [(at, ())]
    for begin, before in begins:  # grows as it goes
        for j, good in _good(sheet, begin):
            if j in found:
                continue
            found[j] = (*before, good)
            after = j
            while _is_and(sheet, after):
                after += 1
            if after > j and len(found[j]) < _MOST_ITEMS:
                begins.append((after, found[j]))
    return found


def _is_and(sheet: Sheet, at: int) -> bool:
    return sheet.key(at) in phrase_words("goods_and") or sheet.key(at) in {",", ";", "+", "&"}


def _good(sheet: Sheet, at: int) -> Iterator[tuple[int, Good]]:
    """One thing, with its count before or behind: ``200 m denim``, ``denim 200 metre``."""
    for j, count, unit in counts_at(sheet, at):
        begin = j + 1 if sheet.key(j) in phrase_words("goods_of") else j
        for end in _names(sheet, begin):
            yield from _priced(sheet, end, Good(sheet.said(begin, end), count, unit))
    for end in _names(sheet, at):
        begin = end + 1 if sheet.key(end) in {":", "-"} else end
        for j, count, unit in counts_at(sheet, begin):
            yield from _priced(sheet, j, Good(sheet.said(at, end), count, unit))


def _priced(sheet: Sheet, at: int, good: Good) -> Iterator[tuple[int, Good]]:
    """The thing with a price and a discount behind it, or without."""
    for j, price in [*price_at(sheet, at, bare=False), (at, None)]:
        one = replace(good, price=price)
        less = percent_at(
            sheet, j + (sheet.key(j) in {",", "-"} or sheet.key(j) in phrase_words("less"))
        )
        if less:
            yield less[0], replace(one, discount=less[1])
        yield j, one


def counts_at(sheet: Sheet, at: int) -> Iterator[tuple[int, Decimal, str]]:
    """A count with its unit, or without, and the place after it."""
    times = 1 if sheet.key(at) in {"x", "*", "×"} else 0
    number = _count(sheet, at + times)
    if number is None:
        return
    j, value = number
    if sheet.key(j) in {"x", "*", "×"}:
        j += 1
    for size in range(_LONG_UNIT, 0, -1):
        if _is_unit(sheet, j, j + size):
            yield j + size, value, sheet.said(j, j + size)
    yield j, value, ""


def _count(sheet: Sheet, at: int) -> tuple[int, Decimal] | None:
    """A plain number; what has a currency is a sum."""
    if not 0 <= at < len(sheet.tokens) or sheet.has(at - 1, "currency"):
        return None
    bare = figure(sheet.key(at)) if sheet.tokens[at].kind == "number" else None
    if bare is not None and _is_unit(sheet, at + 1, at + 2):
        return (at + 1, bare) if bare > 0 else None
    number = read_number(sheet, at)
    if number is None or sheet.has(number.j, "currency") or sheet.value(number.j, "currency"):
        return None
    return (number.j, number.value) if number.value > 0 else None


def _is_unit(sheet: Sheet, i: int, j: int) -> bool:
    if j > len(sheet.tokens) or any(sheet.tokens[at].kind != "word" for at in range(i, j)):
        return False
    if tuple(sheet.key(at) for at in range(i, j)) in _phrases("units"):
        return True
    return sheet.has(i, "measure") and i in sheet.marks and i + sheet.size(i) == j


def _names(sheet: Sheet, at: int) -> Iterator[int]:
    """Ends of names of things that begin at a token, the longest first."""
    ends = []
    for j in range(at + 1, min(at + _LONGEST_NAME, len(sheet.tokens)) + 1):
        if not _in_name(sheet, j - 1, first=j - 1 == at):
            break
        ends.append(j)
    yield from reversed(ends)


def _in_name(sheet: Sheet, at: int, *, first: bool) -> bool:
    token = sheet.tokens[at]
    if token.kind == "number":
        return not first
    if token.key in phrase_words("price_lead") or token.key in phrase_words("goods_no_name"):
        return False
    if token.kind != "word":
        return not first and token.key in {"-", "/", "."} and sheet.glued(at)
    return not sheet.has(at, *_TIES) and token.key not in phrase_words("goods_and")


def price_at(sheet: Sheet, at: int, *, bare: bool = True) -> list[tuple[int, Price]]:
    """Prices that begin at a token, the fullest first. `bare`: a number alone is one."""
    led = at
    while led - at < 3 and sheet.key(led) in phrase_words("price_lead"):
        led += 1
    led += led > at and sheet.key(led) in {":", "="}
    found: list[tuple[int, Price]] = []
    each = led + 1 if sheet.key(led) in phrase_words("per") else led
    if each > led:  # "fi metre 850"
        for size in (1, 2):
            if _is_unit(sheet, each, each + size) and (money := _sum(sheet, each + size)):
                unit = sheet.said(each, each + size)
                found.append((money.j, Price(money.value, money.currency, unit)))
    money = _sum(sheet, led)
    if money is None:
        return found
    price = Price(money.value, money.currency)
    j = money.j
    per = j
    while per - j < 3 and (sheet.key(per) in phrase_words("per") or sheet.key(per) == "/"):
        per += 1
    if per > j:
        if per < len(sheet.tokens) and sheet.tokens[per].kind == "word":
            unit = sheet.said(per, per + 1)
            found += _closed(sheet, per + 1, Price(price.value, price.currency, unit))
        if sheet.key(j) in phrase_words("each"):
            found.append((j + 1, price))
    elif sheet.key(j) in phrase_words("each"):
        found.append((j + 1, price))
    closed = _closed(sheet, j, price)
    if bare or led > at or len(closed) > 1 or money.currency:
        found += closed
    return found


def _closed(sheet: Sheet, at: int, price: Price) -> list[tuple[int, Price]]:
    """The price also with what follows it: "ke hisab se", "wala"."""
    for phrase in _phrases("price_end"):
        j = at + len(phrase)
        if tuple(sheet.key(k) for k in range(at, j)) == phrase:
            return [(j, price), (at, price)]
    return [(at, price)]


def _sum(sheet: Sheet, at: int) -> Amount | None:
    """A sum of money. A bare figure is one too; with a percent sign it is none."""
    if not 0 <= at < len(sheet.tokens):
        return None
    found = read_sum(sheet, at)
    if found is None or percent_at(sheet, at):
        return None
    bare = figure(sheet.key(at)) if sheet.tokens[at].kind == "number" else None
    if bare is not None and not found.sure and found.j > at + 1:  # "850 m": not millions
        return Amount(bare, None, at, at + 1, False)
    return found


def percent_at(sheet: Sheet, at: int) -> tuple[int, Decimal] | None:
    """``10 %``, ``10 percent off``, ``دس فیصد``: the place after it, and how many percent."""
    number = read_number(sheet, at) if 0 <= at < len(sheet.tokens) else None
    if number is None or sheet.key(number.j) not in phrase_words("percent"):
        return None
    j = number.j + 1
    while j - number.j < 4 and sheet.key(j) in phrase_words("off"):
        j += 1
    return j, number.value


def same_unit(one: str | None, other: str | None) -> bool:
    """Whether two units are one, however they are written; what was not said is any."""
    if not one or not other:
        return True
    return _unit(one) == _unit(other)


def _unit(said: str) -> str:
    key = fold(said)
    return next((unit for unit, forms in _unit_forms().items() if key in forms), key)


@lru_cache(maxsize=1)
def _unit_forms() -> dict[str, frozenset[str]]:
    return {
        unit: frozenset(fold(each) for said in spoken.values() for each in listed(said))
        for unit, spoken in under("unit_forms").items()
    }


def read_goods(text: str) -> tuple[Good, ...]:
    """The goods that a text is a list of; none where it says anything else."""
    sheet = lay_out(text[:_LONGEST_TEXT])
    return goods_at(sheet, 0).get(len(sheet.tokens), ()) if sheet.tokens else ()


def told(good: Good) -> dict[str, Any]:
    """A thing as an action tells it."""
    said: dict[str, Any] = {"name": good.name}
    if good.quantity is not None:
        said["quantity"] = plain(good.quantity)
    if good.unit:
        said["unit"] = good.unit
    if good.price:
        said["price"] = plain(good.price.value)
        said |= {"currency": good.price.currency} if good.price.currency else {}
    if good.discount is not None:
        said["discount"] = plain(good.discount)
    return said


@lru_cache(maxsize=64)
def _phrases(macro: str) -> frozenset[tuple[str, ...]]:
    """The phrases of a macro of the words files, of every language."""
    return frozenset(
        tuple(token.key for token in tokenise(each))
        for said in under("macros")[macro].values()
        for each in listed(said)
    )


@lru_cache(maxsize=64)
def phrase_words(macro: str) -> frozenset[str]:
    """The single words among them."""
    return frozenset(phrase[0] for phrase in _phrases(macro) if len(phrase) == 1)


def ends_in(sheet: Sheet, i: int, j: int, macro: str) -> bool:
    """Whether words end in one of these phrases."""
    keys = tuple(sheet.key(at) for at in range(i, j))
    return any(keys[-len(phrase) :] == phrase for phrase in _phrases(macro))
