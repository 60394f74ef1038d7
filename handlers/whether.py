"""Whether something happened with somebody, when last, and by whom: the answer to "has anyone
called Bilal this week?", which writes nothing down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from handlers.book import Chapter
from handlers.cards import activity_line
from handlers.figure_words import said as span_in_words
from handlers.figure_words import span_of
from handlers.finding import find_member, is_of_the_team
from handlers.reply import Button, Call, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who, find_who
from language.asking_whether import read_whether
from language.figures.figure import Span
from language.sheet import lay_out
from language.voice import RLM
from rules.segments import Period, Test, Where, printed
from storage import queries
from storage.models import Activity, Contact, Member
from storage.people import by_people
from storage.progress import CONTACTS

chapter = Chapter(__name__)

_ELSEWHERE = {
    "order": "order.list",
    "ticket": "ticket.list",
    "deal": "deal.show",
    "card": "contact.show",
}
"""What has an answer of its own."""


def whether_asked(turn: Turn, text: str) -> Call | None:
    """Such a question; None for any other message."""
    for action in read_whether(lay_out(text), turn.today):
        slots = dict(action.slots)
        by = slots.get("by")
        if by and by != "me" and not is_of_the_team(turn, str(by)):
            continue
        what = str(slots.pop("what"))
        if not ("contact" in slots or "of_them" in slots):
            return Call("segment.find", {"text": _people(what, slots)})
        if what not in _ELSEWHERE:
            return Call("event.asked", {"what": what, **slots})
        if what == "order":
            return Call("order.list", slots)
        whom: dict[str, Any] = {
            name: slots[name] for name in ("contact", "of_them") if name in slots
        }
        return Call(_ELSEWHERE[what], whom)
    return None


def _people(what: str, slots: dict[str, Any]) -> str:
    """With whom it was, as segments ask for it."""
    first, last = (date.fromisoformat(slots[day]) if day in slots else None
                   for day in ("first", "last"))  # fmt: skip
    kind = () if what == "any" else (Where("kind", "=", (what,)),)
    then = Where("period", "in", Period(first, last))
    return printed(Test("activities", ">=", Decimal(1), (*kind, then)))


@chapter.command("event.asked")
def asked(
    turn: Turn,
    call: Call,
    what: str = "any",
    by: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Reply:
    """How often in that time, the last one, and who it was; where there was none, the last one
    before."""
    who = find_who(turn, call)
    if who is None:
        raise Sorry("ask_who")
    member = find_member(turn, Call("", {"owner": by})) if by else None
    turn.focus(**who.ids)
    span = span_of(first, last)
    ever = _of(turn, who, what, member)
    then = within(ever, span)
    count = int(turn.session.scalar(select(func.count()).select_from(then.subquery())) or 0)
    row = _last(turn, then) or _last(turn, ever)
    title = Title(turn.voice.beside(*_headed(turn, who, what, member, span)))
    if row is None:
        return Reply((title, Line(turn.say("asked_never"))), (card_button(turn, who),))
    parts: list[Part] = [title]
    if count:
        parts.append(Line(turn.say("asked_times", n=count)))
    else:
        parts += [Line(turn.say("asked_not_then")), Line(turn.say("asked_before"), quiet=True)]
    parts.append(Line(_told(turn, row, named=member is None)))
    return Reply(tuple(parts), (card_button(turn, who),))


def _headed(
    turn: Turn, who: Who, what: str, member: Member | None, span: Span
) -> tuple[str | None, ...]:
    kind = turn.piece("asked_any" if what == "any" else f"kind_{what}")
    when = span_in_words(turn, span).lstrip(RLM)
    return who.name, kind, member.name if member else None, when or None


def _told(turn: Turn, row: Activity, *, named: bool) -> str:
    """``Monday 23 Nov: call, she wants new rates, Bilal``."""
    turn.shows(row)
    by = queries.get(turn.session, Member, turn.workspace.id, row.by_id) if named else None
    name = by.name if by else None
    return turn.voice.told(turn.voice.beside(activity_line(turn, row), name))


def card_button(turn: Turn, who: Who) -> Button:
    return turn.button("show_button", "contact.show", **who.slots)


def _of(turn: Turn, who: Who, what: str, member: Member | None) -> Select[Any]:
    here = done_with(turn, who, CONTACTS if what == "any" else (what,))
    return here.where(Activity.by_id == member.id) if member else here


def done_with(turn: Turn, who: Who, kinds: Sequence[str]) -> Select[Any]:
    """What people did with them; of a company also with whoever is there."""
    here = select(Activity).where(
        Activity.workspace_id == turn.workspace.id, Activity.kind.in_(kinds), by_people()
    )
    if who.contact:
        return here.where(Activity.contact_id == who.contact.id)
    company = who.company.id if who.company else None
    there = select(Contact.id).where(
        Contact.workspace_id == turn.workspace.id, Contact.company_id == company
    )
    return here.where(or_(Activity.company_id == company, Activity.contact_id.in_(there)))


def within(here: Select[Any], span: Span) -> Select[Any]:
    if span.first:
        here = here.where(Activity.on_day >= span.first)
    return here.where(Activity.on_day <= span.last) if span.last else here


def _last(turn: Turn, here: Select[Any]) -> Activity | None:
    return turn.session.scalars(
        here.order_by(Activity.at.desc(), Activity.id.desc()).limit(1)
    ).first()
