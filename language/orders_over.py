"""Orders that are called off, were none, or come again: "cancel Bilal's order", "delete my last
order", "repeat Bilal's last order".

Told by the templates of `words/orders_over.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.macros import phrases_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import customer_at, told

HEADING = "orders_over"


def read_orders_over(sheet: Sheet) -> Iterator[Action]:
    """``order.cancel`` with whom, ``last`` where their last one is meant, ``away`` where it is to
    be deleted; ``order.again`` with whom. Where nobody is named, the order that the member wrote
    down last is meant."""
    if not likely(sheet, HEADING):
        return
    last = {"last": True} if any(phrases_at(sheet, ("ox_last",))) else {}
    for said, slots in told(sheet, HEADING):
        whom = customer_at(sheet, slots["who"]) if "who" in slots else {}
        if whom is None:
            continue
        if said == "order.again":
            yield Action(said, whom)
        else:
            away = {"away": True} if said == "order.delete" else {}
            yield Action("order.cancel", {**whom, **last, **away})
