"""``rabta understand``: one line of JSON in, what it asks for out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from language.reader import read


def answer(line: bytes, *, explain: bool = False) -> dict[str, Any]:
    """The actions of ``{"id", "text", "now"}``. Raises ValueError with what is wrong with it."""
    try:
        question = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from None
    match question:
        case {"text": str(text), "now": str(said)}:
            now = datetime.fromisoformat(said)
        case _:
            raise ValueError(
                'it must be like {"id": "1", "text": "...", "now": "2026-11-23T10:00"}'
            )
    actions = []
    for action in read(text, now):
        shown: dict[str, Any] = {"intent": action.intent, **action.slots}
        if explain:
            spans = {name: list(span) for name, span in action.spans.items()}
            shown |= {"confidence": round(action.confidence, 3), "spans": spans}
        actions.append(shown)
    return {"id": question.get("id"), "actions": actions}
