"""Rates of exchange in chat: told, corrected, taken back, listed.

They move everybody's sums, so whoever may choose the workspace's currency may tell them: managers
and owners. Every change stands in the history with its member, and undo takes it back.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.core import get_global
from sqlalchemy import func, or_, select, tuple_

from handlers.book import Chapter
from handlers.reply import Line, Reply, Table, Title
from handlers.sums import rate_told
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.rates import Quote, plain, rate_of
from storage.models import Rate
from storage.rates import Rates, put_rate, rate_on

chapter = Chapter(__name__)

SHOWN = 15


@chapter.command("rate.set", role="manager")
def set_(
    turn: Turn,
    currency: str,
    rate: str | None = None,
    base: str | None = None,
    units: str | None = None,
    day: str | None = None,
    sure: bool | None = None,
) -> Reply:
    """So many ``units`` of a currency are worth ``rate`` of the ``base`` from a day on."""
    known, to = _currencies(turn, currency, base)
    on = day_said(turn, day)
    if rate is None:
        raise Ask("ask_rate", "rate", kind="rate", currency=known, base=to, day=_full(turn, on))
    exact = rate_of(_number(rate), _number(units or "1"))
    if exact is None:
        raise Sorry("no_such_rate", value=rate[:40], currency=known, base=to)
    quote = Quote(on, known, to, exact)
    near = Rates(turn.session, turn.workspace.id).quotes.leaps(quote)
    if near and not sure:
        raise _doubted(turn, quote, near)
    before = put_rate(turn.session, turn.workspace.id, quote)
    title = turn.say("rate_is", **_told(quote))
    lines = [turn.say("rate_was", rate=rate_told(turn, before))] if before else []
    lines.append(turn.say("rate_counts_from", day=_full(turn, on)))
    return Reply((Title(title), *(Line(line, quiet=True) for line in lines)), (turn.undo(),))


def _doubted(turn: Turn, quote: Quote, near: Quote) -> Ask:
    """It is far off the one before or behind it: a digit too many, or the wrong way round."""
    sure = Choice(turn.say("rate_sure_button", rate=plain(quote.rate)), {"sure": True})
    return Ask(
        "rate_leaps",
        "sure",
        choices=(sure,),
        now=turn.voice.told(_equation(turn, quote)),
        near=turn.voice.told(_equation(turn, near)),
        day=_full(turn, near.day),
    )


def _equation(turn: Turn, quote: Quote) -> str:
    return turn.say("rate_equation", **_told(quote))


def _told(quote: Quote) -> dict[str, str]:
    return {"currency": quote.currency, "base": quote.base, "rate": plain(quote.rate)}


def _full(turn: Turn, day: date) -> str:
    return turn.voice.full_day(day)


def _currencies(turn: Turn, currency: str, base: str | None) -> tuple[str, str]:
    """The two of a rate. Sorry where they are none, or one."""
    known, to = currency.upper(), (base or turn.currency).upper()
    for code in (known, to):
        if code not in get_global("all_currencies"):
            raise Sorry("no_such_currency", value=code[:10])
    if known == to:
        raise Sorry("rate_of_itself", currency=known)
    return known, to


def day_said(turn: Turn, day: str | None) -> date:
    """Today where none is said. Sorry for one that no calendar has."""
    try:
        on = date.fromisoformat(day) if day else turn.today
    except ValueError:
        raise Sorry("bad_due", value=str(day)[:40]) from None
    if not 1900 <= on.year < 2200:
        raise Sorry("bad_due", value=str(day)[:40])
    return on


def _number(text: str) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal("NaN")


@chapter.command("rate.remove", role="manager")
def remove(turn: Turn, currency: str, base: str | None = None, day: str | None = None) -> Reply:
    """A rate less: that of the day, or the latest."""
    known, to = _currencies(turn, currency, base)
    quotes = Rates(turn.session, turn.workspace.id).quotes
    on = day_said(turn, day) if day else None
    latest = quotes.pair(known, to, on or date.max)
    if latest is None or (on and latest.day != on):
        raise Sorry("no_rate_there", (_list_button(turn),), currency=known, base=to)
    row = rate_on(turn.session, turn.workspace.id, known, to, latest.day)
    turn.session.delete(row)
    turn.session.flush()
    return Reply((Title(turn.say("rate_removed", rate=rate_told(turn, latest))),), (turn.undo(),))


def _list_button(turn: Turn) -> Any:
    return turn.button("rates_button", "rate.list")


@chapter.command("rate.list")
def rates(
    turn: Turn, currency: str | None = None, base: str | None = None, day: str | None = None
) -> Reply:
    """The latest of each pair, or those of one currency, the newest first; as of a day."""
    on = day_said(turn, day) if day else None
    found = _latest(turn, on) if currency is None else _of(turn, currency.upper(), base, on)
    if not found:
        shown = (currency or "USD").upper()
        other = "PKR" if shown == turn.currency != "PKR" else "USD"
        example = other if shown == turn.currency else shown
        raise Sorry("no_rates_yet", currency=example, base=turn.currency)
    head = (turn.say("head_exchange"), turn.say("head_from"))
    rows = tuple((_equation(turn, quote), _full(turn, quote.day)) for quote in found[:SHOWN])
    more = [Line(turn.say("and_more", n=len(found) - SHOWN), quiet=True)] if found[SHOWN:] else []
    hint = Line(turn.say("rates_hint", base=turn.currency), quiet=True)
    return Reply((Title(turn.say("rates_title")), Table(head, rows), *more, hint))


def _latest(turn: Turn, on: date | None) -> list[Quote]:
    """The latest rate of each pair, by the database: there may be one for every day of years."""
    mine = Rate.workspace_id == turn.workspace.id
    asked = (mine,) if on is None else (mine, Rate.on_day <= on)
    newest = (
        select(Rate.currency, Rate.base, func.max(Rate.on_day))
        .where(*asked)
        .group_by(Rate.currency, Rate.base)
    )
    pair = tuple_(Rate.currency, Rate.base, Rate.on_day)
    order = (Rate.currency, Rate.base)
    rows = turn.session.scalars(select(Rate).where(mine, pair.in_(newest)).order_by(*order))
    return _one_a_pair(row.quote for row in rows)


def _one_a_pair(found: Any) -> list[Quote]:
    """Where a pair was told in both directions, the newer one."""
    kept: dict[frozenset[str], Quote] = {}
    for quote in found:
        key = frozenset((quote.currency, quote.base))
        if key not in kept or kept[key].day < quote.day:
            kept[key] = quote
    return list(kept.values())


def _of(turn: Turn, currency: str, base: str | None, on: date | None) -> list[Quote]:
    query = select(Rate).where(
        Rate.workspace_id == turn.workspace.id,
        or_(Rate.currency == currency, Rate.base == currency),
    )
    if base:
        query = query.where(or_(Rate.currency == base.upper(), Rate.base == base.upper()))
    if on:
        query = query.where(Rate.on_day <= on)
    rows = turn.session.scalars(query.order_by(Rate.on_day.desc(), Rate.id).limit(500))
    found = [row.quote for row in rows]
    return found[:1] if on else found
