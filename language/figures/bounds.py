"""More than 5000, at least ten, between 3 and 5 lakh, within a week: what a figure must come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from language.figures.cues import Cues
from language.figures.figure import Bound, Figure
from language.figures.phrases import Phrase
from language.typed import typed_values

_LIMITS = ("over", "under", "at_least", "at_most")
_ANY_DAY = datetime.combine(date(2000, 1, 1), time())


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound, with the token that its first number begins at and the last that says it."""

    bound: Bound
    start: int
    at: int


def limits(cues: Cues, timed: frozenset[int]) -> list[Limit]:
    """All that must be more or less than a number, left to right, none within another."""
    found: list[Limit] = []
    taken: set[int] = set()
    for limit in (*_between(cues, timed), *_limits(cues, timed)):
        here = range(limit.start, limit.at + 1)
        if taken.isdisjoint(here):
            taken.update(here)
            found.append(limit)
    return sorted(found, key=lambda limit: limit.start)


def bound_of(cues: Cues, figure: Figure, found: Sequence[Limit]) -> Figure:
    """The figure with what bounds it: deals by their worth or days, groups by what they come to."""
    if not found:
        return figure
    limit = found[0]
    bound, at = limit.bound, limit.at
    in_days = "day" in _units(cues, limit.start, at) or "cycle" in cues.after(at + 1, 0)
    if in_days and figure.by is None:
        return replace(figure, days=bound, measure="count", over="sum")
    if figure.measure in {"win_rate", "loss_rate", "discount"}:
        return replace(figure, having=_as_fraction(bound))
    counted = "deals" in cues.after(at + 1, 1) or "won" in cues.after(at + 1, 0)
    groups = figure.by is not None and cues.has("how_many", "which", "who", "by", "rank")
    if groups and counted:
        return replace(figure, having=bound, measure="count", over="sum")
    if groups and not _of_deals(cues, at):
        return replace(figure, having=bound)
    return replace(figure, worth=bound)


def _units(cues: Cues, start: int, at: int) -> frozenset[str]:
    near = cues.after(at + 1, 1) | cues.between(start, at + 1)
    return frozenset(s.removeprefix("unit:") for s in near if s.startswith("unit:"))


def _of_deals(cues: Cues, at: int) -> bool:
    """ "Deals above 10,000": the sum stands behind the deals."""
    return any(
        phrase.i < at and at - phrase.j <= 4 for phrase in cues.of("deals", "won", "lost")
    ) and not cues.has("money")


def _as_fraction(bound: Bound) -> Bound:
    def share(number: Decimal | None) -> Decimal | None:
        return number / 100 if number is not None and number > 1 else number

    return Bound(share(bound.low), share(bound.high), bound.closed)


def _between(cues: Cues, timed: frozenset[int]) -> Iterator[Limit]:
    """Two sums, the first behind "between" or before "to"."""
    for phrase in cues.of("from"):
        first = _sum_at(cues, phrase.j, timed)
        if first is None:
            continue
        for at in range(phrase.j + 1, phrase.j + 6):
            second = _sum_at(cues, at, timed)
            if second is not None and second > first:
                yield Limit(Bound(first, second, closed=True), phrase.j, _end(cues, at))
                break


def _limits(cues: Cues, timed: frozenset[int]) -> Iterator[Limit]:
    for phrase in cues.of(*_LIMITS):
        found = _beside(cues, phrase, timed)
        if found is None:
            continue
        number, at, start = found
        low = bool(phrase.senses & {"over", "at_least"})
        closed = bool(phrase.senses & {"at_least", "at_most"})
        yield Limit(Bound(number if low else None, None if low else number, closed), start, at)


def _beside(cues: Cues, phrase: Phrase, timed: frozenset[int]) -> tuple[Decimal, int, int] | None:
    """The sum behind "more than", or before "se zyada"; where both end, and where it begins."""
    for at in (phrase.j, phrase.j + 1):
        number = _sum_at(cues, at, timed)
        if number is not None:
            return number, _end(cues, at), at
    for at in range(phrase.i - 1, max(-1, phrase.i - 5), -1):
        number = _sum_at(cues, at, timed)
        if number is not None:
            return number, phrase.j - 1, at
    return None


def _end(cues: Cues, at: int) -> int:
    """The last token of a sum: "5 lakh"."""
    value = _amounts(cues).get(at)
    return value[1] if value else at


def _amounts(cues: Cues) -> dict[int, tuple[Decimal, int]]:
    """Sums by the token that they begin at, with the token that they end at."""
    kept: dict[tuple[object, int], Any] = cues.sheet.kept
    key = ("figures.amounts", 0)
    if key not in kept:
        tokens, found = cues.sheet.tokens, {}
        for value in typed_values(cues.sheet.text, _ANY_DAY, "PK", ""):
            if value.kind == "amount" and isinstance(value.value, dict):
                inside = [n for n, t in enumerate(tokens) if value.start <= t.start < value.end]
                if inside:
                    found[inside[0]] = (Decimal(str(value.value["value"])), inside[-1])
        kept[key] = found
    amounts: dict[int, tuple[Decimal, int]] = kept[key]
    return amounts


def _sum_at(cues: Cues, at: int, timed: frozenset[int]) -> Decimal | None:
    tokens = cues.sheet.tokens
    if not 0 <= at < len(tokens) or at in timed:
        return None
    if at in _amounts(cues):
        return _amounts(cues)[at][0]
    plain = tokens[at].text.replace(",", "")
    if tokens[at].kind == "number" and plain.replace(".", "", 1).isdecimal():
        return Decimal(plain)
    number = cues.number(at)
    return Decimal(number) if number is not None else None
