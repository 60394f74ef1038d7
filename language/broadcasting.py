"""The wish to write to all customers at once: "send eid mubarak to all customers".

Told by the templates of `words/broadcasting.toml`, only where the whole message says so.
"""

from __future__ import annotations

from language.action import Action
from language.sheet import Sheet
from language.templates import likely
from language.whole import bare, told


def read_broadcasting(sheet: Sheet) -> Action | None:
    """``broadcast.how``, with the text that they are to get where one was said."""
    if not likely(sheet, "broadcasting"):
        return None
    found = [slots for _, slots in told(sheet, "broadcasting")]
    if not found:
        return None
    said = [bare(sheet.said(*slots["rest"])) if "rest" in slots else "" for slots in found]
    text = min(said, key=len)  # "message" in "message bhejo" is what they get, and not its words
    return Action("broadcast.how", {"text": text} if text else {})
