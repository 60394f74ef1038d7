"""What a message says of messages to customers, where what it names is there to be sent."""

from __future__ import annotations

from handlers.audience import audience_said
from handlers.reply import Call
from handlers.templates import named
from handlers.turn import Turn
from language.campaigning import read_campaigning, speaks_of_many

NAMES = frozenset({"message.send"})
"""What is meant only where a template has the name: "send the quote to Sara" is a task."""


def campaign_wished(turn: Turn, text: str) -> Call | None:
    action = read_campaigning(text)
    if action is None:
        return None
    if action.intent not in NAMES:
        return Call(action.intent, action.slots)
    template = named(turn, str(action.slots.get("name", "")))
    if template is None:
        return None
    to = str(action.slots.get("to", ""))
    slots = {**action.slots, "name": template.name}
    audience = audience_said(turn, to)
    if audience is None and not speaks_of_many(to):
        return Call("message.send", slots)
    slots.pop("to")
    return Call(
        "campaign.plan",
        {
            **slots,
            "query": audience.query if audience else None,
            "told": audience.told if audience else to,
        },
    )
