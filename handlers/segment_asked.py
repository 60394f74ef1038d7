"""A group of contacts that is asked for by a word: shown where the word is known here, and where it
is not, that is told, never a wider answer."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.reply import Call
from handlers.search import search
from handlers.segment_reading import read
from handlers.turn import Turn
from language import doubt
from language.action import Action
from language.folding import fold
from language.segments.asking import asks_who, asks_who_came, is_searched, names_a_group
from language.segments.items import marked
from language.tokens import tokenise
from rules.segments.tree import Test

_BESIDE = ("seek_words", "edge_words", "beside_words")
_LOOKS = ("contact.find", "none")
_FIGURES = (*_LOOKS, "stats.", "risk.")
_NARROW = frozenset({"city", "tags", "company", "title"})
_WHOM = ("contacts", "customers", "prospects", "leads")
_ASKS = (*_WHOM, "count", "show")


def is_who_asked(actions: Sequence[Action], text: str) -> bool:
    """Whether it is asked who came from somewhere, or bought, which is no figure of deals."""
    may = len(actions) == 1 and actions[0].intent.startswith(_FIGURES)
    return may and (asks_who_came(text) or asks_who(text))


def group_asked(turn: Turn, actions: Sequence[Action], text: str) -> Call | None:
    """What is asked so by a message in which nothing else was read for sure."""
    if len(actions) != 1 or turn.overheard:
        return None
    action = actions[0]
    if action.slots.get("metric") in {"value", "leaderboard"}:  # the best of all
        return None
    if action.slots.get("by") or "title" in action.slots:  # a figure of groups; somebody's work
        return None
    unsure = action.intent in _LOOKS or doubt.to_be_asked(action.confidence)
    figure = action.intent.startswith("stats.")
    if not (unsure or figure or action.intent == "risk.list"):
        return None
    who, came = asks_who(text), asks_who_came(text)
    if not (unsure or who or (figure and came)):
        return None
    senses = {sense for _, _, some in marked(tokenise(text)) for sense in some}
    narrow = action.intent == "contact.find" and not _NARROW.isdisjoint(action.slots)
    if not (who or narrow) and senses.isdisjoint(_ASKS):
        return None
    of_sources = came or not senses.isdisjoint(_WHOM)
    found = read(turn, text, sources=of_sources)
    if narrow and found.unknown and _drops(turn, action, found.unknown):
        return Call("segment.find", {"text": text})
    if not names_a_group(text, found):
        return None
    searched = found.whole and found.node is not None and is_searched(found.node)
    if searched and (action.intent == "contact.find" or found.node == Test("customer", "is")):
        return None
    if found.unknown and action.intent == "contact.find" and _is_found(turn, action, found.unknown):
        return None
    if not (found.whole or found.unknown):
        return None
    return Call("segment.find", {"text": text, **({"count": True} if found.count else {})})


def _drops(turn: Turn, action: Action, unknown: Sequence[str]) -> bool:
    """Whether a search has no place for a word of its message that says something."""
    words = turn.voice.words
    beside = {word for kind in _BESIDE for word in words[kind]["all"]}
    said = fold(" ".join(map(str, action.slots.values())))
    return any(fold(word) not in said and fold(word) not in beside
               for each in unknown for word in each.split())  # fmt: skip


def _is_found(turn: Turn, action: Action, unknown: Sequence[str]) -> bool:
    """Whether the words are in the names of somebody who is found by them."""
    slots = action.slots
    said = fold(" ".join(map(str, slots.values())))
    if not all(fold(each) in said for each in unknown):
        return False
    names = ("company", "city", "tags", "title", "query")
    asked = {name: slots.get(name) for name in names}
    if not any(asked.values()):
        asked["query"] = slots.get("text")
    if not any(asked.values()):
        return False
    return bool(search(turn, asked["company"], asked["city"], asked["tags"] or [],
                       asked["title"], asked["query"]))  # fmt: skip
