"""Numbers: the pipeline by stage, and what was won, lost, earned and done in a period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from handlers import keeping, ticket_figures, valued
from handlers.book import Chapter
from handlers.orders_apart import orders_apart
from handlers.pipeline import (
    pipeline_meant,
    pipeline_name,
    pipeline_of,
    pipelines,
    stage_keys,
    stage_title,
)
from handlers.reply import Button, Call, Fields, Line, Reply, Table, Title
from handlers.sums import Amount, Sums
from handlers.turn import Sorry, Turn
from rules.calendar import day_bounds, period_days
from rules.money import Money
from rules.pipeline import conversion
from storage.models import Activity, Deal, Member
from storage.people import by_people
from storage.together import Asked, Together

chapter = Chapter(__name__)

SHOWN = 10
"""Deals that are told one by one."""


@chapter.command("stats.show")
def show(
    turn: Turn,
    metric: str | None = None,
    period: str | None = None,
    owner: Member | None = None,
    pipeline: str | None = None,
) -> Reply:
    """A figure, for a period and a member or for all; of the pipelines one."""
    if metric in (None, "pipeline"):
        return show_pipeline(turn, owner, pipeline)
    draw = METRICS.get(metric)
    if draw is None:
        raise Sorry(
            "not_counted_yet", (turn.button("pipeline_button", "stats.show", metric="pipeline"),)
        )
    return draw(turn, period or "month", owner)


@dataclass(frozen=True)
class Shown:
    """A pipeline as it stands: its stages in order, how many open deals stand in each stage of all
    pipelines, and what these are worth."""

    way: str
    stages: list[str]
    counts: Counter[str]
    worth: defaultdict[str, list[Amount]]

    @property
    def count(self) -> int:
        return sum(self.counts[stage] for stage in self.stages)

    @property
    def amounts(self) -> list[Amount]:
        return list(chain.from_iterable(self.worth[stage] for stage in self.stages))


def shown_pipeline(turn: Turn, owner: Member | None, said: str | None) -> Shown | None:
    """The pipeline that was said, else the first one that holds deals; None where none holds any
    and none was said."""
    counts, worth = standing(turn, owner)
    if not counts and said is None:
        return None
    ways = pipelines(turn)
    here = {key: pipeline_of(turn, key) for key in counts}
    busy = (each.key for each in ways if each.key in here.values())
    way = pipeline_meant(turn, said).key if said else next(busy, ways[0].key)
    keys = stage_keys(turn, way)
    stages = [*keys, *sorted(key for key in counts if here[key] == way and key not in keys)]
    return Shown(way, stages, counts, worth)


def show_pipeline(turn: Turn, owner: Member | None, said: str | None) -> Reply:
    """Open deals now: how many and how much stand in each stage of a pipeline, of the first one
    that has any where none is said; how many stand in the others, and a button for each."""
    shown = shown_pipeline(turn, owner, said)
    if shown is None:
        return _empty(turn, owner)
    sums = Sums(turn)
    rows = tuple(
        (stage_title(turn, stage), str(shown.counts[stage]), sums.said(shown.worth[stage]))
        for stage in shown.stages
        if shown.counts[stage]
    )
    total = (turn.say("total"), str(shown.count), sums.said(shown.amounts))
    head = (turn.say("head_stage"), turn.say("head_deals"), turn.say("head_amount"))
    empty = turn.say("pipeline_empty", name=pipeline_name(turn, shown.way))
    body = Table(head, (*rows, total), numeric=(1, 2)) if rows else Line(empty)
    title = Title(pipeline_title(turn, owner, shown.way))
    whose: dict[str, Any] = {"owner": owner and owner.id, "pipeline": said and shown.way}
    seen = (turn.button("picture_button", "stats.picture", **whose),) if rows else ()
    parts = (title, body, *sums.notes, *_elsewhere(turn, shown))
    return Reply(parts, (*seen, *_others(turn, shown.way, owner), *sums.buttons))


def pipeline_title(turn: Turn, owner: Member | None, way: str) -> str:
    """What a pipeline is called, with whose it is; without its name where there is but one."""
    name = pipeline_name(turn, way)
    if len(pipelines(turn)) == 1:
        return turn.say("pipeline_of", name=owner.name) if owner else turn.say("pipeline")
    if owner:
        return turn.say("pipeline_named_of", pipeline=name, name=owner.name)
    return turn.say("pipeline_named", name=name)


def _elsewhere(turn: Turn, shown: Shown) -> Iterator[Line]:
    """How many open deals stand in other pipelines."""
    here = {key: pipeline_of(turn, key) for key in shown.counts}
    ways = [each.key for each in pipelines(turn) if each.key != shown.way]
    busy = [key for key in ways if key in here.values()]
    n = sum(count for key, count in shown.counts.items() if here[key] in busy)
    if n:
        names = [pipeline_name(turn, key) for key in busy]
        yield Line(turn.say("pipelines_elsewhere", n=n, pipelines=names), quiet=True)


def _others(turn: Turn, way: str, owner: Member | None) -> Iterator[Button]:
    """The other pipelines, one tap each."""
    for each in pipelines(turn):
        if each.key != way:
            slots = {"metric": "pipeline", "pipeline": each.key}
            whose = {"owner": owner.id} if owner else {}
            yield Button(pipeline_name(turn, each.key), Call("stats.show", {**slots, **whose}))


def standing(
    turn: Turn, owner: Member | None = None
) -> tuple[Counter[str], defaultdict[str, list[Amount]]]:
    """By stage: how many open deals stand there now, and what they are worth, one a currency."""
    counts: Counter[str] = Counter()
    worth: defaultdict[str, list[Amount]] = defaultdict(list)
    together = Together(turn.session, turn.workspace.id)
    found = together.whenever(_asked(together, "open", owner, "stage"))
    for (stage, currency), (count, priced, minor) in found.items():
        counts[stage] += count
        if currency and priced:
            money = Money(minor, currency)
            worth[stage].append(Amount(money, turn.today, (stage, currency), priced))
    return counts, worth


def _asked(together: Together, status: str, owner: Member | None, *columns: str) -> Asked:
    """Deals of a state, of one owner or of all."""

    def fits(kind: Any) -> list[ColumnElement[bool]]:
        return [kind.status == status, *([kind.owner_id == owner.id] if owner else [])]

    return Asked(columns, fits, kept=together.is_kept)


def _empty(turn: Turn, owner: Member | None) -> Reply:
    """Nothing is open: what was won lately is the news, if anything was."""
    closed = _closed(turn, "won", "month", owner)
    if not closed.deals:
        raise Sorry("no_deals_yet")
    sums = Sums(turn)
    line = turn.say("pipeline_empty_but", amount=sums.said(closed.worth), n=closed.deals)
    return Reply((Title(turn.say("pipeline")), Line(line), *sums.notes), sums.buttons)


def _bounds(turn: Turn, period: str) -> tuple[datetime, datetime]:
    first, last = days_of(turn, period)
    return day_bounds(first, last, turn.member.zone)


def days_of(turn: Turn, period: str) -> tuple[date, date]:
    """First and last day of a period that was named. Raises Sorry for one that nobody knows."""
    try:
        return period_days(period, turn.today)
    except KeyError:
        raise Sorry("no_such_period") from None


@dataclass(frozen=True, slots=True)
class Closed:
    """Deals that ended alike in a period: how many, and what they are worth; those in other
    currencies each for itself, since each counts at the rate of its day."""

    deals: int
    worth: Sequence[Amount]


def _closed(turn: Turn, status: str, period: str, owner: Member | None) -> Closed:
    together = Together(turn.session, turn.workspace.id)
    asked, bounds = _asked(together, status, owner), _bounds(turn, period)
    found = {
        currency: sums for (currency,), sums in together.months(asked, *bounds).of(*bounds).items()
    }
    _, priced, minor = found.get(turn.currency, (0, 0, 0))
    here = Money(minor, turn.currency)
    worth = [Amount(here, turn.today, (status, here.currency), priced)] if priced else []
    if any(each not in {"", turn.currency} for each in found):
        foreign = _ended(turn, status, period, owner).where(Deal.currency != turn.currency)
        worth += Sums(turn).of(turn.session.scalars(foreign))
    return Closed(sum(deals for deals, _, _ in found.values()), worth)


def _latest(turn: Turn, status: str, period: str, owner: Member | None) -> Sequence[Deal]:
    """The last of them."""
    query = _ended(turn, status, period, owner).order_by(Deal.closed_at.desc())
    return turn.session.scalars(query.limit(SHOWN)).all()


def _ended(turn: Turn, status: str, period: str, owner: Member | None) -> Select[Deal]:
    begin, end = _bounds(turn, period)
    query = select(Deal).where(
        Deal.workspace_id == turn.workspace.id,
        Deal.status == status,
        Deal.closed_at >= begin,
        Deal.closed_at < end,
    )
    return query.where(Deal.owner_id == owner.id) if owner else query


def _title(turn: Turn, key: str, period: str, owner: Member | None) -> Title:
    when = turn.say(f"period_{period}")
    if owner:
        return Title(turn.say("stats_title_of", what=turn.say(key), when=when, name=owner.name))
    return Title(turn.say("stats_title", what=turn.say(key), when=when))


def won(turn: Turn, period: str, owner: Member | None) -> Reply:
    """Deals won in a period, and their worth."""
    return _deals(turn, "won", period, owner)


def lost(turn: Turn, period: str, owner: Member | None) -> Reply:
    """Deals lost in a period, what they were worth, and why."""
    return _deals(turn, "lost", period, owner)


def _deals(turn: Turn, status: str, period: str, owner: Member | None) -> Reply:
    closed = _closed(turn, status, period, owner)
    sums = Sums(turn)
    total = sums.said(closed.worth)
    rows = [
        (
            deal.buyer,
            turn.voice.money(deal.amount) if deal.amount else "—",
            *((deal.reason or "—",) if status == "lost" else ()),
        )
        for deal in _latest(turn, status, period, owner)
    ]
    head = [turn.say("head_customer"), turn.say("head_amount")]
    if status == "lost":
        head.append(turn.say("field_reason"))
    fields = Fields(((turn.say("head_deals"), str(closed.deals)), (turn.say("head_amount"), total)))
    table = (Table(tuple(head), tuple(rows), numeric=(1,)),) if rows else ()
    title = _title(turn, f"metric_{status}", period, owner)
    how = _how(turn, f"count_{status}")
    return Reply((title, fields, *table, *sums.notes), (how, *sums.buttons))


def revenue(turn: Turn, period: str, owner: Member | None) -> Reply:
    """What the deals won in a period are worth, and the orders that no deal led to."""
    closed = _closed(turn, "won", period, owner)
    sums = Sums(turn)
    line = Line(turn.say("revenue_is", amount=sums.said(closed.worth), n=closed.deals))
    title = _title(turn, "metric_revenue", period, owner)
    apart = orders_apart(turn, *days_of(turn, period), owner)
    return Reply((title, line, *sums.notes, *apart), (_how(turn, "amount_won"), *sums.buttons))


def conversion_rate(turn: Turn, period: str, owner: Member | None) -> Reply:
    """Won deals out of all that were closed in a period."""
    wins = _closed(turn, "won", period, owner).deals
    losses = _closed(turn, "lost", period, owner).deals
    rate = conversion(wins, losses)
    if rate is None:
        line = turn.say("nothing_closed")
    else:
        line = turn.say("conversion_is", percent=f"{rate:.0%}", won=wins, closed=wins + losses)
    title = _title(turn, "metric_conversion", period, owner)
    return Reply((title, Line(line)), (_how(turn, "win_rate"),))


def _how(turn: Turn, measure: str) -> Button:
    return turn.button("how_button", "stats.how", measure=measure)


def activity(turn: Turn, period: str, owner: Member | None) -> Reply:
    """Calls, meetings and the rest in a period."""
    first, last = days_of(turn, period)
    query = (
        select(Activity.kind, func.count())
        .where(
            Activity.workspace_id == turn.workspace.id,
            Activity.on_day >= first,
            Activity.on_day <= last,
            by_people(),
        )
        .group_by(Activity.kind)
    )
    if owner:
        query = query.where(Activity.by_id == owner.id)
    counts = {str(kind): int(count) for kind, count in turn.session.execute(query)}
    title = _title(turn, "metric_activity", period, owner)
    if not counts:
        return Reply((title, Line(turn.say("no_activity"))))
    rows = [(turn.say(f"kind_{kind}"), str(n)) for kind, n in sorted(counts.items())]
    rows.append((turn.say("total"), str(sum(counts.values()))))
    return Reply((title, Fields(tuple(rows))))


METRICS = {
    "won": won,
    "lost": lost,
    "revenue": revenue,
    "conversion": conversion_rate,
    "activity": activity,
    "value": valued.most_valuable,
    "churn": keeping.churn,
    "tickets": ticket_figures.of_period,
}
