"""jCard: vCards as JSON (RFC 7095), one ``["vcard", [...]]`` or a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from exchange.refusing import Refused
from exchange.vcard import PICTURES, Card, Property


def jcards(data: bytes) -> Iterator[Card]:
    """The cards of a file. Raises Refused for what is damaged."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("broken") from None
    for each in [told] if told[0] == "vcard" else told:
        match each:
            case ["vcard", list(properties), *_]:
                yield [found for one in properties if (found := _property(one))]


def _property(one: Any) -> Property | None:
    match one:
        case [str(name), dict(about), str(), *values] if values and name.upper() not in PICTURES:
            pass
        case _:
            return None
    types = {kind.lower() for kind in _texts(about.get("type"))} | {"pref"} & about.keys()
    parts = [part for value in values for part in _parts(value)]
    label = next(iter(_texts(about.get("x-name") or about.get("label"))), "")
    group = next(iter(_texts(about.get("group"))), "")
    return Property(
        name.upper(), group.lower(), frozenset(types), tuple(parts), ";".join(parts), label
    )


def _parts(value: Any) -> list[str]:
    """What stands between semicolons in a card that is text; each may be several values."""
    if isinstance(value, list):
        return [", ".join(_texts(each)) for each in value]
    return _texts(value)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each) for each in values if isinstance(each, str | int | float)]
