"""What there is, looked over: how many customers, who looks after whom, the notes on somebody."""

from __future__ import annotations

from sqlalchemy import func, select

from handlers.book import Chapter
from handlers.cards import activity_line
from handlers.figure_words import said as span_in_words
from handlers.figure_words import span_of
from handlers.finding import is_of_the_team
from handlers.goods_sold import is_sold, is_told_by_orders
from handlers.likely import is_known
from handlers.reply import Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.whether import card_button, done_with, within
from handlers.who import Who, find_who
from language.overview import read_overview, read_to_see
from language.sheet import lay_out
from language.voice import RLM
from storage import queries
from storage.models import Activity, Company, Contact, Member, Outlook

chapter = Chapter(__name__)

SHOWN = 10
"""Activities in one answer; more are counted."""


def overview_asked(turn: Turn, text: str) -> Call | None:
    """Such a question; None for any other message. "Ayesha's calls" are those of a colleague, who
    makes them."""
    sheet = lay_out(text)
    if agenda := read_to_see(sheet, turn.local):
        return Call(agenda.intent, dict(agenda.slots))
    for action in read_overview(sheet, turn.today):
        whom = action.slots.get("contact")
        if action.intent in _OF_GOODS and not is_told_by_orders(turn):
            continue
        if action.intent == "goods.sold" and not is_sold(turn, str(action.slots["what"])):
            continue
        if whom is None or (is_known(turn, str(whom)) and not is_of_the_team(turn, str(whom))):
            return Call(action.intent, dict(action.slots))
    return None


_OF_GOODS = ("goods.best", "goods.sold")


@chapter.command("contact.count")
def count(turn: Turn) -> Reply:
    """People and companies that are known, and how many of either have bought."""
    here = turn.workspace.id
    known = (
        ("field_contacts", Contact, Contact.id),
        ("field_companies", Company, Company.id),
        ("field_buyers", Outlook, Outlook.workspace_id),
    )
    rows = []
    for label, table, column in known:
        asked = select(func.count(column)).where(table.workspace_id == here)
        rows.append((turn.say(label), turn.voice.show(turn.session.scalar(asked) or 0)))
    buttons = (turn.button("list_customers_button", "contact.find"),)
    return Reply((Title(turn.say("known_here")), Fields(tuple(rows))), buttons)


@chapter.command("import.how")
def import_how(turn: Turn) -> Reply:
    """How customers are brought in, many at once."""
    how = Line(turn.say("import_how_shown"), quiet=True)
    return Reply((Title(turn.say("import_how")), how))


@chapter.command("contact.owner")
def owner(turn: Turn, who: Who) -> Reply:
    """Who of the team looks after somebody."""
    row = who.contact or who.company
    number = row.owner_id if row else None
    turn.focus(**who.ids)
    member = queries.get(turn.session, Member, turn.workspace.id, number) if number else None
    if member is None:
        return Reply(
            (Line(turn.say("looked_after_by_nobody", name=who.name)),), (card_button(turn, who),)
        )
    told = turn.say("looked_after_by", name=who.name, member=member.name)
    return Reply((Line(told),), (card_button(turn, who),))


@chapter.command("activity.list")
def listed(
    turn: Turn,
    call: Call,
    what: str = "note",
    first: str | None = None,
    last: str | None = None,
) -> Reply:
    """Notes on a customer, calls with them, meetings, ...: the latest first, in a time or ever."""
    who = find_who(turn, call)
    if who is None:
        raise Sorry("ask_who")
    turn.focus(**who.ids)
    span = span_of(first, last)
    here = within(done_with(turn, who, (what,)), span)
    total = int(turn.session.scalar(select(func.count()).select_from(here.subquery())) or 0)
    latest = here.order_by(Activity.at.desc(), Activity.id.desc()).limit(SHOWN)
    rows = turn.session.scalars(latest).all()
    head = turn.piece(f"segment_kind_{what}")
    when = span_in_words(turn, span).lstrip(RLM)
    parts: list[Part] = [Title(turn.voice.beside(who.name, head, when or None))]
    if not rows:
        parts.append(Line(turn.say("none_of_them_yet")))
    for row in rows:
        turn.shows(row)
    if rows:
        parts.append(Items(tuple(activity_line(turn, row) for row in rows)))
    if total > len(rows):
        parts.append(Line(turn.say("and_more", n=total - len(rows)), quiet=True))
    return Reply(tuple(parts), (card_button(turn, who),))
