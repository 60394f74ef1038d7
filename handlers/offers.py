"""What to offer a customer next: what runs out, what goes with it, the next size, each with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.book import Chapter
from handlers.customer import of_who
from handlers.orders import customer_in
from handlers.outlook_words import how
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.folding import fold
from language.sounds import sound_key
from language.voice import RLM
from rules.extension.bought import History
from rules.extension.pairs import LEAST_OF, Pair, cross_sell, goes_with
from rules.extension.refill import refills
from rules.extension.sizes import Sold, next_sizes
from storage.baskets import Baskets
from storage.models import Contact, Product

chapter = Chapter(__name__)

SHOWN = 5
"""Offers in one answer."""


NAMED = 3
"""Things that are offered where nobody bought what was named."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered and why. ``day``: when it should be used up."""

    name: str
    why: str
    day: date | None = None


@chapter.command("recommend.show")
def offer(turn: Turn, who: Who) -> Reply:
    """A short ranked list, each with its reason; what can be told of too little is said."""
    customer = customer_in(who)
    baskets = Baskets(turn.session, turn.workspace.id, fold)
    history = History.of(baskets.bought)
    turn.focus(**who.ids)
    ids = {name: number for name, number in who.ids.items() if number is not None}
    if customer not in history.things:
        add = turn.button("task_button", "task.add", **_slots(ids))
        known = of_who(turn, who)
        if known and known.row.orders:
            raise Sorry("offer_no_goods", (add,), name=who.name, n=known.row.orders)
        raise Sorry("offer_no_history", (add,), name=who.name)
    found = _found(turn, baskets, history, customer)[:SHOWN]
    parts: list[Part] = [Title(turn.say("offers_for", name=who.name))]
    if not found:
        others = len(history.things) - 1
        told = turn.say("offer_too_little", name=who.name, n=others, least=LEAST_OF)
        return Reply((*parts, Line(told)), (_all(turn, ids),))
    parts.append(Items(tuple(turn.voice.told(_line(turn, each)) for each in found)))
    return Reply(tuple(parts), (*(_act(turn, each, ids) for each in found[:3]), _all(turn, ids)))


@chapter.command("offer.with")
def sold_with(turn: Turn, product: str) -> Reply:
    """What buyers of a thing buy as well, with how often and how much oftener than all."""
    baskets = Baskets(turn.session, turn.workspace.id, fold)
    history = History.of(baskets.bought)
    thing = _called(baskets, history, product)
    if thing is None:
        most = sorted(history.buyers, key=lambda each: -len(history.buyers[each]))[:NAMED]
        if not most:
            raise Sorry("with_nothing", name=product)
        raise Sorry("with_unknown", name=product, things=[baskets.names[each] for each in most])
    name, n = baskets.names[thing], len(history.buyers[thing])
    found = goes_with(history, thing)[:SHOWN]
    title = Title(turn.say("with_title", name=name))
    if not found:
        key = "with_too_few" if n < LEAST_OF else "with_none"
        return Reply((title, Line(turn.say(key, name=name, n=n, least=LEAST_OF))))
    lines = tuple(_pair_line(turn, baskets, each) for each in found)
    return Reply((title, Items(lines)), (how(turn, "with"),))


def _called(baskets: Baskets, history: History, said: str) -> Any:
    """What is bought under a name, or under one that has all of its words, or sounds so; of several
    what most bought. None where nothing is."""
    named = {each: fold(baskets.names[each]) for each in history.buyers}
    fit = [each for each, name in named.items() if name == fold(said)]
    for key in (fold, sound_key):
        words = set(key(said).split())
        if not fit and words:
            fit = [each for each, name in named.items() if words <= set(key(name).split())]
    return max(fit, key=lambda each: (len(history.buyers[each]), named[each]), default=None)


def _pair_line(turn: Turn, baskets: Baskets, pair: Pair) -> str:
    """``Dupatta: 6 of 8 who bought it (75%), 1.8 times as often as all customers; ...``."""
    told = turn.say(
        "with_pair", n=pair.both, of=pair.of, percent=f"{pair.confidence:.0%}",
        times=f"{pair.lift:.1f}", support=f"{pair.support:.0%}",
    )  # fmt: skip
    name = turn.voice.apart(baskets.names[pair.thing])
    return turn.voice.told(f"{name}: {told}")


def best_offer(turn: Turn, contact: Contact) -> Offer | None:
    """The first of these for a person, or for their company."""
    customer = customer_in(Who(contact, contact.company))
    baskets = Baskets(turn.session, turn.workspace.id, fold)
    history = History.of(baskets.bought)
    if customer not in history.things:
        return None
    return next(iter(_found(turn, baskets, history, customer)), None)


def _slots(ids: dict[str, int]) -> dict[str, Any]:
    return dict(ids)


def _all(turn: Turn, ids: dict[str, int]) -> Button:
    return turn.button("all_orders_button", "order.list", **_slots(ids))


def _line(turn: Turn, each: Offer) -> str:
    return f"{turn.voice.apart(each.name)}: {each.why}".replace(RLM, "")


def _act(turn: Turn, each: Offer, ids: dict[str, int]) -> Button:
    """A task for what runs out, a deal for what is new to them."""
    if each.day is not None:
        text = turn.piece("offer_task", thing=each.name)
        due = max(each.day, turn.today).isoformat()
        call = Call("task.add", {**ids, "text": text, "due": due})
        return Button(turn.say("offer_task_button", thing=each.name), call)
    call = Call("deal.add", {**ids, "text": each.name})
    return Button(turn.say("offer_deal_button", thing=each.name), call)


def _found(turn: Turn, baskets: Baskets, history: History, customer: Any) -> list[Offer]:
    """What runs out now first, then what goes with what they have, then the next size."""
    name = baskets.names
    found = []
    for refill in refills(history, customer):
        if refill.is_due(turn.today):
            said = {"last": turn.voice.day(refill.last.day), "due": turn.voice.day(refill.due)}
            key = "offer_refill" if refill.own else "offer_refill_others"
            why = turn.say(key, n=refill.days, **said)
            found.append(Offer(name[refill.thing], why, refill.due))
    for pair in cross_sell(history, customer):
        why = turn.say("offer_pair", n=pair.both, of=pair.of, because=name[pair.because])
        found.append(Offer(name[pair.thing], why))
    for size in next_sizes(history, customer, _listed(turn)):
        key = "offer_size_moved" if size.moved else "offer_size"
        why = turn.say(key, n=size.moved or size.times, smaller=name[size.smaller])
        found.append(Offer(name[size.thing], why))
    once: dict[str, Offer] = {}
    for each in found:
        once.setdefault(each.name, each)
    return list(once.values())


def _listed(turn: Turn) -> list[Sold]:
    rows = turn.session.scalars(
        select(Product).where(
            Product.workspace_id == turn.workspace.id, Product.active,
            Product.category.is_not(None), Product.price_minor.is_not(None),
        )
    )  # fmt: skip
    return [
        Sold(row.id, row.category or "", row.unit or "", row.currency or "", row.price_minor or 0)
        for row in rows
    ]
