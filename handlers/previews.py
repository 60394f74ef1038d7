"""A text as one customer would get it, before anything is sent, and what may be written in one."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.consent import person
from handlers.own_fields import fields
from handlers.reply import Line, Part, Reply, Title
from handlers.templates import needed, tongue
from handlers.turn import Sorry, Turn
from handlers.who import Who
from rules.blanks import blank_key
from storage.filled import BLANKS, written

chapter = Chapter(__name__)


@chapter.command("template.preview")
def preview(turn: Turn, who: Who, name: str) -> Reply:
    """The text with all that is known of one customer filled in, in the language they are written
    to; nothing goes to anybody."""
    row = needed(turn, name)
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    told = written(turn.session, row, contact, turn.member, turn.workspace.language)
    if told is None:
        raise Sorry("no_such_template", name=row.name)
    edit = turn.button("edit_text_button", "template.set", name=row.name, lang=told.language)
    if told.gaps:
        gap = f"{{{told.gaps[0]}}}"
        raise Sorry("message_gap", (edit,), name=contact.name, gap=gap)
    title = Title(turn.say("template_as_gets", name=contact.name))
    parts: list[Part] = [title, Line(turn.voice.beside(row.name, tongue(turn, told.language)))]
    if told.subject and told.subject != row.name:
        parts.append(Line(turn.say("template_subject", subject=told.subject)))
    parts.append(Line(turn.voice.apart(told.text)))
    send = turn.button("preview_send_button", "message.send", name=row.name, contact=contact.id)
    return Reply(tuple(parts), (send, edit))


@chapter.command("template.blanks")
def blanks(turn: Turn) -> Reply:
    """What is filled for each customer, and what stands there where nothing is known."""
    known = [*BLANKS, *(blank_key(field.name) for field in fields(turn))]
    shown = [f"{{{each}}}" for each in known]
    parts = (
        Title(turn.say("blanks_title")),
        Line(turn.voice.beside(*shown)),
        Line(turn.say("blanks_instead")),
    )
    return Reply(parts, (turn.button("blanks_write_button", "template.set"),))
