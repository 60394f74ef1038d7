"""Feedback on Rabta: kept in the member's words, for the owners and whoever runs it."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Items, Line, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from language.voice import one_line
from storage import queries
from storage.feedback import Feedback, count, latest

chapter = Chapter(__name__)

LONGEST = 2000
SHOWN = 20


@chapter.command("feedback.give")
def give(turn: Turn, text: str | None = None) -> Reply:
    """It is kept, and confirmed."""
    if text is None:
        raise Ask("ask_feedback", "text", kind="words")
    said = text.strip()[:LONGEST]
    if not any(map(str.isalnum, said)):
        raise Sorry("feedback_how")
    turn.session.add(
        Feedback(workspace_id=turn.workspace.id, text=said, at=turn.now, by_id=turn.member.id)
    )
    turn.session.flush()
    return Reply((Title(turn.say("feedback_kept")), Line(turn.say("feedback_goes"))),
                 (turn.undo(),))  # fmt: skip


@chapter.command("feedback.list")
def show(turn: Turn) -> Reply:
    """To owners what the team said; to others how feedback is given."""
    if not turn.member.may("owner"):
        return Reply((Line(turn.say("feedback_how")),))
    turn.discreet = True
    rows = latest(turn.session, turn.workspace.id, SHOWN)
    if not rows:
        return Reply((Line(turn.say("feedback_none")), Line(turn.say("feedback_how"), quiet=True)))
    names = {each.id: each.name for each in queries.members(turn.session, turn.workspace.id)}
    lines = tuple(
        turn.voice.beside(
            turn.voice.full_day(turn.local_day(row.at)), names.get(row.by_id or 0),
            one_line(row.text, 300),
        )
        for row in rows
    )  # fmt: skip
    many = count(turn.session, turn.workspace.id)
    return Reply((Title(turn.say("feedback_title", n=many)), Items(lines)))
