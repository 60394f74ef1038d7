"""Who pays late and who owes what: payments are not kept, which is told with what can be done."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Line, Reply, Title
from handlers.turn import Turn

chapter = Chapter(__name__)


@chapter.command("look.payments")
def payments(turn: Turn) -> Reply:
    """That it cannot be told, and how to mark those who are meant so that they can be listed."""
    return Reply((Title(turn.say("payments_not_kept")), Line(turn.say("payments_how"), quiet=True)))
