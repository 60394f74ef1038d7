"""What is likely to be won in a stretch of days: by stages, and by the team's own history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from handlers.gathered import Gathering
from handlers.pipeline import all_stages
from handlers.turn import Sorry, Turn
from language.figures import Figure, Span
from rules.counting import Fact, count_up, grouped
from rules.courses import is_whole, unbroken
from rules.forecast import Chance, History, Range, spread, weighted

BEFORE = {"month": 6, "quarter": 12}
"""Months that are looked back on."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """All in minor units. ``deals``: open ones that should be closed in that time; ``unpriced``:
    those of them without an amount; ``history`` is None where there is too little of it.
    ``course``: what was won in each of the months or quarters before, where it is for one."""

    span: Span
    won: int
    weighted: int
    deals: int
    unpriced: int
    history: Range | None
    course: tuple[tuple[str, Fraction], ...] = ()


def forecast(turn: Turn, figure: Figure, gathering: Gathering) -> Forecast:
    """The forecast for the figure's time. Sorry where that is over."""
    span = figure.span or Span(None, None)
    if span.first is None or span.last is None or span.last < turn.today:
        raise Sorry("forecast_is_over")
    still = Span(max(span.first, turn.today), span.last)
    bare = replace(figure, span=None, by=None)
    won = count_up(gathering.of(replace(bare, which="won", span=span)), "amount")
    due = [fact for fact in gathering.of(replace(bare, by="stage")) if _closes(fact, span)]
    return Forecast(
        span=span,
        won=int(won or 0),
        weighted=weighted(_by_stage(turn, due)),
        deals=len(due),
        unpriced=sum(fact.minor is None for fact in due),
        history=_by_history(gathering, bare, still, turn.today),
        course=tuple(_course(gathering, bare, span.first, span.last, turn.today)),
    )


def _course(
    gathering: Gathering, bare: Figure, first: date, last: date, today: date
) -> Iterator[tuple[str, Fraction]]:
    """In order, with nought for those in which nothing was won; none for any other time."""
    by = next((kind for kind in ("month", "quarter") if is_whole(kind, first, last)), None)
    if by is None:
        return
    begin = first - relativedelta(months=BEFORE[by])
    end = min(first - timedelta(days=1), today)
    won = gathering.told(replace(bare, which="won", by=by, span=Span(begin, end)))
    names = sorted(grouped(won))
    for name in unbroken(by, names, None, end):
        yield name, count_up(grouped(won).get(name, []), "amount") or Fraction(0)


def _closes(fact: Fact, span: Span) -> bool:
    """Whether an open deal should be closed by the end of that time; what is late still may."""
    return fact.due is not None and span.last is not None and fact.due <= span.last


def _by_stage(turn: Turn, due: list[Fact]) -> list[Chance]:
    likely = {stage.key: stage.probability / 100 for stage in all_stages(turn)}
    return [
        Chance(round(fact.minor), likely.get(fact.names[0] if fact.names else "", 0.0))
        for fact in due
        if fact.minor is not None
    ]


def _by_history(gathering: Gathering, bare: Figure, still: Span, today: date) -> Range | None:
    """Of all open deals, whatever their close date; one without an amount is worth what a won one
    is on average."""
    ended = gathering.of(replace(bare, which="closed"))
    open_now = gathering.of(bare)
    won = [fact for fact in ended if fact.status == "won"]
    history = History(
        [fact.days or 0 for fact in won],
        [fact.days or 0 for fact in ended if fact.status == "lost"],
        [(today - fact.began).days for fact in open_now],
    )
    if not history.tells or still.first is None or still.last is None:
        return None
    usual = count_up(won, "amount", "mean") or Fraction(0)
    chances = []
    for fact in open_now:
        age = (today - fact.began).days
        first, last = (still.first - fact.began).days, (still.last - fact.began).days
        worth = fact.minor if fact.minor is not None else usual
        chances.append(Chance(round(worth), history.chance(age - 1, first, last)))
    return spread(chances)
