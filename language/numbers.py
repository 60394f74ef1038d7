"""Numbers as they are said: figures, words, lakh and crore, sawa, dedh, sarhe, paune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from language.sheet import Sheet, once


@dataclass(frozen=True, slots=True)
class Number:
    """A number said in tokens `i` up to `j`; `unit` is its greatest multiplier (1: none)."""

    value: Decimal
    i: int
    j: int
    unit: Decimal = Decimal(1)


def figure(text: str) -> Decimal | None:
    """The value of a figure with grouping commas or a decimal point ("4,20,000", "1.5")."""
    if len(text) > 24:
        return None
    head, dot, tail = text.rpartition(".")
    if dot and head.count(".") == 0 and "," not in tail:
        whole = head.replace(",", "")
    elif "," in text and text.count(",") == 1 and len(text.rpartition(",")[2]) < 3 and not dot:
        whole, tail = text.split(",")
    else:
        whole, tail = text.replace(",", "").replace(".", ""), ""
    try:
        return Decimal(f"{whole}.{tail}" if tail else whole)
    except InvalidOperation:
        return None


def _is_unit(sheet: Sheet, at: int) -> bool:
    senses = sheet.senses(at)
    heads = ("times:", "span:", "oclock", "measure", "currency:", "nudge:")
    return any(sense.startswith(heads) for sense in senses)


def _word(sheet: Sheet, at: int) -> tuple[Decimal, int] | None:
    value = sheet.value(at, "number")
    if value is None or at not in sheet.marks:
        return None
    after = at + sheet.size(at)
    goods = sheet.has(after, "common:goods")
    if sheet.has(at, "shy") and not (goods or _is_unit(sheet, after)):
        return None
    first = Decimal(value)
    more = sheet.value(after, "number")
    tens = 20 <= first <= 90 and first % 10 == 0 and sheet.tokens[at].latin
    if more and tens and 0 < Decimal(more) < 10 and not sheet.has(after, "shy"):
        return first + Decimal(more), after + 1
    return first, after


def _plain(sheet: Sheet, at: int) -> tuple[Decimal, int] | None:
    """A figure or number word, without multipliers."""
    if at >= len(sheet.tokens):
        return None
    token = sheet.tokens[at]
    if token.kind != "number":
        return _word(sheet, at)
    glued_to_word = sheet.glued(at) and sheet.tokens[at - 1].kind == "word"
    if glued_to_word and not sheet.value(at - 1, "currency"):
        return None
    value = figure(token.key)
    if value is None:
        return None
    if sheet.has(at + 1, "and_half"):
        return value + Decimal("0.5"), at + 1 + sheet.size(at + 1)
    return value, at + 1


def _multiplier(sheet: Sheet, at: int) -> Decimal | None:
    value = sheet.value(at, "times")
    if value is None:
        return None
    if sheet.has(at, "glued") and not (sheet.glued(at) and sheet.key(at - 1)[-1:].isdigit()):
        return None
    return Decimal(value)


def _alone(sheet: Sheet, at: int) -> bool:
    """Whether a big unit stands without a number: "hazar shirts"."""
    unit = _multiplier(sheet, at)
    if (
        unit is None
        or at not in sheet.marks
        or (sheet.tokens[at].latin and len(sheet.key(at)) < _WORD)
    ):
        return False
    return unit >= _THOUSAND or (unit >= _HUNDRED and sheet.has(at + sheet.size(at), "measure"))


_HUNDRED, _THOUSAND = 100, 1000
_WORD = 3  # shorter ones are abbreviations, which need a figure
_MOST = 4  # units in a row and terms in a sum that anybody says


def _coefficient(sheet: Sheet, at: int) -> tuple[Decimal | None, Decimal, int] | None:
    """A number, a nudge to its unit (sawa lakh) and the place after; None if there is none."""
    nudge = sheet.value(at, "nudge")
    if nudge is None:
        plain = _plain(sheet, at)
        if plain is None and _alone(sheet, at):
            return Decimal(1), Decimal(0), at
        return (plain[0], Decimal(0), plain[1]) if plain else None
    after = at + sheet.size(at)
    plain = _plain(sheet, after)
    if plain:
        return plain[0] + Decimal(nudge), Decimal(0), plain[1]
    if _multiplier(sheet, after) or sheet.has(after, "oclock"):
        return None, Decimal(nudge), after
    return None


def _term(sheet: Sheet, at: int) -> Number | None:
    """One coefficient with its multipliers: "5 lakh", "sawa crore", "250", "12 darjan"."""
    got = _coefficient(sheet, at)
    if got is None:
        return None
    value, nudge, j = got
    unit = Decimal(1)
    half = sheet.has(j, "and_half")
    if half and value is not None:
        value, j = value + Decimal("0.5"), j + sheet.size(j)
    if sheet.has(j, "the") and _multiplier(sheet, j + 1):
        j += 1
    for _ in range(_MOST):
        times = _multiplier(sheet, j)
        if times is None or _metres(sheet, j, value):
            break
        unit *= times
        j += sheet.size(j)
    return Number((Decimal(1) + nudge if value is None else value) * unit, at, j, unit)


def _metres(sheet: Sheet, at: int, value: Decimal | None) -> bool:
    """Nobody says 12000 million: such an m counts cloth or cable."""
    return sheet.key(at) == "m" and value is not None and value >= _THOUSAND


# What a number begins with, and what goes on with a figure.
NUMBERS = frozenset({"figure", "number", "nudge", "times"})
LONGER = frozenset({"times", "and_half", "the"})


@once
def read_number(sheet: Sheet, at: int) -> Number | None:
    """The number that begins at this token: "3 lakh 20 hazar", "do sau pachas", "1.2m"."""
    if NUMBERS.isdisjoint(sheet.kinds(at)):
        return None
    first = _term(sheet, at)
    if first is None:
        return None
    total, smallest, j = first.value, first.unit, first.j
    for _ in range(_MOST):
        if smallest <= 1:
            break
        skip = 1 if sheet.has(j, "and") and smallest >= 100 else 0
        term = _term(sheet, j + skip)
        if term is None or term.unit >= smallest or term.value >= smallest:
            break
        if term.unit == 1 and (skip or smallest != 100) and not _ends_sum(sheet, term.j):
            break
        total, smallest, j = total + term.value, term.unit, term.j
    return Number(total, at, j, first.unit)


def _ends_sum(sheet: Sheet, at: int) -> bool:
    """Whether a bare figure before this place still belongs to the sum before it."""
    return bool(sheet.value(at, "currency"))


def numbers_in(sheet: Sheet) -> Iterator[tuple[tuple[int, int], int]]:
    """Where numbers stand, and what they are without their fractions."""
    for at in range(len(sheet.tokens)):
        if (number := read_number(sheet, at)) is not None:
            yield (at, number.j), int(number.value)
