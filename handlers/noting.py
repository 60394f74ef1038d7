"""What is to be remembered of a customer: what they like is a note on them, where they are to be
found stands on their card."""

from __future__ import annotations

from handlers import activities
from handlers.book import Chapter
from handlers.likely import of_known
from handlers.own_fields import all_fields, field_made, label_of, put, told
from handlers.party import Party
from handlers.reply import Call, Fields, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.folding import fold
from language.noting import read_noting
from language.sheet import lay_out
from storage.models import Company, Contact, CustomField

chapter = Chapter(__name__)

NAME = "address"
"""What the field is called that is made where there is none."""

CALLED = frozenset({"address", "pata", "پتہ", "پتا", "postal address", "ایڈریس"})
"""Fields that hold one, in small letters."""


def noting_said(turn: Turn, text: str) -> Call | None:
    """Such a message, about a customer who is known; None for any other."""
    return of_known(turn, read_noting(lay_out(text)))


@chapter.command("fact.note")
def note(turn: Turn, who: Party, text: str | None = None) -> Reply:
    """What somebody likes, or is not to be given."""
    return activities.log(turn, who, "note", text)


@chapter.command("contact.address")
def address(turn: Turn, who: Who, text: str) -> Reply:
    """Where somebody is to be found; an old address is told."""
    row = who.contact or who.company
    if row is None:
        raise Sorry("ask_who")
    turn.focus(**who.ids)
    field = _field(turn, row)
    before = told(turn, row, field)
    put(turn, row, field, text)
    now = told(turn, row, field)
    if now == before:
        show = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("nothing_new", (show,), name=who.name)
    shown = turn.say("changed_from", value=now, before=before) if before else now
    title = Title(turn.say("contact_updated", name=who.name))
    return Reply((title, Fields(((label_of(turn, field.name), shown),))), (turn.undo(),))


def _field(turn: Turn, row: Contact | Company) -> CustomField:
    """The one that holds addresses, made where there is none. Sorry where there is no room."""
    for field in all_fields(turn):
        fits = field.subject in (None, row.__tablename__) and field.kind == "text"
        if field.active and fits and fold(field.name) in CALLED:
            return field
    return field_made(turn, NAME)
