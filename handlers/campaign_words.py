"""What a message says of messages to customers, where what it names is there to be sent."""

from __future__ import annotations

from handlers.reply import Call
from handlers.templates import named
from handlers.turn import Turn
from language.campaigning import read_campaigning

NAMES = frozenset({"message.send"})
"""What is meant only where a template has the name: "send the quote to Sara" is a task."""


def campaign_wished(turn: Turn, text: str) -> Call | None:
    action = read_campaigning(text)
    if action is None:
        return None
    if action.intent in NAMES and named(turn, str(action.slots.get("name", ""))) is None:
        return None
    return Call(action.intent, action.slots)
