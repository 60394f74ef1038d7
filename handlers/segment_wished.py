"""Whether a message is about segments: one that has a name, or a description of contacts."""

from __future__ import annotations

from handlers.reply import Call
from handlers.segment_finding import lately
from handlers.segment_groups import grouping_wished
from handlers.segment_kept import segment_names
from handlers.segment_reading import read
from handlers.turn import Turn
from language.ahead import read_ahead
from language.assigning import read_assigning
from language.segments.asking import describes, makes, may_describe, of_segments, tells_of_whom
from language.segments.reading import Read
from language.segments.wishes import (
    LONGEST_TEXT,
    came_in,
    changed_in,
    described_in,
    made_in,
    read_wish,
)
from language.sheet import lay_out
from rules.segments.tree import And, Test


def segment_wished(turn: Turn, text: str) -> Call | None:
    """What is asked of segments; None for a message that is about anything else."""
    cued = of_segments(text)
    if cued and (made := made_in(text)):
        name, description = made
        if makes(text, description, read(turn, description)):
            return Call("segment.save", {"name": name, "text": description})
    if (came := came_in(text)) and read(turn, came).whole:
        return Call("segment.find", {"text": came, "count": True})
    names = segment_names(turn)
    if names and len(text) < LONGEST_TEXT and (changed := changed_in(text, names)):
        return Call("segment.edit", {"segment": int(changed[0]), "text": changed[1]})
    spoken = bool(lately(turn)) if cued else False
    if (names or spoken) and (wish := read_wish(text, names, spoken=spoken)):
        return Call(wish.intent, wish.slots)
    if wish := read_wish(text, {}, spoken=False):
        return Call(wish.intent, wish.slots)
    found = grouping_wished(turn, text) or _described(turn, text)
    found = found or (_behind_the_word(text) if cued else None)
    if found and read_assigning(lay_out(text)):  # who has how many leads, and who is to have them
        return None
    return found


def _behind_the_word(text: str) -> Call | None:
    """What is described behind the word "segment" is nothing else, understood or not."""
    said = described_in(text)
    if said is None or not tells_of_whom(said):
        return None
    return Call("segment.find", {"text": said})


def _described(turn: Turn, text: str) -> Call | None:
    if not may_describe(text) or _asks_whom_to_call(turn, text):
        return None
    found = read(turn, text)
    if not describes(text, found):
        return None
    if whose := _whose_at_risk(turn, found):
        return Call("risk.list", {"owner": whose})
    return Call("segment.find", {"text": text, **({"count": True} if found.count else {})})


def _asks_whom_to_call(turn: Turn, text: str) -> bool:
    """Whether it is asked for people to call: those that are worth it today, and not those who
    were called."""
    action = read_ahead(lay_out(text), turn.today)
    return action is not None and action.intent == "call.list"


def _whose_at_risk(turn: Turn, found: Read) -> str | None:
    """Somebody, of whose customers at risk nothing more is asked: they are told with reasons."""
    nodes = found.node.nodes if isinstance(found.node, And) else ()
    tests = {node.field: node for node in nodes if isinstance(node, Test)}
    if found.count or set(tests) != {"customer", "owner", "at_risk"} or len(nodes) != len(tests):
        return None
    owners = tests["owner"].value
    if tests["owner"].op != "=" or not tests["at_risk"].value:
        return None
    if not isinstance(owners, tuple) or len(owners) != 1:
        return None
    return "me" if owners[0] == turn.member.name else str(owners[0])
