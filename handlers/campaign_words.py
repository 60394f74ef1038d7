"""What a message says of messages to customers, where what it names is there to be sent."""

from __future__ import annotations

from handlers.audience import audience_said
from handlers.reply import Call
from handlers.templates import named
from handlers.turn import Turn
from language.action import Action
from language.campaigning import read_campaigning, speaks_of_many
from language.sending import Sending, may_send, read_sending
from storage.models import MessageTemplate
from storage.templates import templates_of

NAMES = frozenset({"message.send"})
"""What is meant only where a template has the name: "send the quote to Sara" is a task."""


def campaign_wished(turn: Turn, text: str) -> Call | None:
    action = read_campaigning(text)
    if action is not None and action.intent not in NAMES:
        return Call(action.intent, action.slots)
    if action is not None and (call := _sent(turn, action)):
        return call
    return _described(turn, text) if may_send(text) else None


def _sent(turn: Turn, action: Action) -> Call | None:
    """A text to one customer, or to many of whom it is known who they are."""
    template = named(turn, str(action.slots.get("name", "")))
    if template is None:
        return None
    to = str(action.slots.get("to", ""))
    audience = audience_said(turn, to)
    slots = {**action.slots, "name": template.name}
    if audience is not None:
        del slots["to"]
        return Call("campaign.plan", {**slots, "query": audience.query, "told": audience.told})
    return None if speaks_of_many(to) else Call("message.send", slots)


def _described(turn: Turn, text: str) -> Call | None:
    """A text to many who are described, in whatever order it is said. Where that is not understood
    it is told so, as nothing else can be meant."""
    rows = templates_of(turn.session, turn.workspace.id)
    found = read_sending(text, {str(row.id): row.name for row in rows})
    if found is None:
        return None
    template = next(row for row in rows if str(row.id) == found.key)
    return _planned(turn, template, found)


def _planned(turn: Turn, template: MessageTemplate, found: Sending) -> Call | None:
    audience = audience_said(turn, found.to)
    if audience is None and not speaks_of_many(found.to):
        return None
    query, told = (audience.query, audience.told) if audience else (None, found.to)
    slots = {"name": template.name, "query": query, "told": told, "channels": found.channels}
    return Call("campaign.plan", {key: value for key, value in slots.items() if value is not None})
