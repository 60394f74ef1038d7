"""A description of contacts made a tree that can be asked; what is not understood is told."""

from __future__ import annotations

from sqlalchemy import Select

from handlers.reply import Button, Call
from handlers.segment_reading import read
from handlers.segment_words import described
from handlers.turn import Sorry, Turn
from language.segments.asking import is_named_so
from language.segments.reading import Read
from rules.segments import Misread, Node, Test, parse, printed
from storage.segments import Unknown, members

OF_QUERIES = ("=", "[", "~", "..")
"""Signs that stand in the query language and in no description."""


def understood(turn: Turn, text: str) -> Node:
    """The tree of a text, in words or in the query language. Sorry for what is not understood:
    nothing of it is left out silently."""
    try:
        node = parse(text)
    except Misread as problem:
        if any(sign in text for sign in OF_QUERIES):
            raise Sorry("segment_misread", said=problem.said or "…") from None
        found = read(turn, text)
        if not found.whole or found.node is None:
            raise not_understood(turn, found, text) from None
        node = found.node
    who_fits(turn, node)  # or it names what is not there
    return node


def not_understood(turn: Turn, found: Read, text: str) -> Sorry:
    if found.unknown:
        words = turn.voice.listed([f"“{each}”" for each in found.unknown[:5]])
        says_more = found.node not in (None, Test("customer", "is"))
        rest = described(turn, found.node) if says_more and found.node else ""
        key = "segment_unknown" if rest else "segment_unknown_all"
        is_group = len(found.unknown) == 1 and is_named_so(text, found.unknown[0])
        tail = turn.say("segment_tag_it", word=found.unknown[0]) if is_group else ""
        how = tail or turn.say("segment_say_it")
        return Sorry(key, _of_the_rest(turn, found), words=words, rest=rest, how=how)
    if found.missing:
        words = turn.voice.listed([f"“{each}”" for each in found.missing])
        return Sorry("segment_missing", words=words)
    return Sorry("segment_nothing")


def _of_the_rest(turn: Turn, found: Read) -> tuple[Button, ...]:
    """What was understood alone, one tap away, where it says more than that they are customers."""
    if found.node is None or found.missing or found.node == Test("customer", "is"):
        return ()
    label = turn.say("segment_rest_button", what=described(turn, found.node))
    return (Button(label, Call("segment.find", {"text": printed(found.node)})),)


def who_fits(turn: Turn, node: Node) -> Select[int]:
    """The contacts, as far as the member may see them. Sorry for what is not known here."""
    try:
        return members(
            turn.session, turn.workspace.id, node, turn.now, turn.member.zone,
            seen_by=turn.member.id,
        )  # fmt: skip
    except Unknown as problem:
        key = f"segment_no_{problem.kind}"
        key = key if key in turn.voice.words else "segment_no_field"
        raise Sorry(key, said=problem.said) from None
