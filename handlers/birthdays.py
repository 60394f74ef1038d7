"""Birthdays: set in a sentence, asked for, and listed as they come round. They are kept in a field
of the team's own, as imports keep them; the clock tells of them (``scheduler.birthdays``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from handlers.book import Chapter
from handlers.figure_words import called
from handlers.figure_words import said as span_in_words
from handlers.likely import of_known
from handlers.own_fields import born_fields, day_told, field_made, label_of
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.birthdays import read_birthdays
from language.figures.figure import Span
from language.folding import letters
from language.sheet import lay_out
from language.voice import RLM
from rules.day_keys import age_on, day_in, day_keys
from storage.models import Contact, CustomField, CustomValue

chapter = Chapter(__name__)

SHOWN = 12
"""Birthdays in one answer; more are counted."""

AHEAD = timedelta(days=30)
"""How far ahead is looked where no time is said."""

YEAR = timedelta(days=365)
NAME = "birthday"
"""What the field is called that is made where there is none."""


def birthday_said(turn: Turn, text: str) -> Call | None:
    """Such a message, about somebody who is known; None for any other."""
    return of_known(turn, read_birthdays(lay_out(text), turn.local))


def _of(turn: Turn, contact: Contact) -> tuple[CustomField, str] | None:
    """What is known of somebody's birthday, and in which field."""
    for field in born_fields(turn):
        if there := contact.has(field):
            turn.shows(there)
            return field, there.value
    return None


def _person(turn: Turn, who: Who) -> Contact:
    if who.contact is None:
        raise Sorry("birthday_of_person", name=who.name)
    turn.focus(**who.ids)
    return who.contact


@chapter.command("birthday.set")
def set_(turn: Turn, who: Who, day: str) -> Reply:
    """``day``: 1985-12-03, or --12-03 without its year. A year that is known stays, where none is
    said with the same day."""
    contact = _person(turn, who)
    known = _of(turn, contact)
    same = known is not None and known[1][-5:] == day[-5:]
    if known and (known[1] == day or (same and day.startswith("--"))):
        show = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("nothing_new", (show,), name=who.name)
    field = known[0] if known else next(iter(born_fields(turn)), None)
    field = field or field_made(turn, NAME, kind="date", subject="contact")
    contact.keep(field, day, letters(day))
    now, label = day_told(turn, day), label_of(turn, field.name)
    shown = turn.say("changed_from", value=now, before=day_told(turn, known[1])) if known else now
    title = Title(turn.say("contact_updated", name=who.name))
    told = Line(turn.say("birthday_is_told"), quiet=True)
    return Reply((title, Fields(((label, shown),)), told), (turn.undo(),))


@chapter.command("birthday.show")
def show(turn: Turn, who: Who) -> Reply:
    """When somebody has their birthday."""
    contact = _person(turn, who)
    button = turn.button("show_button", "contact.show", **who.slots)
    known = _of(turn, contact)
    if known is None:
        raise Sorry("birthday_unknown", (button,), name=who.name)
    field, value = known
    rows = [(label_of(turn, field.name), day_told(turn, value))]
    return Reply((Title(turn.voice.apart(who.name)), Fields(tuple(rows))), (button,))


@chapter.command("birthday.list")
def listed(turn: Turn, first: str | None = None, last: str | None = None) -> Reply:
    """Whose birthday is in some days, in their order; in the next thirty where none are said."""
    begin = date.fromisoformat(first) if first else turn.today
    end = date.fromisoformat(last) if last else begin + AHEAD
    fields = born_fields(turn)
    if not fields:
        raise Sorry("no_birthdays_known")
    rows, count = _within(turn, fields, begin, end)
    title = Title(turn.voice.beside(turn.piece("birthdays"), _time_said(turn, begin, end)))
    if not rows:
        more = turn.button("upcoming_birthdays_button", "birthday.list")
        buttons = () if (begin, end) == (turn.today, turn.today + AHEAD) else (more,)
        return Reply((title, Line(turn.say("no_birthdays_then"))), buttons)
    parts: list[Part] = [
        title, Items(tuple(_line(turn, day, contact, value) for day, contact, value in rows))
    ]  # fmt: skip
    if count > len(rows):
        parts.append(Line(turn.say("and_more", n=count - len(rows)), quiet=True))
    return Reply(tuple(parts), tuple(_openers([contact for _, contact, _ in rows])))


def _within(
    turn: Turn, fields: Sequence[CustomField], begin: date, end: date
) -> tuple[list[tuple[date, Contact, str]], int]:
    """Whose it is, on which day, with what is known of it, the first of them; and how many. They
    are counted, and chosen, as figures are: before others' eyes without what is private."""
    space = turn.workspace.id
    key = CustomValue.day_key
    from_, until = f"{begin:%m%d}", day_keys(end)[-1]
    wraps = from_ > until
    inside = or_(key >= from_, key <= until) if wraps else and_(key >= from_, key <= until)
    if end - begin >= YEAR:
        wraps, inside = True, key.is_not(None)
    here = (
        Contact.workspace_id == space, CustomValue.workspace_id == space,
        CustomValue.contact_id == Contact.id, inside,
        CustomValue.field_id.in_([field.id for field in fields]),
    )  # fmt: skip
    count = turn.session.scalar(select(func.count(Contact.id)).where(*here)) or 0
    order = (key < from_, key, Contact.id) if wraps else (key, Contact.id)
    chosen = select(Contact.id, CustomValue.value).where(*here).order_by(*order).limit(SHOWN)
    found = turn.session.execute(chosen).all()
    these = (Contact.workspace_id == space, Contact.id.in_([number for number, _ in found]))
    known = {row.id: row for row in turn.session.scalars(select(Contact).where(*these))}
    rows = [
        (day, known[number], value)
        for number, value in found
        if number in known and (day := _day_of(value, begin))
    ]
    return rows, count


def _day_of(value: str, begin: date) -> date | None:
    """The day on which it is kept next, from a day on."""
    days = (day_in(value, year) for year in (begin.year, begin.year + 1))
    return next((day for day in days if day and day >= begin), None)


def _line(turn: Turn, day: date, contact: Contact, value: str) -> str:
    """``Sunday 29 Nov: Sara Malik, turns 36``."""
    turn.shows(contact)
    age = age_on(value, day)
    told = turn.voice.beside(contact.name, turn.piece("turns", n=age) if age else None)
    return turn.voice.told(f"{turn.voice.day(day)}: {told}")


OPENED = 3
"""Of them, how many are one tap away."""


def _openers(contacts: Sequence[Contact]) -> list[Button]:
    return [
        Button(contact.name, Call("contact.show", {"contact": contact.id}))
        for contact in contacts[:OPENED]
    ]


def _time_said(turn: Turn, begin: date, end: date) -> str:
    span = Span(begin, end)
    if name := called(turn, span, ("today", "week", "month")):
        return name
    if begin == end:
        return turn.voice.day(begin)
    if begin.day == 1 and (end + timedelta(days=1)).day == 1:
        return span_in_words(turn, span).lstrip(RLM)
    return turn.piece("from_to", first=turn.voice.day(begin), last=turn.voice.day(end))
