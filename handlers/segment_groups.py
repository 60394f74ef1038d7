"""People counted apart: how many leads by source, contacts by owner, customers by city."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Call, Line, Part, Reply, Table, Title
from handlers.segment_reading import read
from handlers.segment_understood import who_fits
from handlers.segment_words import described
from handlers.turn import Turn
from language.segments.asking import splits
from language.segments.grouping import grouped_in
from rules.segments import And, parse, printed
from storage.segment_counts import counted_by

chapter = Chapter(__name__)

MOST = 25
"""Rows of one answer."""


def grouping_wished(turn: Turn, text: str) -> Call | None:
    """Such a question, where all else that it says describes people."""
    grouped = grouped_in(text)
    for rest in grouped.rests if grouped else ():
        found = read(turn, rest)
        if splits(found):
            query = printed(found.node) if found.node is not None else None
            by = grouped.by if grouped else ""
            return Call("segment.split", {"by": by, **({"query": query} if query else {})})
    return None


@chapter.command("segment.split")
def split(turn: Turn, by: str = "source", query: str | None = None) -> Reply:
    """How many there are of each; with those of whom it is not known."""
    node = parse(query) if query else And(())
    found = counted_by(turn.session, turn.workspace.id, who_fits(turn, node), by)
    total = sum(number for _, number in found)
    words = turn.voice.told(described(turn, node))
    label, people = (turn.piece(key) for key in (f"split_by_{by}", "split_head"))
    title = Title(turn.say("split_title", what=words, n=total))
    if not total:
        return Reply((title,))
    unknown = turn.piece("split_unknown")
    rows = [(name or unknown, turn.voice.show(number)) for name, number in found]
    parts: list[Part] = [title, Table((label, people), tuple(rows[:MOST]), (1,))]
    if len(rows) > MOST:
        parts.append(Line(turn.say("and_more", n=len(rows) - MOST), quiet=True))
    return Reply(tuple(parts))
