"""How somebody is to be asked how a customer is doing with what they bought."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.orders import goods_said
from handlers.turn import Turn
from rules.nudging import Case, Offer, Told
from storage.goods import lines_of
from storage.models import Deal, Order
from storage.purchases import Customer

CHANCE = 0.1
"""Of what a sale was worth so much is at stake where nobody asks."""


def check_in_case(turn: Turn, row: Deal | Order, customer: Customer, sold: date) -> Case:
    """With what they bought, and what can be done."""
    whom: dict[str, Any] = {customer.kind: customer.id}
    goods = _goods(turn, row)
    told: dict[str, Any] = {"name": row.buyer, "day": sold}
    evidence = (
        Told("because_check_in", {**told, "goods": goods})
        if goods
        else Told("because_check_in_bare", told)
    )
    return Case(
        evidence=(evidence,),
        offers=(
            Offer("called_them_button", "activity.log", {"kind": "call", **whom}),
            Offer("new_task_button", "risk.task", whom),
        ),
        minor=row.amount_minor or 0,
        chance=CHANCE,
    )


def _goods(turn: Turn, row: Deal | Order) -> str:
    """``12 looms``, of a deal as it was said, else its lines."""
    if isinstance(row, Deal):
        said = " ".join(part for part in (row.quantity, row.title) if part)
        if said:
            return said
        lines = lines_of(turn.session, row)
        names = [" ".join(p for p in (each.quantity, each.unit, each.name) if p) for each in lines]
        return turn.voice.beside(*names[:2]) if names else ""
    return str(goods_said(turn, row) or "") if row.lines else ""
