"""A vCard pasted as text: its lines read as they are, however a phone wrote them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from language.action import Action
from language.points import clean_email, e164

_LINE = re.compile(
    r"^[ \t]*(?:item\d+\.)?(FN|N|ORG|TITLE|TEL|EMAIL|ADR)(?:;[^:\n]{0,80})?:([^\r\n]{0,400})",
    re.IGNORECASE | re.MULTILINE,
)
_CITY = 3  # the place of the city among the parts of an address
_MOST = 200  # lines
_SLOTS = {"FN": "contact", "N": "contact", "ORG": "company", "TITLE": "title", "TEL": "phone",
          "EMAIL": "email", "ADR": "city"}  # fmt: skip


def read_card(text: str, region: str) -> Action | None:
    """The contact on a vCard; None where the text is none. What stands first counts, and a whole
    name before one in parts."""
    if "BEGIN:VCARD" not in text[:200].upper():
        return None
    lines = list(islice(_LINE.finditer(text), _MOST))
    lines.sort(key=lambda line: line[1].upper() == "N")
    slots: dict[str, Any] = {}
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for line in lines:
        slot = _SLOTS[line[1].upper()]
        value = _value(line[1].upper(), line[2].strip(), region)
        if value and slot not in slots:
            slots[slot], spans[slot] = value, (line.span(2),)
    known = {"contact", "company"} & set(slots)
    return Action("contact.add", slots, 0.9, spans) if known else None


def _value(field: str, said: str, region: str) -> str | None:
    """What one line says, fit for its slot."""
    said = said.replace("\\,", ",")
    if field == "TEL":
        return e164(said.removeprefix("tel:"), region)
    if field == "EMAIL":
        return clean_email(said)
    parts = [part.strip() for part in said.split(";")]
    if field == "N":
        return " ".join(filter(None, (*parts[1:2], parts[0])))
    return parts[0] if field != "ADR" else parts[_CITY] if len(parts) > _CITY else None
