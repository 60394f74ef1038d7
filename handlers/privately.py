"""Private contacts: for the eyes of whoever they belong to alone, until they are shared again."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Line, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from storage.models import Contact

chapter = Chapter(__name__)


@chapter.command("contact.private")
def keep_private(turn: Turn, who: Who) -> Reply:
    """From here on only the member sees them, with their deals, tasks and notes."""
    contact = _own(turn, who)
    if contact.private:
        raise Sorry("private_already", name=contact.name)
    contact.private, contact.owner_id = True, turn.member.id
    turn.workspace.keeps_private = True
    turn.session.flush()
    title = Title(turn.say("kept_private", name=contact.name))
    share = turn.button("share_button", "contact.share", contact=contact.id)
    return Reply((title, Line(turn.say("private_means"), quiet=True)), (turn.undo(), share))


@chapter.command("contact.share")
def share(turn: Turn, who: Who) -> Reply:
    """The whole team sees them again."""
    contact = _own(turn, who)
    if not contact.private:
        raise Sorry("shared_already", name=contact.name)
    contact.private = False
    turn.session.flush()
    return Reply((Title(turn.say("shared_again", name=contact.name)),), (turn.undo(),))


def _own(turn: Turn, who: Who) -> Contact:
    """The person, if they are the member's or nobody's. What is said of them is for the member."""
    turn.discreet = True
    contact = who.contact
    if contact is None:
        raise Sorry("only_people_private", name=who.name)
    if contact.owner_id not in (None, turn.member.id):
        raise Sorry("not_your_contact", name=contact.name)
    turn.focus(contact=contact.id)
    return contact
