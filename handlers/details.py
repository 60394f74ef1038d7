"""What is no longer so of a customer: another name, and what comes off the card."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.editable import EDITABLE, Field, text_field
from handlers.likely import is_known
from handlers.reply import Call, Fields, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who, companies_meant, contacts_meant
from language.details import FIELDS, read_details
from language.sheet import lay_out
from language.voice import one_line
from storage.models import Company, Contact

chapter = Chapter(__name__)


def detail_said(turn: Turn, text: str) -> Call | None:
    """Such a wish about a customer who is known; None for any other message, and where somebody
    left a company that is not theirs."""
    for action in read_details(lay_out(text)):
        call = Call(action.intent, {k: v for k, v in action.slots.items() if k != "firm"})
        whom, firm = action.slots.get("contact"), action.slots.get("firm")
        if whom is not None and not is_known(turn, str(whom)):
            continue
        if firm is None or _is_at(turn, call, str(firm)):
            return call
    return None


def _is_at(turn: Turn, call: Call, firm: str) -> bool:
    theirs = {row.company_id for row in contacts_meant(turn, call)} - {None}
    return any(row.id in theirs for row in companies_meant(turn, Call("", {"company": firm})))


@chapter.command("contact.rename")
def rename(turn: Turn, who: Who, name: str) -> Reply:
    """Another name."""
    row = who.contact or who.company
    new = one_line(name, 200)
    if row is None or not new:
        raise Sorry("ask_who")
    before = row.name
    if before == new:
        show = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("nothing_new", (show,), name=before)
    EDITABLE[type(row)]["name"].put(turn, row, new)
    turn.session.flush()
    turn.focus(**who.ids)
    told = turn.say("changed_from", value=turn.voice.apart(new), before=turn.voice.apart(before))
    title = Title(turn.say("contact_updated", name=new))
    return Reply((title, Fields(((turn.say("field_name"), told),))), (turn.undo(), turn.edit()))


@chapter.command("contact.clear")
def clear(turn: Turn, who: Who, field: str) -> Reply:
    """It comes off the card."""
    row = who.contact or who.company
    its = _field(row, field) if row and field in FIELDS else None
    if row is None or its is None:
        raise Sorry("ask_who")
    turn.focus(**who.ids)
    before = its.shown(turn, row)
    if not before:
        show = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("nothing_there", (show,), name=who.name, field=turn.say(f"field_{field}"))
    its.put(turn, row, "")
    turn.session.flush()
    title = Title(turn.say("contact_updated", name=who.name))
    told = turn.say("taken_off", before=turn.voice.apart(before))
    return Reply((title, Fields(((turn.say(f"field_{field}"), told),))), (turn.undo(), turn.edit()))


def _field(row: Contact | Company, name: str) -> Field | None:
    """How it stands on the card; a company's own number and address stand in no form."""
    if isinstance(row, Company) and name in ("phone", "email"):
        return text_field(name)
    return EDITABLE[type(row)].get(name)
