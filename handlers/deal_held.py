"""What a deal holds, as its card tells it: goods, people, next step, source and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.labels import label_name, label_of
from handlers.reply import Button, Call, Items, Line, Part
from handlers.turn import Turn
from language.folding import fold
from rules import lines as sums
from rules.money import CurrenciesDiffer, Money
from storage.deal_people import people_in
from storage.goods import lines_of
from storage.models import Deal, DealContact, LineItem, Order, Task
from storage.steps import next_step

LINES = 8
"""Lines of goods on a card; more are counted."""

ROLES = (
    "decision_maker", "influencer", "user", "finance", "technical", "champion", "purchaser",
    "gatekeeper",
)  # fmt: skip
"""Roles that have a name in every language; others are told as they were said."""


@dataclass(frozen=True, slots=True)
class Held:
    """What hangs on a deal."""

    lines: Sequence[LineItem] = ()
    people: Sequence[DealContact] = ()
    step: Task | None = None


def held_by(turn: Turn, deal: Deal) -> Held:
    session = turn.session
    step = next_step(session, deal) if deal.is_open else None
    return Held(lines_of(session, deal), people_in(session, deal), step)


def total_of(lines: Sequence[LineItem]) -> Money | None:
    """What those lines come to whose price is known; None where there is none, or where they are
    of several currencies."""
    try:
        return sums.total(line.sold for line in lines if line.sold)
    except CurrenciesDiffer:
        return None


def rows_of(turn: Turn, deal: Deal, held: Held) -> dict[str, str | None]:
    """What is told of it in the rows of its card, by the row's label."""
    for row in held.people:
        turn.shows(row)
    return {
        "people": turn.voice.beside(*(person_said(turn, each) for each in held.people)) or None,
        "next_step": step_said(turn, held.step) if held.step else None,
        "source": source_said(turn, deal),
        "reason": reason_said(turn, deal),
    }


def amount_said(turn: Turn, deal: Deal | Order) -> str | None:
    """What it is worth; of one whose amount follows its goods, that it does."""
    if deal.amount is None:
        return None
    said = turn.voice.exact_money(deal.amount)
    return turn.piece("amount_of_goods", amount=said) if deal.counted else said


def goods_of(turn: Turn, deal: Deal | Order, held: Held) -> list[Part]:
    """Its goods line by line, and what they come to where its amount was said otherwise."""
    if not held.lines:
        return []
    parts: list[Part] = [Items(tuple(line_said(turn, line) for line in held.lines[:LINES]))]
    if len(held.lines) > LINES:
        parts.append(Line(turn.say("and_more", n=len(held.lines) - LINES), quiet=True))
    total = total_of(held.lines)
    without = [line.name or "" for line in held.lines if line.price is None]
    if total and deal.amount and total != deal.amount:
        told = turn.say("goods_differ", total=turn.voice.exact_money(total))
        parts.append(Line(told))
    if without:
        parts.append(Line(turn.say("goods_without_price", names=without[:5]), quiet=True))
    return parts


def take_sum(turn: Turn, deal: Deal, held: Held) -> tuple[Button, ...]:
    """Where the amount was said otherwise: one tap makes it what the goods come to."""
    total = total_of(held.lines)
    if total is None or deal.amount is None or total == deal.amount:
        return ()
    label = turn.say("take_sum_button", total=turn.voice.money(total))
    return (Button(label, Call("deal.take_sum", {"deal": deal.id})),)


def line_said(turn: Turn, line: LineItem) -> str:
    """``200 m Denim Fabric × Rs 850 − 10% = Rs 1.53 lakh``."""
    turn.shows(line)
    apart = turn.voice.apart
    counted = sums.number(line.quantity)
    count = turn.voice.show(counted) if counted is not None else line.quantity
    name = " ".join(each for each in (count, line.unit, line.name) if each)
    sold = line.sold
    if sold is None or line.price is None:
        return turn.voice.told(apart(name))
    price = turn.voice.money(line.price)
    if line.discount:
        price = turn.piece("price_less", price=price, percent=line.discount)
    if sold.quantity == Decimal(1) and not line.discount:
        return turn.voice.told(f"{apart(name)}: {apart(price)}")
    worth = turn.voice.money(sold.worth)
    return turn.voice.told(f"{apart(name)} × {apart(price)} = {apart(worth)}")


def person_said(turn: Turn, row: DealContact) -> str:
    """``Bilal Ahmed (decision maker)``."""
    role = role_said(turn, row.role)
    return turn.voice.told(
        f"{turn.voice.apart(row.contact.name)} ({turn.voice.apart(role)})"
        if role
        else turn.voice.apart(row.contact.name)
    )


def role_said(turn: Turn, role: str | None) -> str:
    return turn.piece(f"role_in_deal_{role}") if role in ROLES else role or ""


def step_said(turn: Turn, task: Task) -> str:
    """``send samples, Friday 27 Nov``."""
    turn.shows(task, "text", "due_day", "remind_at")
    return turn.voice.beside(task.text, turn.voice.due(task.due) if task.due else None)


def source_said(turn: Turn, deal: Deal) -> str | None:
    label = label_of(turn, deal.source_id)
    return label_name(turn, label) if label else deal.source


def reason_said(turn: Turn, deal: Deal) -> str | None:
    """As it was said; led by what it counts under where the words do not say so themselves."""
    label = label_of(turn, deal.reason_id)
    if label is None or not deal.reason:
        return label_name(turn, label) if label else deal.reason
    name = label_name(turn, label)
    if fold(deal.reason) == fold(name) or fold(deal.reason) == label.key.replace("_", " "):
        return name
    if fold(name) in fold(deal.reason):
        return deal.reason
    return turn.voice.told(f"{turn.voice.apart(name)} ({turn.voice.apart(deal.reason)})")
