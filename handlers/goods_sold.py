"""What sells best where orders are taken: of which goods how much, and for how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import and_, select

from handlers.book import Chapter
from handlers.figure_words import called, span_of
from handlers.figure_words import said as span_in_words
from handlers.reply import Line, Reply, Table, Title
from handlers.sums import Amount, Sums
from handlers.turn import Turn
from language.figures.figure import Span
from language.folding import fold
from language.voice import RLM
from rules.calendar import day_bounds, period_days
from rules.lines import Sold, number
from rules.money import Money
from rules.purchases import counts
from storage.models import Deal, LineItem, Order, Product

chapter = Chapter(__name__)

SHOWN = 10
"""Goods in one answer."""

LOOKED_AT = 20_000
"""Lines of orders that are added up, the latest."""


def is_told_by_orders(turn: Turn) -> bool:
    """Whether orders, and no deals, are what is sold by: where deals are won, figures tell it."""
    space = turn.workspace.id
    won = select(Deal.id).where(Deal.workspace_id == space, Deal.status == "won").limit(1)
    ordered = select(Order.id).where(Order.workspace_id == space).limit(1)
    return turn.session.scalar(won) is None and turn.session.scalar(ordered) is not None


@dataclass(slots=True)
class _Good:
    """Of one kind: as it was called last, how much of it by what is counted, and for how much."""

    name: str
    many: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    amounts: list[Amount] = field(default_factory=list)
    unpriced: int = 0
    """Lines of which nobody said the price."""


@chapter.command("goods.best")
def best(turn: Turn, first: str | None = None, last: str | None = None) -> Reply:
    """What was sold most in some days, this month where none are said."""
    span = span_of(first, last)
    if not (first or last):
        span = Span(*period_days("month", turn.today))
    when = called(turn, span, ("month",)) or span_in_words(turn, span).lstrip(RLM)
    title = Title(turn.voice.beside(turn.piece("goods_best"), when))
    goods = _sold(turn, span)
    if not goods:
        return Reply((title, Line(turn.say("no_goods_sold"))))
    sums = Sums(turn)
    worth = {id(good): sums.total(good.amounts) if good.amounts else None for good in goods}
    goods.sort(key=lambda good: _rank(good, worth[id(good)]), reverse=True)
    rows = tuple(
        (good.name, _counted(turn, good), turn.voice.sum(money) if money else "—")
        for good in goods[:SHOWN]
        for money in (worth[id(good)],)
    )
    head = tuple(turn.say(key) for key in ("head_product", "head_quantity", "head_amount"))
    return Reply((title, Table(head, rows, numeric=(2,)), *sums.notes), sums.buttons)


def is_sold(turn: Turn, what: str) -> bool:
    """Whether goods of that name were ever ordered."""
    return _good_of(turn, Span(None, None), what) is not None


@chapter.command("goods.sold")
def sold(turn: Turn, what: str, first: str | None = None, last: str | None = None) -> Reply:
    """How much of one kind was sold in some days, this month where none are said."""
    span = span_of(first, last)
    if not (first or last):
        span = Span(*period_days("month", turn.today))
    when = called(turn, span, ("month",)) or span_in_words(turn, span).lstrip(RLM)
    good = _good_of(turn, span, what)
    ways = (turn.button("best_goods_button", "goods.best", first=first, last=last),)
    if good is None:
        return Reply((Title(turn.say("good_not_sold", what=what, time=when)),), ways)
    sums = Sums(turn)
    money = sums.total(good.amounts) if good.amounts else None
    worth = turn.voice.sum(money) if money else None
    told = turn.voice.beside(good.name, when, _counted(turn, good), worth)
    left_out = good.unpriced and worth
    notes = (Line(turn.say("good_unpriced", n=good.unpriced), quiet=True),) if left_out else ()
    return Reply((Title(told), *notes, *sums.notes), (*ways, *sums.buttons))


def _good_of(turn: Turn, span: Span, what: str) -> _Good | None:
    """Of that name, one or many of it: "loom" are the looms."""
    return next((good for good in _sold(turn, span) if _bare(good.name) == _bare(what)), None)


def _bare(name: str) -> str:
    return fold(name).removesuffix("s")


def _sold(turn: Turn, span: Span) -> list[_Good]:
    space = turn.workspace.id
    here = [LineItem.workspace_id == space, LineItem.name.is_not(None)]
    if span.first:
        here.append(Order.at >= day_bounds(span.first, span.first, turn.member.zone)[0])
    if span.last:
        here.append(Order.at < day_bounds(span.last, span.last, turn.member.zone)[1])
    lines = (
        select(
            LineItem.name, LineItem.quantity, LineItem.unit, LineItem.price_minor,
            LineItem.currency, LineItem.discount, Product.name.label("product"),
            Order.status, Order.on_day, LineItem.id,
        )
        .join(Order, and_(Order.workspace_id == space, Order.id == LineItem.order_id))
        .outerjoin(Product, and_(Product.workspace_id == space, Product.id == LineItem.product_id))
        .where(*here)
        .order_by(Order.at.desc(), LineItem.id.desc())
        .limit(LOOKED_AT)
    )  # fmt: skip
    goods: dict[str, _Good] = {}
    for row in turn.session.execute(lines):
        if not counts(row.status):
            continue
        name = row.product or row.name
        good = goods.setdefault(fold(name), _Good(name))
        many = number(row.quantity) or Decimal(1)
        good.many[row.unit or ""] += many
        if row.price_minor is not None and row.currency:
            price = Money(row.price_minor, row.currency)
            worth = Sold(many, price, number(row.discount) or Decimal(0)).worth
            good.amounts.append(Amount(worth, row.on_day, row.id))
        else:
            good.unpriced += 1
    return list(goods.values())


def _rank(good: _Good, worth: Money | None) -> tuple[int, Decimal]:
    return worth.minor if worth else 0, max(good.many.values())


def _counted(turn: Turn, good: _Good) -> str:
    told = (f"{turn.voice.show(many)} {unit}".strip() for unit, many in good.many.items())
    return turn.voice.beside(*told)
