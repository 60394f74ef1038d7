"""What customers have in custom fields: set it, tell it, find who has it."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.cards import contact_card
from handlers.own_fields import field_meant, put, told
from handlers.reply import Call, Fields, Items, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who, choices_of, in_focus, meant, nobody, recent, said_names
from language.folding import letters
from storage.fields import holding
from storage.models import Company, Contact, CustomField, CustomValue

chapter = Chapter(__name__)

SHOWN = 10
"""Customers in one answer."""


@chapter.command("field.set")
def set_(turn: Turn, field: str, value: str, call: Call) -> Reply:
    """A value for somebody; an old one is told."""
    about = field_meant(turn, field)
    who, row = _holder(turn, call, about)
    before = told(turn, row, about)
    put(turn, row, about, value)
    now = told(turn, row, about)
    if now == before:
        show = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("nothing_new", (show,), name=who.name)
    turn.focus(**who.ids)
    shown = turn.say("changed_from", value=now, before=before) if before else now
    title = Title(turn.say("contact_updated", name=who.name))
    return Reply((title, Fields(((about.name, shown),))), (turn.undo(), turn.edit()))


@chapter.command("field.show")
def show(turn: Turn, field: str, call: Call) -> Reply:
    """What stands in a field of somebody."""
    about = field_meant(turn, field)
    who, row = _holder(turn, call, about)
    turn.focus(**who.ids)
    button = turn.button("show_button", "contact.show", **who.slots)
    value = told(turn, row, about)
    if not value:
        raise Sorry("field_empty", (button,), name=who.name, field=about.name)
    return Reply((Title(turn.voice.apart(who.name)), Fields(((about.name, value),))), (button,))


@chapter.command("field.find")
def find(turn: Turn, field: str, value: str) -> Reply:
    """Who has this in a field: one customer's card, or several to choose from."""
    about = field_meant(turn, field)
    found = [_who(turn, each) for each in holding(turn.session, [about], letters(value), SHOWN)]
    if not found:
        raise Sorry("nobody_has", field=about.name, value=value)
    if len(found) == 1:
        turn.focus(**found[0].ids)
        title = Title(turn.voice.apart(found[0].name))
        button = turn.button("show_button", "contact.show", **found[0].slots)
        return Reply((title, *contact_card(turn, found[0])), (button,))
    buttons = tuple(
        turn.button(
            "numbered_button", "contact.show", label_values={"n": n, "name": who.name}, **who.slots
        )
        for n, who in enumerate(found[:3], 1)
    )
    lines = tuple(turn.voice.apart(who.name) for who in found)
    return Reply((Title(turn.say("found", n=len(found))), Items(lines, numbered=True)), buttons)


def _who(turn: Turn, value: CustomValue) -> Who:
    if value.contact_id:
        return Who(turn.record(Contact, value.contact_id))
    return Who(company=turn.record(Company, value.company_id or 0))


def _holder(turn: Turn, call: Call, field: CustomField) -> tuple[Who, Contact | Company]:
    """Whose value is meant: the one who was named, or spoken of last, as the field asks for."""
    said = said_names(call)
    everybody = meant(turn, call) if said else [who for who in (in_focus(turn),) if who]
    if not everybody:
        if said:
            raise nobody(turn, call)
        raise Ask("ask_who", "contact", kind="who", choices=recent(turn))
    fitting = {id(row): (who, row) for who, row in (_fit(who, field) for who in everybody) if row}
    if not fitting:
        whom = turn.say(f"for_{field.subject or 'customer'}")
        raise Sorry("field_not_theirs", name=everybody[0].name, field=field.name, whom=whom)
    if len(fitting) > 1:
        choices = choices_of(who for who, _ in fitting.values())
        raise Ask("ask_which", "contact", choices=choices, name=", ".join(said))
    return next(iter(fitting.values()))


def _fit(who: Who, field: CustomField) -> tuple[Who, Contact | Company | None]:
    """The record that a field is for: of a person at a company, the one or the other."""
    if field.subject == "company":
        return Who(company=who.company), who.company
    if field.subject == "contact":
        return Who(who.contact), who.contact
    return who, who.contact or who.company
