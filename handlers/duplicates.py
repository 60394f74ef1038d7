"""Who may be in twice: the likeliest pairs, each with what speaks for it and two buttons."""

from __future__ import annotations

from handlers.alike import apart_names, buttons_for, evidence, likely_pairs
from handlers.book import Chapter
from handlers.pair import KINDS
from handlers.reply import Button, Items, Line, Reply, Title
from handlers.turn import Sorry, Turn

chapter = Chapter(__name__)

SHOWN = 3
"""Pairs in one answer; more are counted."""


@chapter.command("duplicates.list")
def duplicates(turn: Turn) -> Reply:
    """Those who are likeliest in twice, each with what speaks for it."""
    reply = listed(turn)
    if not reply.parts:
        raise Sorry("no_duplicates", (turn.button("quality_button", "tidy.show"),))
    return reply


def listed(turn: Turn) -> Reply:
    """The likeliest pairs with their buttons; nothing where there is none."""
    found = [each for kind in KINDS.values() for each in likely_pairs(turn, kind)]
    found.sort(key=lambda each: -each.verdict.score)
    if not found:
        return Reply()
    lines: list[str] = []
    buttons: list[Button] = []
    for n, twins in enumerate(found[:SHOWN], 1):
        one, other = apart_names(turn, twins.known, twins.new)
        why = evidence(turn, twins.verdict)
        lines.append(turn.piece("duplicate_line", one=one, other=other, why=why))
        buttons += buttons_for(turn, twins, n)
    left = len(found) - SHOWN
    more = (Line(turn.say("and_more", n=left), quiet=True),) if left > 0 else ()
    title = Title(turn.say("duplicates_title", n=len(found)))
    items = Items(tuple(turn.voice.told(line) for line in lines), numbered=True)
    return Reply((title, items, *more), tuple(buttons))
