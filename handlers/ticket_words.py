"""What is the matter, in the words in which it was told."""

from __future__ import annotations

import re

from handlers.turn import Turn
from language.folding import fold
from language.ticketing import priority_of

_JOINTS = re.compile(
    r":\s|\sthat\s|\sکہ\s|\shai\ske\s|\shai\sk\s|\shai\skeh\s|\ski\ske\s|\skiya\ske\s|\skaha\ske\s"
    r"|\skaha\shai\ske\s",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s*[,،;؛—–]\s*|\s-\s")
_EDGES = " .,،;:؛—–-\n\t"


def matter(turn: Turn, text: str) -> str:
    """``text`` as it was found in the message, with the words between that were taken for others,
    and without the priority that was told beside it."""
    return without_priority(_in_full(turn, text)) or without_priority(text)


def _in_full(turn: Turn, text: str) -> str:
    """What stands behind "that" or a colon, if it holds all that was found; nothing else may have
    been said in that message."""
    actions = (turn.row.reading or {}).get("actions", [])
    said = turn.said.strip()
    if len(actions) != 1 or actions[0].get("intent") != "ticket.open":
        return text
    found = _JOINTS.search(said)
    if not found:
        return text
    rest = said[found.end() :].strip(_EDGES)
    words = set(re.findall(r"\w+", fold(text)))
    return rest if words <= set(re.findall(r"\w+", fold(rest))) else text


def without_priority(text: str) -> str:
    """``3 rolls were torn, urgent`` without its last piece."""
    pieces = _PIECES.split(text.strip(_EDGES))
    while len(pieces) > 1 and priority_of(pieces[-1]):
        text = text[: text.rindex(pieces[-1])].strip(_EDGES)
        pieces.pop()
    while len(pieces) > 1 and priority_of(pieces[0]):
        text = text[text.index(pieces[0]) + len(pieces[0]) :].strip(_EDGES)
        pieces.pop(0)
    return text.strip(_EDGES)


def priority_in(said: str) -> str | None:
    """The priority that stands in a piece of its own."""
    return next(filter(None, map(priority_of, _PIECES.split(said))), None)
