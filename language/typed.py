"""The typed values of a text: moments, sums, phones and e-mails, with their places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from language.amounts import Amount, plain, read_sum
from language.dates import When, read_when
from language.days import read_lengths
from language.moments import Moment
from language.points import clean_email, find_phones, with_extension
from language.settling import settle
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
    starts = [token.start for token in sheet.tokens]
    for one in _points(sheet, region):
        taken.update(range(bisect_left(starts, one.start), bisect_left(starts, one.end)))
        found.append(one)
    at = 0
    while at < len(sheet.tokens):
        one_at = None if at in taken else _value(sheet, at, now)
        if one_at is None or not taken.isdisjoint(range(at, one_at[1])):
            at += 1
            continue
        found.append(one_at[0])
        at = one_at[1]
    return sorted(found, key=lambda one: one.start)


def _points(sheet: Sheet, region: str) -> Iterator[Typed]:
    for point in find_phones(sheet, region):
        yield Typed("phone", point.start, with_extension(sheet.text, point.end), point.value)
    for token in sheet.tokens:
        if token.kind == "email" and ".." not in token.text and token.text[0] != ".":
            yield Typed("email", token.start, token.end, clean_email(token.text))


def _value(sheet: Sheet, at: int, now: datetime) -> tuple[Typed, int] | None:
    """A sum whose currency is said ("10-20 dollars" is no day), else a moment, else a sum."""
    amount = _amount(sheet, at)
    if amount and amount[0].value["unit"]:
        return amount
    return _moment(sheet, at, now) or amount


def _moment(sheet: Sheet, at: int, now: datetime) -> tuple[Typed, int] | None:
    when = read_when(sheet, at) or _present(sheet, at) or _bare(sheet, at)
    if when is None or when.moment is None:
        return None
    if _hours(when.moment):
        now = now.replace(microsecond=0)
        value = _counted(when.moment, now)
    else:
        value = settle(when.moment, now, "ahead")
    return (_typed(sheet, "moment", when, _whole(value)), when.j) if value else None


def _hours(moment: Moment) -> bool:
    """Whether a moment is so many days from now, to the hour."""
    return moment.step is not None and moment.base is None and moment.clock is None


def _counted(moment: Moment, now: datetime) -> str | None:
    """A length of time from now: the hour stays, and half a day is twelve hours."""
    value = settle(_halved(moment), now, "ahead")
    return f"{value}T{now:%H:%M:%S}" if value and len(value) == _DAY else value


_DAY = 10  # letters of 2026-12-05


def _halved(moment: Moment) -> Moment:
    count, span = moment.step or (0, "day")
    hours = {"day": 24, "week": 168}.get(span)
    if hours is None or count == int(count):
        return moment
    return replace(moment, step=(count * hours, "hour"))


def _present(sheet: Sheet, at: int) -> When | None:
    """Now, and so long before or after it: "now + 2 hours"."""
    if at not in sheet.marks or not sheet.has(at, "now"):
        return None
    j = at + sheet.size(at)
    away = read_lengths(sheet, j + 1) if sheet.key(j) in {"+", "-"} else None
    if away:
        return When(replace(away[0], look="back" if sheet.key(j) == "-" else "ahead"), at, away[1])
    return When(Moment(step=(0, "second")), at, j)


def _bare(sheet: Sheet, at: int) -> When | None:
    """A text that is nothing but a length of time, a month, or figures: "-1 day", "March"."""
    if at > 1 or any(token.kind != "mark" for token in sheet.tokens[:at]):
        return None
    for place in (at, at + 1):
        length = read_lengths(sheet, place) or _letter(sheet, place)
        if length and length[1] == len(sheet.tokens):
            back = sheet.key(place - 1) == "-"
            return When(replace(length[0], look="back" if back else "ahead"), at, length[1])
        if length or sheet.key(at) not in {"+", "-"}:
            break
    month = sheet.value(at, "month")
    if month and at + sheet.size(at) == len(sheet.tokens):
        return When(Moment(day=1, month=int(month)), at, at + sheet.size(at))
    return None


def _letter(sheet: Sheet, at: int) -> tuple[Moment, int] | None:
    """5m, 1 y: one letter for a length of time."""
    span = {"m": "minute", "y": "year"}.get(sheet.key(at + 1))
    if span is None or not sheet.key(at).isdigit() or len(sheet.key(at)) > _FIGURES:
        return None
    return Moment(step=(float(sheet.key(at)), span)), at + 2


_FIGURES = 4


def _whole(value: str) -> str:
    """A slot value with its time down to the second; a day alone at midnight."""
    return f"{datetime.fromisoformat(value):%Y-%m-%dT%H:%M:%S}"


def _amount(sheet: Sheet, at: int) -> tuple[Typed, int] | None:
    """A sum; of one from or up to which is meant, the value says so (`min`, `max`)."""
    amount = read_sum(sheet, at)
    if amount is None:
        return None
    led = sheet.has(at - 1, "between", "from")
    join = amount.j
    joined = sheet.key(join) == "-" or (led and sheet.has(join, "and", "to"))
    upper = read_sum(sheet, join + 1) if joined else None
    if upper and upper.sure:
        value = _sum(upper) | {"value": plain(amount.value), "min": plain(amount.value)}
        value["max"] = plain(upper.value)
        return _typed(sheet, "amount", replace(upper, i=at), value), upper.j
    if not amount.sure or (amount.currency is None and _worded(sheet, at)):
        return None
    value = _sum(amount)
    for bound, sense in (("max", "at_most"), ("min", "at_least")):
        if sheet.has(at - 1, sense):
            value[bound] = value["value"]
    return _typed(sheet, "amount", amount, value), amount.j


def _sum(amount: Amount) -> dict[str, Any]:
    if amount.cents:
        return {"value": plain(amount.value * 100), "unit": "cent"}
    return {"value": plain(amount.value), "unit": amount.currency}


def _worded(sheet: Sheet, at: int) -> bool:
    """A big unit without a figure in English, where it is likely something else."""
    return sheet.verb_first and bool(sheet.value(at, "times"))


def _typed(sheet: Sheet, kind: str, found: When | Amount, value: Any) -> Typed:
    return Typed(kind, sheet.tokens[found.i].start, sheet.tokens[found.j - 1].end, value)
