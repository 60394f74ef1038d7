"""``rabta understand``: one line of JSON in, what it asks for out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from language.action import Action
from language.reader import read
from language.typed import typed_values


def answer(line: bytes, *, explain: bool = False) -> dict[str, Any]:
    """The actions of ``{"id", "text", "now"}``. Raises ValueError with what is wrong with it."""
    question, text, now = _asked(line)
    actions = []
    for action in read(text, now):
        shown: dict[str, Any] = {"intent": action.intent, **action.slots}
        actions.append(shown | _explained(action) if explain else shown)
    return {"id": question.get("id"), "actions": actions}


def _explained(action: Action) -> dict[str, Any]:
    """How sure a reading is and why not surer, where its slots were said, what else it may be."""
    return {
        "confidence": round(action.confidence, 3),
        "spans": {slot: action.spans.get(slot) or _unsaid(action, slot) for slot in action.slots},
        "doubts": list(action.doubts),
        "assumed": action.assumed,
        "rivals": [{"intent": rival.intent, **rival.slots} for rival in action.rivals],
    }


def _unsaid(action: Action, slot: str) -> str:
    return "carried" if action.assumed.get(slot) == "carried" else "assumed"


def values(line: bytes) -> dict[str, Any]:
    """The typed values of a line; it may name a ``locale`` (en-US: 5/12 is in May) and a
    ``region`` for phones. Raises ValueError with what is wrong with it."""
    question, text, now = _asked(line)
    region, locale = (str(question.get(key) or usual) for key, usual in _USUAL)
    found = [
        {
            "kind": one.kind,
            "text": text[one.start : one.end],
            "start": one.start,
            "end": one.end,
            "value": one.value,
        }
        for one in typed_values(text, now, region, locale)
    ]
    return {"id": question.get("id"), "values": found}


_USUAL = (("region", "PK"), ("locale", ""))


def _asked(line: bytes) -> tuple[dict[str, Any], str, datetime]:
    """A line of JSON, its text and the moment that it counts from."""
    try:
        question = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from None
    match question:
        case {"text": str(text), "now": str(said)} | {
            "text": str(text),
            "reference_time": str(said),
        }:
            return question, text, datetime.fromisoformat(said)
        case _:
            raise ValueError(
                'it must be like {"id": "1", "text": "...", "now": "2026-11-23T10:00"}'
            )
