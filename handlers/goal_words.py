"""Goals in words: whose, of what, for when, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from handlers.figure_words import said
from handlers.reply import Chart, Line, Part, Point
from handlers.sums import rate_notes
from handlers.turn import Turn
from language.figures import Span
from rules.money import Money, digits
from rules.pace import Pace, pace, wins_in_a_row
from storage import queries
from storage.models import Goal, Member
from storage.progress import Progress, Progressing
from storage.rates import Rates
from storage.workdays import work_days

WHO = "who"
_FIGURES = 3
FEW = 10
"""So many a day are told in whole numbers."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal in the time that is told of, and how it stands there."""

    goal: Goal
    period: tuple[date, date]
    progress: Progress
    pace: Pace
    rates: Rates


def standing(turn: Turn, goal: Goal, day: date | None = None) -> Standing:
    """``day``: of one that comes again, in the time around that day."""
    period = goal.period(day or turn.today)
    counting = Progressing(turn.session, turn.workspace.id, turn.member.zone)
    progress = counting.of(goal, period)
    usual = None if goal.is_rate else progress.usual or Fraction(0)
    how = pace(
        goal.value, progress.reached, period, turn.today,
        work_days(turn.session, turn.workspace.id), usual=usual, basis=progress.basis,
        grows=goal.measure == "retention",
    )  # fmt: skip
    return Standing(goal, period, progress, how, counting.rates)


def named(turn: Turn, goal: Goal) -> str:
    """Whose goal it is, as the reader calls them."""
    if goal.member_id is None:
        return turn.voice.told(turn.say("goal_of_the_team"))
    if goal.member_id == turn.member.id:
        return turn.voice.told(turn.say("goal_of_you"))
    member = queries.get(turn.session, Member, turn.workspace.id, goal.member_id)
    return turn.voice.told(turn.say("goal_of", name=member.name if member else "—"))


def what_of(turn: Turn, goal: Goal) -> str:
    """``Rs 50 lakh, November 2026``; ``10 meetings, every week``."""
    amount = value_of(turn, goal, goal.value)
    if goal.measure != "amount":
        label = f"goal_of_{goal.kind or goal.measure}"
        amount = turn.say(label, n=amount)
    when = (
        turn.say(f"goal_every_{goal.every}")
        if goal.every
        else said(turn, Span(goal.first_day, goal.last_day))
    )
    return turn.voice.beside(turn.voice.told(amount), when)


def value_of(turn: Turn, goal: Goal, value: Fraction, *, up: bool = False) -> str:
    """A figure of the goal's measure; ``up``: rounded up, as what is yet to be done."""
    if goal.measure == "amount":
        currency = goal.currency or turn.currency
        size = 10 ** digits(currency)
        minor = _round_up(value) * size if up else round(value * size)
        return turn.voice.money(Money(minor, currency))
    if goal.is_rate:
        return percent(value)
    return f"{ceil(value) if up else round(value):,}"


def _round_up(value: Fraction) -> int:
    """To three figures, as one speaks of what is yet to be done: 633,334 is 634,000."""
    whole = ceil(value)
    step: int = 10 ** max(len(str(whole)) - _FIGURES, 0)
    return -(-whole // step) * step


def percent(value: Fraction) -> str:
    """Whole percents: rounded down, so that nothing is met before it is."""
    return f"{int(value * 100)}%"


def goal_line(turn: Turn, each: Standing) -> str:
    """A goal in a line: how far it is, and how much of its time is gone."""
    goal, how = each.goal, each.pace
    head = turn.voice.told(
        turn.say("goal_title", **{WHO: named(turn, goal)}, what=what_of(turn, goal))
    )
    return turn.voice.told(f"{head} · {_share(turn, each)} {_mark(turn, how)}".rstrip())


def _mark(turn: Turn, how: Pace) -> str:
    key = f"goal_state_{how.state}"
    return turn.piece(key) if key in turn.voice.words else ""


def _share(turn: Turn, each: Standing) -> str:
    how = each.pace
    if how.reached is None:
        return turn.piece("goal_nothing")
    if how.is_rate:
        return percent(how.reached)
    return percent(how.share or Fraction(0))


def lines(turn: Turn, each: Standing) -> tuple[Line, ...]:
    """How a goal stands, in a few sentences."""
    return (
        *(Line(line) for line in _told(turn, each)),
        *rate_notes(turn, each.rates, each.progress.left_out),
    )


def _told(turn: Turn, each: Standing) -> Iterator[str]:
    goal, how = each.goal, each.pace
    if how.is_rate:
        yield from _rate(turn, each)
        return
    reached = value_of(turn, goal, how.reached or Fraction(0))
    share, gone = percent(how.share or Fraction(0)), percent(how.gone_share)
    if how.state == "met":
        yield turn.say("goal_reached", reached=reached, share=share)
        return
    if not how.left:
        yield turn.say("goal_over_with", reached=reached, share=share)
        return
    if how.gone == 0:
        yield turn.say("goal_begins", reached=reached, n=how.left)
    else:
        yield turn.say("goal_pace", share=share, gone=gone, reached=reached, n=how.left)
    missing = value_of(turn, goal, how.missing, up=True)
    if goal.measure == "amount" and each.progress.usual:
        usual = value_of(turn, goal, each.progress.usual)
        yield turn.say("goal_short_deals", missing=missing, n=how.deals_missing, usual=usual)
    else:
        yield turn.say("goal_short", missing=_counted(turn, goal, missing))
    if how.a_day is not None and how.left > 1:
        yield _each_day(turn, goal, how, how.a_day)
    if how.state == "behind":
        behind = value_of(turn, goal, how.behind, up=True)
        yield turn.say("goal_behind", behind=_counted(turn, goal, behind))
    elif how.state == "ok":
        yield turn.say("goal_on_track")


def _each_day(turn: Turn, goal: Goal, how: Pace, a_day: Fraction) -> str:
    """What the days that are left must bring; of what is counted less than one of them is one in
    so many days, and a few are told with a tenth: two a day for 1.2 would be far too many."""
    if goal.measure == "amount":
        amount = value_of(turn, goal, a_day, up=True)
    elif a_day <= 1:
        return turn.say("goal_one_in", n=int(1 / a_day))
    else:
        amount = f"{ceil(a_day * 10) / 10:g}" if a_day < FEW else f"{ceil(a_day):,}"
    return turn.say("goal_a_day", amount=_counted(turn, goal, amount), n=how.left)


def _counted(turn: Turn, goal: Goal, amount: str) -> str:
    """With what it is of: ``8 meetings``."""
    if goal.measure == "amount":
        return amount
    return turn.voice.told(turn.say(f"goal_of_{goal.kind or goal.measure}", n=amount))


def _rate(turn: Turn, each: Standing) -> Iterator[str]:
    goal, how, progress = each.goal, each.pace, each.progress
    if how.reached is None:
        yield turn.say(f"goal_no_{goal.measure}")
        return
    yield turn.say(
        f"goal_is_{goal.measure}",
        share=percent(how.reached),
        target=percent(how.target),
        part=progress.part,
        whole=progress.basis,
    )
    gone = percent(how.gone_share)
    yield (
        turn.say("goal_time", gone=gone, n=how.left) if how.left else turn.say("goal_time_is_over")
    )
    if how.state == "early":
        yield turn.say("goal_too_early")
    elif how.state in ("ok", "met"):
        yield turn.say("goal_on_track")
    elif goal.measure == "win_rate" and how.left:
        row = wins_in_a_row(progress.part, progress.basis, how.target)
        yield turn.say("goal_wins_in_a_row", n=row) if row else turn.say("goal_below")
    else:
        yield turn.say("goal_below")


def chart(turn: Turn, found: Sequence[Standing]) -> list[Part]:
    """How far goals are, in percent of each; the mark is the whole of it."""
    points = tuple(
        Point(
            turn.voice.beside(named(turn, each.goal), what_of(turn, each.goal)),
            float((each.pace.share or Fraction(0)) * 100),
            percent(each.pace.share or Fraction(0)),
            mark=100.0,
        )
        for each in found
        if each.pace.reached is not None
    )
    return [Chart("pace", turn.say("goals_title"), points)] if points else []
