"""Orders that no deal led to: they are sales as well, and told beside what deals brought."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from handlers.reply import Line
from handlers.sums import Amount, Sums
from handlers.turn import Turn
from rules.calendar import day_bounds
from rules.money import Money
from rules.purchases import counts
from storage.models import Member, Order


def orders_apart(
    turn: Turn, first: date, last: date, owner: Member | None = None
) -> tuple[Line, ...]:
    """How many there were in these days, and what they come to, with the rates that were used for
    it; nothing where there were none."""
    begin, end = day_bounds(first, last, turn.member.zone)
    here = [
        Order.workspace_id == turn.workspace.id, Order.deal_id.is_(None),
        Order.at >= begin, Order.at < end,
    ]  # fmt: skip
    if owner:
        here.append(Order.owner_id == owner.id)
    columns = (Order.status, Order.currency, Order.on_day)
    found = turn.session.execute(
        select(*columns, func.count(), func.sum(Order.amount_minor)).where(*here).group_by(*columns)
    ).all()
    orders, amounts = 0, []
    for status, currency, day, count, minor in found:
        if not counts(status):
            continue
        orders += int(count)
        if currency and minor is not None:
            amounts.append(Amount(Money(int(minor), currency), day, (currency, day)))
    if not orders:
        return ()
    sums = Sums(turn)
    told = Line(turn.say("orders_apart", n=orders, amount=sums.said(amounts)))
    return (told, *sums.notes)
