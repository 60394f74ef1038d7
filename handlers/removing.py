"""A customer taken out again, as one that was written down by mistake: with what was noted of them,
after a question, and undo brings all of it back. Whoever bought, complained or agreed to something
stays: that is more than a note."""

from __future__ import annotations

from itertools import chain
from typing import Any

from handlers.book import Chapter
from handlers.likely import of_known
from handlers.reply import Call, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who
from language.removing import read_removing, read_reopening
from language.sheet import lay_out
from storage.merging import belonging
from storage.models import (
    Activity,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    CustomValue,
    Deal,
    DealContact,
    Former,
    Task,
)

chapter = Chapter(__name__)

ALONG = (Activity, Task, ContactPoint, ContactTag, CustomValue, DealContact, Former)
"""What goes with them; of anything else they are held."""

NOTED = (Activity, Task)
"""Of that, what is told before it goes."""


def removing_asked(turn: Turn, text: str) -> Call | None:
    """The wish to take a customer out who is known, or to open a deal of theirs again; None for any
    other message."""
    sheet = lay_out(text)
    return of_known(turn, chain(read_removing(sheet), read_reopening(sheet)))


@chapter.command("contact.remove")
def remove(turn: Turn, who: Who, sure: bool | None = None) -> Reply:
    """Ask, and on yes take them out."""
    row = who.contact or who.company
    if row is None:
        raise Sorry("ask_who")
    show = turn.button("show_button", "contact.show", **who.slots)
    if not turn.disposes_of(row.owner_id):
        raise Sorry("remove_not_yours", (show,), name=who.name)
    theirs = list(belonging(turn.session, row))
    if any(not isinstance(each, ALONG) for each in theirs):
        raise Sorry("remove_held", (show,), name=who.name)
    if not sure:
        raise _question(turn, who, row, sum(isinstance(each, NOTED) for each in theirs))
    name = who.name
    take_out(turn, row, theirs)
    return Reply((Title(turn.say("contact_removed", name=name)),), (turn.undo(),))


def _question(turn: Turn, who: Who, row: Contact | Company, noted: int) -> Ask:
    call = Call("contact.remove", {**who.slots, "sure": True})
    choice = turn.agreed("remove_button", call)
    key = "remove_ask" if noted else "remove_ask_plain"
    more: dict[str, Any] = {"n": noted} if noted else {}
    return Ask(key, "sure", choices=(choice,), shows=(row,), name=who.name, **more)


def take_out(turn: Turn, row: Contact | Company | Deal, theirs: list[Any]) -> None:
    """A record goes, with what belongs to it."""
    for each in theirs:
        turn.session.delete(each)
    turn.session.flush()
    turn.session.expire(row)
    turn.session.delete(row)
    turn.session.flush()
