"""Orders that are called off, were none, come again, or stand otherwise: "cancel Bilal's order",
"delete my last order", "repeat Bilal's last order", "Bilal's order is delivered"; and which there
are of a size, or on their way.

Told by the templates of `words/orders_over.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from language.action import Action
from language.amounts import sums_in
from language.figures.spans import days_at
from language.macros import called_at, phrases_at
from language.numbers import numbers_in
from language.sheet import Sheet
from language.templates import likely
from language.whole import told, whom_in

HEADING = "orders_over"

STANDS = ("delivered", "sent", "ready", "late")
"""How an order may stand."""


def read_orders_over(sheet: Sheet) -> Iterator[Action]:
    """``order.cancel`` with whom, ``last`` where their last one is meant, ``away`` where it is to
    be deleted; ``order.again`` with whom. Where nobody is named, the order that the member wrote
    down last is meant."""
    if not likely(sheet, HEADING):
        return
    last = _last(sheet)
    for said, slots in told(sheet, HEADING):
        whom = whom_in(sheet, slots)
        if whom is None:
            continue
        if said == "order.again":
            yield Action(said, whom)
        else:
            away = {"away": True} if said == "order.delete" else {}
            yield Action("order.cancel", {**whom, **last, **away})


def read_standing(sheet: Sheet) -> Iterator[Action]:
    """``order.stands`` with whom, ``how`` (one of ``STANDS``) and ``last``, as above."""
    if not likely(sheet, "order_stands"):
        return
    last = _last(sheet)
    ways = called_at(sheet, "os_", STANDS)
    for intent, slots in told(sheet, "order_stands", {"how": list(ways)}):
        whom = whom_in(sheet, slots)
        if whom is not None:
            how = ways[slots["how"]] if "how" in slots else STANDS[0]
            yield Action(intent, {**whom, **last, "how": how})


def read_orders_asked(sheet: Sheet, today: date) -> Iterator[Action]:
    """``order.list`` with ``least`` or ``most``, whole units as text, or with ``top``, how many of
    the largest, and with days (``first`` and ``last``) where some were said; with ``undelivered``
    where those are asked for."""
    if likely(sheet, "orders_open") and any(told(sheet, "orders_open")):
        yield Action("order.list", {"undelivered": True})
    if not likely(sheet, "orders_asked"):
        return
    days, counts = days_at(sheet, today), dict(numbers_in(sheet))
    sums = {(each.i, each.j): str(each.value) for each in sums_in(sheet)}
    known = {"least": list(sums), "most": list(sums), "n": list(counts), "period": list(days)}
    for intent, slots in told(sheet, "orders_asked", known):
        said: dict[str, Any] = {
            name: sums[slots[name]] for name in ("least", "most") if name in slots
        }
        top = {} if said else {"top": counts[slots["n"]] if "n" in slots else 1}
        yield Action(intent, {**said, **top, **days.get(slots.get("period", (0, 0)), {})})


def _last(sheet: Sheet) -> dict[str, Any]:
    return {"last": True} if any(phrases_at(sheet, ("ox_last",))) else {}
