"""What a message says of messages to customers, where what it names is there to be sent."""

from __future__ import annotations

from handlers.audience import audience_said
from handlers.reply import Call
from handlers.templates import named
from handlers.turn import Turn
from language.action import Action
from language.campaigning import read_brought, read_campaigning, speaks_of_many
from language.folding import fold
from language.sending import Sending, may_send, read_sending
from language.sheet import lay_out
from language.voice import one_line
from storage.campaigns import campaigns_of
from storage.models import MessageTemplate
from storage.templates import templates_of

NAMES = frozenset({"message.send"})
"""What is meant only where a template has the name: "send the quote to Sara" is a task."""


def campaign_wished(turn: Turn, text: str) -> Call | None:
    if may_send(text) and (parted := _with_share(text)):
        call = campaign_wished(turn, parted[0])
        if call is not None and call.intent == "campaign.plan":
            return call.with_slots(held=parted[1])
    action = read_campaigning(text)
    if action is not None and action.intent not in NAMES:
        return Call(action.intent, action.slots)
    if action is not None and (call := _sent(turn, action)):
        return call
    if action is None and (asked := read_brought(text)) and (call := _brought(turn, asked)):
        return call
    return _described(turn, text) if may_send(text) else None


def _brought(turn: Turn, action: Action) -> Call | None:
    """What a campaign brought that is not called one: "how did the Eid offer do"."""
    name = str(action.slots.get("name", ""))
    rows = campaigns_of(turn.session, turn.workspace.id, MOST_LOOKED_AT)
    key = fold(one_line(name))
    if any(row.name_key == key for row in rows) or named(turn, name):
        return Call("campaign.show", action.slots)
    return None


MOST_LOOKED_AT = 200
"""Campaigns among which one is sought by its name, the latest."""


def _with_share(text: str) -> tuple[str, int] | None:
    """A message that ends with how many are to be held out: what stands before, and the share."""
    sheet = lay_out(text)
    size = len(sheet.tokens)
    for at in range(max(1, size - LONGEST_SHARE), size - 1):
        begun = at + 1 if sheet.key(at) in _JOINTS else at
        if begun == at and sheet.key(at - 1) not in _JOINTS:
            continue
        found = read_campaigning(sheet.said(begun, size))
        if found is not None and found.intent == "campaign.hold":
            end = at
            while end > 1 and sheet.key(end - 1) in _JOINTS:
                end -= 1
            return sheet.said(0, end), int(found.slots.get("n") or 0)
    return None


LONGEST_SHARE = 9
"""Tokens of what is held out."""

_JOINTS = frozenset({",", "،", ";", "and", "but", "with", "aur", "اور", "magar", "مگر", "."})


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
