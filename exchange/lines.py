"""JSON Lines as ``rabta export`` writes them, or this reading itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from exchange.headers import KINDS
from exchange.records import Place, Record
from exchange.values import Phones

_TYPES = frozenset({
    *KINDS, "member", "task", "stage", "field", "label", "pipeline", "rate", "goal", "week",
    "score_rule", "lead_rule",
    "ticket", "rating", "referral",
    "segment",
    "template", "campaign", "sequence", "sequence_run", "message", "feedback",
})  # fmt: skip
_LISTS = ("phones", "emails", "tags", "phones_as_written")


@dataclass(frozen=True, slots=True)
class Bad:
    """A line or row that is no record: ``no_json`` or ``unknown_type``, and how it begins."""

    reason: str
    text: str
    place: Place


def records(lines: Iterable[str], file: str, region: str) -> Iterator[Record | Bad]:
    """The records of the lines; a line that is none is told, and the next one read."""
    number = 0
    for line in lines:
        if not line.strip():
            continue
        number += 1
        place = Place(file, number)
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            yield Bad("no_json", line[:200], place)
            continue
        if not isinstance(told, dict) or str(told.get("type")) not in _TYPES:
            yield Bad("unknown_type", line[:200], place)
            continue
        yield _record(told, region, place)


def _record(told: dict[str, Any], region: str, place: Place) -> Record:
    came_from = told.pop("source", None)  # in an export where the customer came from
    for key in _LISTS:
        if key in told:
            values = told[key] if isinstance(told[key], list) else [told[key]]
            told[key] = [str(value) for value in values if value not in (None, "")]
    if told["type"] in {"contact", "company"}:
        told.setdefault("lead_source", came_from if isinstance(came_from, str) else None)
        written = told.pop("phones_as_written", None) or told.get("phones") or _one(told, "phone")
        phones = Phones(region)
        for said in written:
            phones.add_one(str(said))
        told["phones_as_written"] = phones.written
        if told["type"] == "contact":
            told["phones"] = phones.read
            if phones.odd:
                told["phones_odd"] = phones.odd
        elif phones.written:
            told["phone"] = next(iter([*phones.read, *phones.odd]), None)
        told["fields"] = told.get("fields") if isinstance(told.get("fields"), dict) else {}
    return {**told, "source": place.told()}


def _one(told: dict[str, Any], key: str) -> list[Any]:
    return [told[key]] if told.get(key) else []
