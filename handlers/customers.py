"""The customer's side of Telegram: the link by which a customer starts a chat with the bot."""

from __future__ import annotations

from datetime import date

from handlers.book import Chapter
from handlers.consent import person, said
from handlers.reply import Line, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from storage.signing import signed

chapter = Chapter(__name__)

CODE = "c_"
"""How the code of such a link begins; an invitation's never does."""

PURPOSE = "start"

GOOD_FOR = 30
"""Days in which a link can be used."""

FIRST = date(2026, 1, 1)
"""From when on days are counted in a link."""


@chapter.command("customer.link")
def link(turn: Turn, who: Who) -> Reply:
    """A link for one customer: whoever opens it is them, and may be written to there."""
    contact = person(turn, who)
    if "{code}" not in turn.invite_link:
        raise Sorry("channel_not_set_up", way=said(turn, "telegram"))
    turn.focus(contact=contact.id, company=contact.company_id)
    turn.discreet = True
    last = (turn.today - FIRST).days + GOOD_FOR
    token = signed(turn.session, turn.workspace.id, PURPOSE, contact.id, last)
    title = Title(turn.say("customer_link", name=contact.name, n=GOOD_FOR))
    return Reply((title, Line(turn.invite_link.format(code=CODE + token))))
