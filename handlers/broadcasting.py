"""Who wants to write to all customers at once is told how: a text is saved first, and it goes to
whoever agreed. Nothing is sent, and nothing is taken for something else."""

from __future__ import annotations

from handlers.advertising_words import advertising_wished
from handlers.book import Chapter
from handlers.campaign_words import campaign_wished
from handlers.reply import Call, Line, Reply, Title
from handlers.turn import Turn
from language.broadcasting import read_broadcasting
from language.sheet import lay_out

chapter = Chapter(__name__)


def broadcast_wished(turn: Turn, text: str) -> Call | None:
    """Such a wish that names no saved text; None for any other message."""
    sheet = lay_out(text)
    action = read_broadcasting(sheet)
    if action is None or campaign_wished(turn, text) or advertising_wished(turn, sheet):
        return None
    return Call(action.intent, dict(action.slots))


@chapter.command("broadcast.how")
def how(turn: Turn, text: str | None = None) -> Reply:
    """The two steps, with the text that was said."""
    return Reply(
        (
            Title(turn.say("broadcast_two_steps")),
            Line(turn.say("broadcast_text", text=text or turn.say("broadcast_example"))),
            Line(turn.say("broadcast_send")),
            Line(turn.say("broadcast_agreed"), quiet=True),
        )
    )
