"""What a code holds: a person, or something else that can at least be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from exchange.qr import payload
from exchange.records import Place, Record
from exchange.refusing import Refused
from exchange.values import tidy

What = Literal["link", "wifi", "event", "place", "text"]

LONGEST = 300
"""Characters of what a code holds that are told."""

_STARTS: Mapping[str, What] = {
    "http://": "link", "https://": "link", "www.": "link", "wifi:": "wifi",
    "begin:vevent": "event", "begin:vcalendar": "event", "geo:": "place",
}  # fmt: skip
_NETWORK = re.compile(r"(?:^|;)S:((?:\\.|[^;\\])*)", re.IGNORECASE)
_SUMMARY = re.compile(r"^SUMMARY[^:\r\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Holds:
    """``text`` is what to show of it: of a network its name, never its password."""

    what: What
    text: str

    def told(self) -> dict[str, str]:
        return asdict(self)


def holding(text: str, region: str, place: Place) -> Record | Holds:
    """The person whom a code tells of; else what it holds."""
    try:
        record = payload(text, region, place)
    except Refused:
        return _other(text.strip())
    said = ("name", "company", "phones", "phones_as_written", "emails")
    return record if any(record[key] for key in said) else _other(text.strip())


def _other(text: str) -> Holds:
    start = text.lower()
    what: What = next((kind for sign, kind in _STARTS.items() if start.startswith(sign)), "text")
    if what == "wifi":
        network = _NETWORK.search(text[5:])
        text = re.sub(r"\\(.)", r"\1", network[1]) if network else ""
    elif what == "event":
        named = _SUMMARY.search(text)
        text = named[1] if named else ""
    elif what == "place":
        text = text[4:]
    return Holds(what, tidy(text)[:LONGEST])
