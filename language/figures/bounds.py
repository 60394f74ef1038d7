"""More than 5000, at least ten, between 3 and 5 lakh, within a week: what a figure must come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from language.figures.cues import Cues
from language.figures.figure import Bound, Figure
from language.figures.phrases import Phrase
from language.typed import typed_values

_LIMITS = ("over", "under", "at_least", "at_most")
_ANY_DAY = datetime.combine(date(2000, 1, 1), time())


def bound_of(cues: Cues, figure: Figure, timed: frozenset[int]) -> Figure:
    """The figure with what bounds it: deals by their worth or days, groups by what they come to."""
    found = _between(cues, timed) or _limit(cues, timed)
    if found is None:
        return figure
    bound, at, start = found
    in_days = "day" in _units(cues, start, at) or "cycle" in cues.after(at + 1, 0)
    if in_days and figure.by is None:
        return replace(figure, days=bound, measure="count", over="sum")
    if figure.measure in {"win_rate", "loss_rate"}:
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


def _between(cues: Cues, timed: frozenset[int]) -> tuple[Bound, int, int] | None:
    """Two sums, the first behind "between" or before "to"."""
    for phrase in cues.of("from"):
        first = _sum_at(cues, phrase.j, timed)
        if first is None:
            continue
        for at in range(phrase.j + 1, phrase.j + 6):
            second = _sum_at(cues, at, timed)
            if second is not None and second > first:
                return Bound(first, second, closed=True), at, phrase.j
    return None


def _limit(cues: Cues, timed: frozenset[int]) -> tuple[Bound, int, int] | None:
    for phrase in cues.of(*_LIMITS):
        found = _beside(cues, phrase, timed)
        if found is None:
            continue
        number, at, start = found
        low = bool(phrase.senses & {"over", "at_least"})
        closed = bool(phrase.senses & {"at_least", "at_most"})
        return Bound(number if low else None, None if low else number, closed), at, start
    return None


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
