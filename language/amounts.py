"""Sums of money: what was said to be paid, and in which currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from language.numbers import NUMBERS, Number, read_number
from language.sheet import Sheet, once


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in tokens `i` up to `j`. `sure` where a currency or a big unit was said."""

    value: Decimal
    currency: str | None
    i: int
    j: int
    sure: bool
    cents: bool = False  # only cents were said; `value` is in the whole currency all the same


_CENTS = 100
_TWO = 10  # "20 dollar 43" at the end of a text: two figures are cents


def plain(value: Decimal) -> int | float:
    """A number as JSON likes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _currency(sheet: Sheet, at: int) -> tuple[str, int] | None:
    """A currency that begins at this token, and the place after it."""
    code = sheet.value(at, "currency")
    if code is None or at not in sheet.marks:
        return None
    after = at + sheet.size(at)
    if sheet.key(after) in {".", "/"} and sheet.tokens[after - 1].key in {"rs", "re"}:
        after += 1
    return code, after


def _tail(sheet: Sheet, number: Number) -> tuple[str | None, Decimal, int]:
    """A currency after a number, cents after that, and "/-"."""
    found = _currency(sheet, number.j)
    if found is None:
        cents = sheet.has(number.j, "cents")
        return None, number.value / 100 if cents else number.value, number.j + cents
    code, j = found
    value, small = number.value, None
    skip = 1 if sheet.has(j, "and") else 0
    if sheet.value(j, "times"):
        value, j = value * Decimal(sheet.value(j, "times") or 1), j + 1
    else:
        small = read_number(sheet, j + skip)
    if small and small.value < _CENTS and small.unit == 1 and number.unit == 1:
        if sheet.has(small.j, "cents"):
            return code, value + small.value / _CENTS, small.j + 1
        ends = small.j == len(sheet.tokens) or sheet.tokens[small.j].kind == "mark"
        if (
            ends
            and not skip
            and sheet.tokens[j].kind == "number"
            and small.value == int(small.value) >= _TWO
        ):
            return code, value + small.value / _CENTS, small.j
    return code, value, j


# What a sum begins with: a figure, its currency, or "a".
_BEGINNINGS = NUMBERS | {"currency", "one"}


@once
def read_sum(sheet: Sheet, at: int) -> Amount | None:
    """The sum that begins at this token, with its currency before or after."""
    if _BEGINNINGS.isdisjoint(sheet.kinds(at)):
        return None
    before = _currency(sheet, at)
    number = read_number(sheet, before[1] if before else at) or _single(sheet, at)
    if number is None:
        return None
    coin = sheet.value(number.j, "coin")
    if coin:
        return Amount(number.value * Decimal(coin), "USD", at, number.j + 1, True)
    code, value, j = _tail(sheet, number)
    if before and code and code != before[0]:
        code, value, j = None, number.value, number.j
    code = before[0] if before else code
    if sheet.key(j) == "/" and sheet.key(j + 1) in {"-", "="}:
        j += 2
    cents = j > number.j and code is None
    sure = code is not None or number.unit >= 1000 or cents
    return Amount(value, code, at, j, sure, cents)


def _single(sheet: Sheet, at: int) -> Number | None:
    """A dollar, a nickel."""
    if not sheet.has(at, "one"):
        return None
    named = _currency(sheet, at + 1)
    led = named and read_number(sheet, named[1])  # a £500 deal
    said = (named and not led) or sheet.value(at + 1, "coin")
    return Number(Decimal(1), at, at + 1) if said else None


def sums_in(sheet: Sheet) -> Iterator[Amount]:
    """The sums of a message, left to right."""
    at = 0
    while at < len(sheet.tokens):
        found = read_sum(sheet, at)
        if found:
            yield found
        at = found.j if found else at + 1
