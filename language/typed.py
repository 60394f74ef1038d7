"""The typed values of a text: moments, sums, phones and e-mails, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from language.amounts import Amount, plain, read_sum
from language.dates import When, read_when
from language.moments import settle
from language.points import clean_email, find_phones
from language.sheet import Sheet, lay_out

_AMERICAN = "en-us"  # the locale that writes the month before the day


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of a kind (moment, amount, phone, email) in `text[start:end]`."""

    kind: str
    start: int
    end: int
    value: Any


def typed_values(text: str, now: datetime, region: str = "PK", locale: str = "") -> list[Typed]:
    """All typed values of a text, left to right; total, and linear in its length."""
    sheet = lay_out(text, month_first=locale.casefold().replace("_", "-") == _AMERICAN)
    taken: set[int] = set()
    found: list[Typed] = []
    for one in _points(sheet, region):
        places = [i for i, t in enumerate(sheet.tokens) if one.start <= t.start < one.end]
        taken.update(places)
        found.append(one)
    at = 0
    while at < len(sheet.tokens):
        one_at = None if at in taken else (_moment(sheet, at, now) or _amount(sheet, at))
        if one_at is None or not taken.isdisjoint(range(at, one_at[1])):
            at += 1
            continue
        found.append(one_at[0])
        at = one_at[1]
    return sorted(found, key=lambda one: one.start)


def _points(sheet: Sheet, region: str) -> Iterator[Typed]:
    for point in find_phones(sheet, region):
        yield Typed("phone", point.start, point.end, point.value)
    for token in sheet.tokens:
        if token.kind == "email":
            yield Typed("email", token.start, token.end, clean_email(token.text))


def _moment(sheet: Sheet, at: int, now: datetime) -> tuple[Typed, int] | None:
    when = read_when(sheet, at)
    if when is None or when.moment is None:
        return None
    value = settle(when.moment, now, "ahead")
    return (_typed(sheet, "moment", when, _whole(value)), when.j) if value else None


def _whole(value: str) -> str:
    """A slot value with its time down to the second; a day alone at midnight."""
    return f"{datetime.fromisoformat(value):%Y-%m-%dT%H:%M:%S}"


def _amount(sheet: Sheet, at: int) -> tuple[Typed, int] | None:
    amount = read_sum(sheet, at)
    if amount is None or not amount.sure:
        return None
    value = {"value": plain(amount.value), "unit": amount.currency}
    return _typed(sheet, "amount", amount, value), amount.j


def _typed(sheet: Sheet, kind: str, found: When | Amount, value: Any) -> Typed:
    return Typed(kind, sheet.tokens[found.i].start, sheet.tokens[found.j - 1].end, value)
