"""A next step in words: what is to be done, and until when."""

from __future__ import annotations

from datetime import datetime

from language.reader import read
from language.values import read_due


def read_step(text: str, now: datetime) -> tuple[str, str | None]:
    """``send samples by friday`` as what to do and the day (or moment) until which it is to be
    done; all of the text where no day stands apart in it."""
    actions = read(text, now)
    only = actions[0] if len(actions) == 1 and actions[0].intent == "task.add" else None
    if only and only.slots.get("text") and only.slots.get("due"):
        return str(only.slots["text"]), str(only.slots["due"])
    return text, read_due(text, now)
