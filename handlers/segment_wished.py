"""Whether a message is about segments: one that has a name, or a description of contacts."""

from __future__ import annotations

from handlers.reply import Call
from handlers.segment_finding import lately
from handlers.segment_kept import segment_names
from handlers.segment_reading import read
from handlers.turn import Turn
from language.assigning import read_assigning
from language.segments.asking import describes, makes, may_describe, of_segments, tells_of_whom
from language.segments.wishes import LONGEST_TEXT, changed_in, described_in, made_in, read_wish
from language.sheet import lay_out


def segment_wished(turn: Turn, text: str) -> Call | None:
    """What is asked of segments; None for a message that is about anything else."""
    cued = of_segments(text)
    if cued and (made := made_in(text)):
        name, description = made
        if makes(text, description, read(turn, description)):
            return Call("segment.save", {"name": name, "text": description})
    names = segment_names(turn)
    if names and len(text) < LONGEST_TEXT and (changed := changed_in(text, names)):
        return Call("segment.edit", {"segment": int(changed[0]), "text": changed[1]})
    spoken = bool(lately(turn)) if cued else False
    if (names or spoken) and (wish := read_wish(text, names, spoken=spoken)):
        return Call(wish.intent, wish.slots)
    if wish := read_wish(text, {}, spoken=False):
        return Call(wish.intent, wish.slots)
    return _described(turn, text) or (_behind_the_word(text) if cued else None)


def _behind_the_word(text: str) -> Call | None:
    """What is described behind the word "segment" is nothing else, understood or not."""
    said = described_in(text)
    if said is None or not tells_of_whom(said):
        return None
    return Call("segment.find", {"text": said})


def _described(turn: Turn, text: str) -> Call | None:
    if not may_describe(text) or read_assigning(lay_out(text)):
        return None
    found = read(turn, text)
    if not describes(text, found):
        return None
    return Call("segment.find", {"text": text, **({"count": True} if found.count else {})})
