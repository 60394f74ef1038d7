"""How long after a sale a customer is asked how they are doing with it."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Line, Reply, Title
from handlers.turn import Sorry, Turn
from storage import queries
from storage.after_sale import SETTING, look_again

chapter = Chapter(__name__)

MOST = 120


@chapter.command("check_in.days", role="manager")
def days_after(turn: Turn, days: int) -> Reply:
    """So many days after a sale; 0: nobody is asked."""
    if not 0 <= days <= MOST:
        raise Sorry("bad_check_in", most=MOST)
    queries.put_setting(turn.session, turn.workspace.id, SETTING, str(days))
    turn.session.flush()
    look_again(turn.session, turn.workspace.id)
    title = Title(turn.say("check_in_set" if days else "check_in_none", n=days))
    notes = (Line(turn.say("check_in_is"), quiet=True),) if days else ()
    return Reply((title, *notes), (turn.undo(),))
