"""Goods of a deal: added, taken out, counted, priced; its amount follows, where none was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import deals
from handlers.book import Chapter
from handlers.deal_held import held_by, person_said, take_sum, total_of
from handlers.deal_lines import fill_line, put_goods
from handlers.price_list import product_known
from handlers.reply import Call, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import contacts_meant
from language.folding import fold
from language.own_names import named
from storage.models import Deal, DealContact, LineItem

chapter = Chapter(__name__)

MOST = 100
"""Lines of one deal."""


@chapter.command("deal.add_items")
def add_items(
    turn: Turn,
    deal: Deal,
    items: list[Any],
    amount: float | None = None,
    currency: str | None = None,
) -> Reply:
    """Goods more; of what is in it already, so much more. A price said apart is that of the one."""
    if amount is not None and len(items) == 1:
        items = [{**items[0], "price": amount, "currency": currency}]
    held = held_by(turn, deal)
    if len(held.lines) + len(items) > MOST:
        raise Sorry("too_many_goods", n=MOST)
    put_goods(turn, deal, held.lines, items)
    return _done(turn, deal, "goods_added")


@chapter.command("deal.count_items")
def count_items(
    turn: Turn,
    deal: Deal,
    items: list[Any] | None = None,
    item: str | None = None,
    quantity: float | None = None,
    unit: str | None = None,
) -> Reply:
    """So many of them instead."""
    held = held_by(turn, deal)
    for good in items or [{"name": item, "quantity": quantity, "unit": unit}]:
        line = _line(turn, deal, held.lines, str(good.get("name", "")))
        fill_line(turn, deal, line, good)
    turn.session.flush()
    return _done(turn, deal, "goods_changed")


@chapter.command("deal.drop_item")
def drop_item(turn: Turn, deal: Deal, item: str) -> Reply:
    """Goods, or somebody, less."""
    held = held_by(turn, deal)
    lines = _lines_called(turn, held.lines, item)
    if not lines and (person := _person(turn, held.people, item)):
        turn.session.delete(person)
        turn.session.flush()
        return _done(turn, deal, "left_deal", who=person_said(turn, person))
    line = _one(held.lines, lines, item, deal)
    turn.session.delete(line)
    turn.session.flush()
    return _done(turn, deal, "goods_dropped", who=line.name or "")


@chapter.command("deal.price_item")
def price_item(
    turn: Turn,
    deal: Deal,
    item: str | None = None,
    amount: float | None = None,
    currency: str | None = None,
    discount: float | None = None,
) -> Reply:
    """A price or a discount for this deal alone; without a thing named, on all of its goods."""
    held = held_by(turn, deal)
    if not held.lines:
        raise Sorry("no_goods", name=deal.buyer)
    lines = [_line(turn, deal, held.lines, item)] if item else list(held.lines)
    if amount is None and discount is None:
        raise Ask("ask_amount", "amount", kind="amount")
    if amount is not None and len(lines) > 1:
        raise Sorry("which_goods", names=[line.name or "" for line in lines[:8]])
    for line in lines:
        good = {"price": amount, "currency": currency, "discount": discount}
        fill_line(turn, deal, line, good)
    turn.session.flush()
    return _done(turn, deal, "goods_changed")


@chapter.command("deal.take_sum")
def take_sum_of_goods(turn: Turn, deal: Deal) -> Reply:
    """It is worth what its goods come to, from now on."""
    total = total_of(held_by(turn, deal).lines)
    if total is None:
        raise Sorry("no_goods", name=deal.buyer)
    deal.amount = None
    deal.follow(total)
    return _done(turn, deal, "goods_changed")


# --- which line is meant --------------------------------------------------------------------------


def _line(turn: Turn, deal: Deal, lines: Sequence[LineItem], said: str) -> LineItem:
    return _one(lines, _lines_called(turn, lines, said), said, deal)


def _one(lines: Sequence[LineItem], found: Sequence[LineItem], said: str, deal: Deal) -> LineItem:
    if len(found) == 1:
        return found[0]
    if found:
        choices = tuple(Choice(line.name or "", {"item": f"#{line.id}"}) for line in found[:5])
        raise Ask("ask_which", "item", choices=choices, name=said)
    if not lines:
        raise Sorry("no_goods", name=deal.buyer)
    raise Sorry("no_such_goods", item=said, names=[line.name or "" for line in lines[:8]])


def _lines_called(turn: Turn, lines: Sequence[LineItem], said: str) -> list[LineItem]:
    """Lines that this names: by number from a button, by product, by their words."""
    if said.startswith("#"):
        return [line for line in lines if f"#{line.id}" == said]
    exact = [line for line in lines if fold(line.name or "") == fold(said)]
    if exact:
        return exact
    product = product_known(turn, said)
    by_product = [line for line in lines if product and line.product_id == product.id]
    if by_product:
        return by_product
    words = set(fold(said).split())
    worded = [line for line in lines if words <= set(fold(line.name or "").split())]
    if worded:
        return worded
    near = named(said, {str(line.id): line.name for line in lines if line.name})
    begun = [line for line in lines if str(line.id) == near]
    return begun or [
        line for line in lines
        if fold(line.name or "").rstrip("s") == fold(said).rstrip("s")
    ]  # fmt: skip


def _person(turn: Turn, people: Sequence[DealContact], said: str) -> DealContact | None:
    meant = {row.id for row in contacts_meant(turn, Call("", {"contact": said}))}
    found = [row for row in people if row.contact_id in meant]
    return found[0] if len(found) == 1 else None


# --- the answer -----------------------------------------------------------------------------------


def _done(turn: Turn, deal: Deal, key: str, **values: Any) -> Reply:
    """The card, with the amount as it follows; or both sums, where it was said otherwise."""
    held = held_by(turn, deal)
    before = deal.amount
    deal.follow(total_of(held.lines))
    turn.session.flush()
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    parts: list[Part] = [Title(turn.say(key, name=deal.buyer, **values))]
    parts += deals.card(turn, deal, held)
    if deal.counted and deal.amount != before:
        parts.append(Line(turn.say("amount_follows", name=deal.buyer), quiet=True))
    return Reply(tuple(parts), (turn.undo(), *take_sum(turn, deal, held), turn.edit()))
