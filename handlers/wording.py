"""Actions in words: what a reading is called and what stands in it, for buttons and for /why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from handlers.finding import sum_said
from handlers.own_fields import field_names
from handlers.pipeline import pipeline_name, stage_name
from handlers.reply import Call
from handlers.turn import Sorry, Turn
from rules.calendar import Due

DAYS = ("due", "on", "close")
"""Slots that hold a day or a moment."""

STAGES = ("stage", "after", "before", "to")
"""Slots that hold a stage."""

DETAILS = (
    "contact", "company", "quantity", "product", "amount", "stage", "pipeline", "due",
    "every", "on", "close", "phone", "email", "city", "title", "metric", "period", "by",
)  # fmt: skip
"""What a label says of an action, in this order."""

LONGEST = 60
"""Letters of the details on a button."""

NAMED = {"close_within": "period", "language": "tongue"}
"""Slots whose values are named like another's."""


def called(turn: Turn, call: Call) -> str:
    """What an action is called: ``Log a call``, ``New deal``."""
    kind = call.slots.get("kind", "note") if call.intent == "activity.log" else ""
    intent = "deal.win" if call.slots.get("won") else call.intent
    name = "_".join(part for part in (intent.replace(".", "_"), kind) if part)
    return turn.say(f"meant_{name}" if f"meant_{name}" in turn.voice.words else "meant_other")


def labelled(turn: Turn, call: Call) -> str:
    """An action on a button: ``Log a call: Ali Raza, tomorrow``."""
    slots = call.slots
    if slots.get("quantity") is not None:
        slots = {**slots, "quantity": _goods(turn, slots), "product": None}
    told = [told_of(turn, name, slots) for name in DETAILS if slots.get(name) is not None]
    if call.intent == "task.add" and slots.get("text"):
        text = str(slots["text"])
        told = [text, *(each for each in told if each not in text)]
    if call.intent in LOOKS and (asked := _asked(slots)):
        told = [asked]
    if call.intent == "goal.set" and slots.get("target"):
        told = [_aim(turn, slots)]
    what = turn.voice.beside(*told)
    if not what:
        return called(turn, call)
    return turn.say("meant_button", what=turn.voice.told(called(turn, call)), detail=_short(what))


LOOKS = ("stats.ask", "segment.find")
"""What is looked up in words of its own, which are its label."""


def _asked(slots: dict[str, Any]) -> str:
    """The words, but for a query that nobody says aloud."""
    text = str(slots.get("text") or "")
    return text if not set(text) & set('"=<>') else ""


def _aim(turn: Turn, slots: dict[str, Any]) -> str:
    """``20 new customers``, ``Rs 50 lakh``: what a goal would be of."""
    measure = str(slots.get("measure") or "")
    if measure == "amount":
        return _sum(turn, slots["target"], slots.get("currency") or turn.currency)
    key = f"goal_of_{slots.get('kind') or measure}"
    shown = turn.voice.show(Decimal(str(slots["target"])))
    return turn.piece(key, n=shown) if key in turn.voice.words else shown


def _goods(turn: Turn, slots: dict[str, Any]) -> str:
    """``20 pumps``: a count with what is counted, where that was said."""
    what = slots.get("product") or slots.get("text") or ""
    return f"{turn.voice.show(slots['quantity'])} {what}".strip()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else type(text)(f"{text[: LONGEST - 1]}…")


def told_of(turn: Turn, name: str, slots: dict[str, Any]) -> str:
    """The value of a slot as it is read aloud."""
    value = slots[name]
    if name in DAYS and isinstance(value, str):
        return _day(turn, value)
    if name in STAGES and value != "next":
        return stage_name(turn, str(value))
    if name == "by":
        return turn.say("meant_by", name=str(value))
    if name == "pipeline" or name.endswith("_pipeline"):
        return pipeline_name(turn, str(value))
    if name == "field":
        return field_names(turn).get(str(value), str(value))
    if name == "amount" and slots.get("currency"):
        return _sum(turn, value, slots["currency"])
    if name == "items" and isinstance(value, list):
        return turn.voice.show([_item(turn, good) for good in value])
    if name == "value" and "name" in slots:
        name = str(slots["name"])  # of a setting
    key = "_".join((NAMED.get(name, name), str(value).replace(":", "_"))).lower()
    return turn.piece(key) if key in turn.voice.words else turn.voice.show(value)


def _item(turn: Turn, good: dict[str, Any]) -> str:
    """``200 m denim``."""
    count = turn.voice.show(good["quantity"]) if good.get("quantity") is not None else None
    return " ".join(each for each in (count, good.get("unit"), good.get("name")) if each)


def _day(turn: Turn, value: str) -> str:
    try:
        return turn.voice.due(Due.parse(value))
    except ValueError:
        return value


def _sum(turn: Turn, value: Any, currency: str) -> str:
    try:
        return turn.voice.exact_money(sum_said(value, currency))
    except Sorry:
        return f"{value} {currency}"
