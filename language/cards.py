"""A vCard pasted as text: its lines read as they are, however a phone wrote them."""

from __future__ import annotations

import re
from typing import Any

from language.action import Action
from language.points import clean_email, e164

_LINE = re.compile(
    r"(?:item\d+\.)?(FN|N|ORG|TITLE|TEL|EMAIL|ADR)((?:;[^:\n]{0,80})?):(.{0,400})", re.IGNORECASE
)
_CITY = 3  # the place of the city among the parts of an address
_MOST = 200  # lines


def read_card(text: str, region: str) -> Action | None:
    """The contact on a vCard; None where the text is none."""
    if "BEGIN:VCARD" not in text[:200].upper():
        return None
    slots: dict[str, Any] = {}
    for line in text.splitlines()[:_MOST]:
        found = _LINE.match(line.strip())
        if found:
            _take(slots, found[1].upper(), found[3].strip(), region)
    name = slots.pop("parts", None)
    if name and "contact" not in slots:
        slots["contact"] = name
    return Action("contact.add", slots, 0.9) if {"contact", "company"} & set(slots) else None


def _take(slots: dict[str, Any], field: str, said: str, region: str) -> None:
    """Put one line of a card into the slots; what came first stays."""
    value: str | None = said.replace("\\,", ",")
    if field == "N":
        last, _, first = (value or "").partition(";")
        slot, value = "parts", f"{first.partition(';')[0]} {last}".strip()
    elif field == "ADR":
        parts = (value or "").split(";")
        slot, value = "city", parts[_CITY].strip() if len(parts) > _CITY else None
    elif field == "TEL":
        slot, value = "phone", e164((value or "").removeprefix("tel:"), region)
    elif field == "EMAIL":
        slot, value = "email", clean_email(value or "")
    else:
        slot = {"FN": "contact", "ORG": "company", "TITLE": "title"}[field]
        value = (value or "").partition(";")[0].strip()
    if value:
        slots.setdefault(slot, value)
