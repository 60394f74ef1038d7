"""What a corrected record says of the message it came from: which slot should have held what."""

from __future__ import annotations

from typing import Any

from handlers.editable import Row

Action = dict[str, Any]
"""``{"intent": ..., slots}``, as ``rabta understand`` answers."""


def corrected(meant: list[Action], row: Row, field: str) -> list[Action]:
    """The actions with the value that the record has now."""
    kind = row.__tablename__
    slot = SLOTS.get((kind, field))
    if slot is None:
        return meant
    values = _values(row, field, slot)
    for action in _about(meant, kind, slot):
        action.update(values)
        for name in [name for name, value in action.items() if value is None]:
            del action[name]
    return meant


def _about(meant: list[Action], kind: str, slot: str) -> list[Action]:
    """The actions that a record of that kind comes from; a name stands in all that have it."""
    if kind in ("contact", "company"):
        having = [each for each in meant if slot in each]
        return having if having and slot in ("contact", "company") else (having or meant)[:1]
    return [each for each in meant if each["intent"].partition(".")[0] == kind][:1]


def _values(row: Any, field: str, slot: str) -> Action:
    if slot == "amount":
        money = row.amount
        if money is None:
            return {"amount": None, "currency": None}
        whole = money.amount == money.amount.to_integral_value()
        exact = int(money.amount) if whole else float(money.amount)
        return {"amount": exact, "currency": money.currency}
    value = getattr(row, ATTRIBUTES.get(field, field))
    if field == "company":
        value = value.name if value else None
    elif isinstance(value, list):
        value = value[0] if value else None
    elif slot in ("due", "close"):
        value = str(value) if value else None
    return {slot: value}


ATTRIBUTES = {"phone": "phones", "email": "emails", "close": "close_day"}
"""How a record calls what its form calls otherwise."""

SLOTS = {
    ("contact", "name"): "contact",
    ("company", "name"): "company",
    **{("contact", name): name for name in ("company", "title", "phone", "email", "city")},
    ("company", "city"): "city",
    ("deal", "title"): "text",
    **{("deal", name): name for name in ("amount", "stage", "close")},
    **{("task", name): name for name in ("text", "due")},
    ("activity", "text"): "text",
}
"""The slot behind each field of a form."""
