"""What a reading takes for granted: slots whose value was not said in so many words, and why."""

from __future__ import annotations

from typing import Any

from language.filling import Filling
from language.spotting import Item

_LOOKS = {"on": "back", "due": "ahead", "close": "ahead"}
"""Which way a date looks that might be either."""


def assumed(filling: Filling, slots: dict[str, Any]) -> dict[str, str]:
    """Slots with the key of what was assumed: the ``usual`` currency; a day that lies ``back`` or
    ``ahead`` because something was done or is to be done; ``today``, where only a time was said."""
    found: dict[str, str] = {}
    amount = filling.used.get("amount")
    if amount and "currency" in slots and getattr(amount.value, "currency", "") is None:
        found["currency"] = "usual"
    for slot, look in _LOOKS.items():
        item = filling.used.get(slot)
        why = _way(item, look) if item and slot in slots else None
        if why:
            found[slot] = why
    return found


def _way(item: Item, look: str) -> str | None:
    moment = item.value.moment
    if moment is None or moment.base or moment.look or item.value.every:
        return None
    if moment.clock and not moment.has_day:
        return "today"
    if moment.starts is not None or moment.year is not None:
        return None
    swings = moment.swing is not None or moment.weekday is not None or moment.day is not None
    return look if swings else None
