"""A description of contacts made a tree that can be asked; what is not understood is told."""

from __future__ import annotations

from sqlalchemy import Select

from handlers.segment_reading import read
from handlers.segment_words import described
from handlers.turn import Sorry, Turn
from language.segments.reading import Read
from rules.segments import Misread, Node, parse
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
            raise not_understood(turn, found) from None
        node = found.node
    who_fits(turn, node)  # or it names what is not there
    return node


def not_understood(turn: Turn, found: Read) -> Sorry:
    if found.unknown:
        words = turn.voice.listed([f"“{each}”" for each in found.unknown[:5]])
        rest = described(turn, found.node) if found.node is not None else ""
        key = "segment_unknown" if rest else "segment_unknown_all"
        return Sorry(key, words=words, rest=rest)
    if found.missing:
        words = turn.voice.listed([f"“{each}”" for each in found.missing])
        return Sorry("segment_missing", words=words)
    return Sorry("segment_nothing")


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
