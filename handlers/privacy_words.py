"""That a contact is to be kept private, or shared again, as it is said in whole messages."""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.reply import Call
from handlers.turn import Turn
from language.pronouns import says_they
from language.voice import one_line

WISHES = {"private_phrases": "contact.private", "shared_phrases": "contact.share"}
"""The words files' key of the phrases, and what they ask for."""

LONGEST = 120
"""Letters of a message that asks for nothing else."""


def privacy_wished(turn: Turn, text: str) -> Call | None:
    """``keep sara private`` as a call; None for anything else."""
    said = one_line(text).strip(" .!۔")
    if len(said) > LONGEST:
        return None
    folded = said.casefold()
    for key, intent in WISHES.items():
        phrases = tuple(turn.voice.words[key]["all"])
        if not any(word in folded for word in _told_by(phrases)):
            continue
        found = _phrases(phrases).fullmatch(said)
        if found:
            who = next(name for name in found.groups() if name).strip()
            return Call(intent, {"of_them": True} if says_they(who) else {"contact": who})
    return None


@lru_cache(maxsize=len(WISHES))
def _told_by(phrases: tuple[str, ...]) -> frozenset[str]:
    """Of each phrase the longest word: most messages have none of them."""
    words = (phrase.replace("{who}", " ").casefold().split() for phrase in phrases)
    return frozenset(max(each, key=len) for each in words)


@lru_cache(maxsize=len(WISHES))
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """``{who}`` stands for a name of one to five words."""
    name = r"(\S+(?: \S+){0,4}?)"
    ways = (
        re.escape(phrase).replace(r"\{who\}", name).replace(r"\ ", r"\s+") for phrase in phrases
    )
    return re.compile("|".join(ways), re.IGNORECASE)
