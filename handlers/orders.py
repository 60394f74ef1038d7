"""Orders: taken down, shown, listed, tied to the deal that led to them, taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from handlers import contacts, deals
from handlers.book import Chapter
from handlers.deal_held import Held, amount_said, goods_of, total_of
from handlers.deal_lines import put_goods
from handlers.figure_words import said as span_in_words
from handlers.finding import due_said, sum_said
from handlers.party import Party
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.sums import Amount, Sums
from handlers.turn import Sorry, Turn
from handlers.who import Who, find_who, said_names
from language.figures.figure import Span
from rules import lines as sums
from rules.calendar import day_bounds, wall_to_utc
from rules.money import Money
from rules.purchases import DELIVERED, counts
from storage.goods import lines_of
from storage.models import Contact, Deal, LineItem, Order
from storage.purchases import Customer, of_no_order

chapter = Chapter(__name__)

SHOWN = 10
"""Orders in one answer; more are counted."""

OPENED = 3
"""Of them, how many are one tap away."""

GOODS = 3
"""Goods told of an order in a list; more are counted."""

LATEST = 20
"""Orders of a customer that are looked at for the last one."""

LATELY = timedelta(days=60)
"""A deal won so long ago may be what an order is of."""


@chapter.command("order.add")
def add(
    turn: Turn,
    who: Party,
    items: list[Any] | None = None,
    amount: Money | None = None,
    product: str | None = None,
    quantity: float | None = None,
    on: str | None = None,
) -> Reply:
    """Somebody has ordered something. Its amount follows its goods where nobody said another."""
    day = due_said(on).day if on else turn.today
    if day > turn.today:
        raise Sorry("order_ahead", day=turn.voice.day(day))
    at = turn.now if day == turn.today else _noon(turn, day)
    order = begun(turn, who.ids["contact"], who.ids["company"], amount, at, day)
    said = items or ([{"name": product, "quantity": quantity}] if product else [])
    lines = put_goods(
        turn, order, (), [_priced(good, said, amount) for good in said if good.get("name")]
    )
    order.follow(total_of(lines))
    turn.session.flush()
    turn.focus(**who.ids)
    title = Title(turn.say("order_added", name=order.buyer))
    return Reply(
        (title, *card(turn, order, lines)),
        (turn.undo(), turn.edit(), *_of_a_deal(turn, order), *_take_sum(turn, order, lines)),
    )


def begun(
    turn: Turn,
    contact_id: int | None,
    company_id: int | None,
    amount: Money | None,
    at: datetime,
    day: date,
) -> Order:
    """An order that the member wrote down, yet without goods."""
    order = Order(
        workspace_id=turn.workspace.id,
        contact_id=contact_id,
        company_id=company_id,
        at=at,
        on_day=day,
        owner_id=turn.member.id,
        created_at=turn.now,
    )
    order.amount = amount
    turn.session.add(order)
    turn.session.flush()
    return order


def _priced(good: dict[str, Any], said: Sequence[Any], amount: Money | None) -> dict[str, Any]:
    """Of the only thing that was ordered for a sum: what one costs, where it comes out even."""
    count = sums.number(str(good.get("quantity") or 1))
    if len(said) > 1 or amount is None or good.get("price") is not None or not count:
        return good
    each = Decimal(amount.minor) / count
    if each != each.to_integral_value():
        return good
    one = Money(int(each), amount.currency)
    return {**good, "price": str(one.amount), "currency": one.currency}


def _noon(turn: Turn, day: date) -> datetime:
    return wall_to_utc(datetime.combine(day, time(12)), turn.member.zone)


def card(turn: Turn, order: Order, lines: Sequence[LineItem] | None = None) -> list[Part]:
    """What an order holds: labelled values, then its goods."""
    turn.shows(order)
    lines = lines_of(turn.session, order) if lines is None else lines
    rows = [
        ("contact", order.contact.name if order.contact and order.company else None),
        ("order_number", order.number),
        ("amount", amount_said(turn, order)),
        ("on", turn.voice.day(order.on_day)),
        ("order_status", order.status),
        ("note", order.note),
    ]
    told = tuple((turn.say(f"field_{name}"), value) for name, value in rows if value)
    return [Fields(told), *goods_of(turn, order, Held(lines))]


def _take_sum(turn: Turn, order: Order, lines: Sequence[LineItem]) -> tuple[Button, ...]:
    total = total_of(lines)
    if total is None or order.amount is None or total == order.amount:
        return ()
    label = turn.say("take_sum_button", total=turn.voice.money(total))
    return (Button(label, Call("order.take_sum", {"order": order.id})),)


@chapter.command("order.take_sum")
def take_sum(turn: Turn, order: int) -> Reply:
    """It costs what its goods come to, from now on."""
    row = turn.record(Order, order)
    row.amount = None
    row.follow(total_of(lines_of(turn.session, row)))
    turn.session.flush()
    title = Title(turn.say("order_changed", name=row.buyer))
    return Reply((title, *card(turn, row)), (turn.undo(), turn.edit()))


# --- the deal that led to it ----------------------------------------------------------------------


def _of_a_deal(turn: Turn, order: Order) -> tuple[Button, ...]:
    """Where the buyer has the one deal that this may be: lately won, or open still."""
    theirs = _about(select(Deal), Deal, customer_in(Who(order.contact, order.company)))
    lately = or_(Deal.status == "open", Deal.closed_at >= order.at - LATELY)
    here = theirs.where(
        Deal.workspace_id == turn.workspace.id, Deal.status.in_(("open", "won")), lately,
        of_no_order(turn.workspace.id),
    )  # fmt: skip
    found = turn.session.scalars(here.order_by(Deal.id.desc()).limit(2)).all()
    if len(found) != 1:
        return ()
    deal = found[0]
    worth = turn.voice.money(deal.amount) if deal.amount else deal.title or deal.buyer
    key = "order_wins_button" if deal.is_open else "order_is_button"
    slots = {"order": order.id, "deal": deal.id}
    return (turn.button(key, "order.of_deal", label_values={"deal": worth}, **slots),)


@chapter.command("order.of_deal")
def of_deal(turn: Turn, order: int, deal: Deal) -> Reply:
    """The order is what a deal was about: they are one purchase. An open deal is won by it."""
    row = turn.record(Order, order)
    row.deal_id = deal.id
    if deal.is_open:
        turn.session.flush()
        won = turn.run(turn, [Call("deal.win", {"deal": deal.id, **_sum(row)})])
        return Reply((*won.parts, Line(turn.say("order_is_deal"), quiet=True)), won.buttons)
    turn.session.flush()
    title = Title(turn.say("order_changed", name=row.buyer))
    told = Line(turn.say("order_is_deal"), quiet=True)
    return Reply((title, *card(turn, row), told), (turn.undo(),))


def _sum(order: Order) -> dict[str, Any]:
    if order.amount is None:
        return {}
    return {"amount": str(order.amount.amount), "currency": order.amount.currency}


# --- looking at orders ----------------------------------------------------------------------------


def customer_in(who: Who) -> Customer | None:
    """Whose purchases are meant: those of a company, whoever buys for it."""
    company = who.company or (who.contact.company if who.contact else None)
    if company:
        return Customer("company", company.id)
    return Customer("contact", who.contact.id) if who.contact else None


def _about(query: Select[Any], kind: type[Order | Deal], customer: Customer | None) -> Select[Any]:
    if customer is None:
        return query
    if customer.kind == "contact":
        return query.where(kind.contact_id == customer.id, kind.company_id.is_(None))
    theirs = select(Contact.id).where(
        Contact.workspace_id == kind.workspace_id, Contact.company_id == customer.id
    )
    return query.where(
        or_(kind.company_id == customer.id, kind.company_id.is_(None) & kind.contact_id.in_(theirs))
    )


@chapter.command("order.list")
def orders(
    turn: Turn,
    call: Call,
    first: str | None = None,
    last: str | None = None,
    least: str | None = None,
    most: str | None = None,
    top: int | None = None,
    undelivered: bool | None = None,
) -> Reply:
    """Orders of a customer or of all, in a time or ever: how many, for how much, the latest. Or
    those of ``least`` or ``most`` so much, the ``top`` of them, or those not delivered yet."""
    said = said_names(call) or call.slots.get("of_them")
    who = find_who(turn, call) if said else None  # and not whoever was spoken of last
    customer = customer_in(who) if who else None
    here = _about(select(Order).where(Order.workspace_id == turn.workspace.id), Order, customer)
    if first:
        here = here.where(Order.on_day >= date.fromisoformat(first))
    if last:
        here = here.where(Order.on_day <= date.fromisoformat(last))
    order = (Order.on_day.desc(), Order.id.desc())
    rows = [row for row in turn.session.scalars(here.order_by(*order)) if counts(row.status)]
    narrowed = bool(least or most or top or undelivered)
    if narrowed:
        rows = _narrowed(turn, rows, least, most, top, undelivered=bool(undelivered))
    won, won_worth = (0, "") if narrowed else _won(turn, customer, first, last)
    if who:
        turn.focus(**who.ids)
    if not rows and not won:
        raise Sorry("no_orders_like_that") if narrowed else _none_yet(turn, who, first, last)
    totals = Sums(turn)
    worth = totals.said(Amount(row.amount, row.on_day, row.id) for row in rows if row.amount)
    counted = turn.piece("n_orders", n=len(rows))
    told = (who.name if who else None, counted, worth if any(row.amount for row in rows) else None)
    parts: list[Part] = [Title(turn.voice.beside(*told))]
    if first or last:
        parts.append(Line(_time_said(turn, first, last), quiet=True))
    shown = rows[:SHOWN]
    if shown:
        parts.append(Items(tuple(order_line(turn, row, named=who is None) for row in shown)))
    if len(rows) > SHOWN:
        parts.append(Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True))
    if won:
        parts.append(Line(turn.say("orders_and_won", n=won, worth=won_worth), quiet=True))
    return Reply((*parts, *totals.notes), (*_openers(turn, shown), *totals.buttons))


def _narrowed(
    turn: Turn,
    rows: list[Order],
    least: str | None,
    most: str | None,
    top: int | None,
    *,
    undelivered: bool,
) -> list[Order]:
    """Those of a size, in the workspace's currency, or not delivered yet."""
    if undelivered:
        return [row for row in rows if (row.status or "").casefold() not in DELIVERED]
    priced = [row for row in rows if row.amount and row.amount.currency == turn.currency]
    if least:
        floor = sum_said(least, turn.currency).minor
        priced = [row for row in priced if row.amount_minor and row.amount_minor >= floor]
    if most:
        ceiling = sum_said(most, turn.currency).minor
        priced = [row for row in priced if row.amount_minor and row.amount_minor <= ceiling]
    if top:
        priced.sort(key=lambda row: row.amount_minor or 0, reverse=True)
        priced = priced[: max(1, min(top, SHOWN))]
    return priced


def _openers(turn: Turn, rows: Sequence[Order]) -> tuple[Button, ...]:
    """The latest orders, each a tap away."""
    return tuple(
        Button(
            turn.voice.beside(turn.voice.day(row.on_day), _worth(turn, row)),
            Call("order.show", {"order": row.id}),
        )
        for row in rows[:OPENED]
    )


def _worth(turn: Turn, row: Order) -> str | None:
    return turn.voice.money(row.amount) if row.amount else None


def _time_said(turn: Turn, first: str | None, last: str | None) -> str:
    if not (first and last):
        return span_in_words(turn, Span(*(date.fromisoformat(each) if each else None
                                          for each in (first, last))))  # fmt: skip
    days = [turn.voice.day(date.fromisoformat(each)) for each in (first, last)]
    if len(set(days)) == 1:
        return days[0]
    return turn.say("from_to", first=days[0], last=days[-1])


def _won(
    turn: Turn, customer: Customer | None, first: str | None, last: str | None
) -> tuple[int, str]:
    """Won deals that no order stands for: how many, and what they come to."""
    space = turn.workspace.id
    here = select(Deal).where(Deal.workspace_id == space, Deal.status == "won", of_no_order(space))
    here = _about(here, Deal, customer)
    if first:
        begin = day_bounds(date.fromisoformat(first), date.fromisoformat(first), turn.member.zone)
        here = here.where(Deal.closed_at >= begin[0])
    if last:
        end = day_bounds(date.fromisoformat(last), date.fromisoformat(last), turn.member.zone)
        here = here.where(Deal.closed_at < end[1])
    found = turn.session.scalars(here).all()
    return len(found), Sums(turn).deals(found) if found else ""


def _none_yet(turn: Turn, who: Who | None, first: str | None, last: str | None) -> Sorry:
    if who and not (first or last):
        show = turn.button("show_button", "contact.show", **who.slots)
        return Sorry("no_orders_of", (show,), name=who.name)
    if first or last:
        return Sorry("no_orders_then", time=_time_said(turn, first, last))
    return Sorry("no_orders_yet")


def order_line(turn: Turn, row: Order, *, named: bool = False) -> str:
    """``Monday 23 Nov: 40 rolls Yarn, 20 kg Dye: Rs 2 lakh``."""
    turn.shows(row)
    day = turn.voice.day(row.on_day)
    what = turn.voice.beside(row.buyer if named else None, goods_said(turn, row), _worth(turn, row))
    return turn.voice.told(f"{day}: {what}" if what else day)


def goods_said(turn: Turn, row: Order) -> str | None:
    """``40 rolls Yarn, 20 kg Dye``, the first few of them."""
    told = []
    for line in row.lines[:GOODS]:
        count = sums.number(line.quantity)
        shown = turn.voice.show(count) if count is not None else line.quantity
        told.append(" ".join(each for each in (shown, line.unit, line.name) if each))
    if len(row.lines) > GOODS:
        told.append(turn.piece("and_more", n=len(row.lines) - GOODS))
    return turn.voice.beside(*told) or row.number


@chapter.command("order.last")
def last(turn: Turn, who: Who) -> Reply:
    """What a customer bought last, and when."""
    customer = customer_in(who)
    latest = next(iter(latest_orders(turn, who)), None)
    won = _about(select(Deal).where(Deal.workspace_id == turn.workspace.id), Deal, customer)
    closed = func.coalesce(Deal.closed_at, Deal.created_at)
    deal = turn.session.scalars(
        won.where(Deal.status == "won").order_by(closed.desc(), Deal.id.desc()).limit(1)
    ).first()
    turn.focus(**who.ids)
    if latest is None and deal is None:
        shown = contacts.show(turn, who)
        return Reply((Line(turn.say("no_orders_of", name=who.name)), *shown.parts), shown.buttons)
    day = turn.local_day(deal.closed_at or deal.created_at) if deal else date.min
    if latest is None or (deal and day > latest.on_day):
        assert deal is not None  # noqa: S101 - one of them is there
        title = Title(turn.say("bought_last", name=deal.buyer, day=turn.voice.day(day)))
        return Reply((title, *deals.card(turn, deal)), (_all_button(turn, who),))
    said = turn.say("bought_last", name=latest.buyer, day=turn.voice.day(latest.on_day))
    return Reply((Title(said), *card(turn, latest)), (_all_button(turn, who), *_acts(turn, latest)))


def latest_orders(turn: Turn, who: Who) -> list[Order]:
    """The purchases among a customer's last orders, the latest first."""
    here = select(Order).where(Order.workspace_id == turn.workspace.id)
    latest = _about(here, Order, customer_in(who)).order_by(Order.on_day.desc(), Order.id.desc())
    return [row for row in turn.session.scalars(latest.limit(LATEST)) if counts(row.status)]


def _all_button(turn: Turn, who: Who) -> Button:
    return turn.button("all_orders_button", "order.list", **who.slots)


def _acts(turn: Turn, row: Order) -> tuple[Button, ...]:
    edit = Call("edit", {"kind": "order", "record": row.id})
    return (
        Button(turn.say("edit_button"), edit, opens_form=True),
        turn.button("order_remove_button", "order.remove", order=row.id),
    )


@chapter.command("order.show")
def show(turn: Turn, order: int) -> Reply:
    """One order, with what can be done with it."""
    row = turn.record(Order, order)
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("order_of", name=row.buyer))
    return Reply((title, *card(turn, row)), _acts(turn, row))


@chapter.command("order.remove")
def remove(turn: Turn, order: int) -> Reply:
    """It was none: it goes with its lines, and undo brings it back."""
    row = turn.record(Order, order)
    name = row.buyer
    for line in lines_of(turn.session, row):
        turn.session.delete(line)
    turn.session.flush()
    turn.session.delete(row)
    turn.session.flush()
    return Reply((Title(turn.say("order_removed", name=name)),), (turn.undo(),))
