"""Payments: kept as notes on whoever paid, or has not; who owes what is not added up.

What is said of one customer's payments ("Bilal paid 5000 late") becomes a note, what is asked
("has Bilal paid?") is answered with those notes.
"""

from __future__ import annotations

from sqlalchemy import select

from handlers.activities import write
from handlers.book import Chapter
from handlers.cards import activity_line
from handlers.likely import of_known
from handlers.party import Party
from handlers.reply import Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import find_who
from language.paying import read_paying
from language.sheet import lay_out
from rules.calendar import Due
from storage import queries
from storage.models import Activity

chapter = Chapter(__name__)

ABOUT = {"about": "payment"}
"""Under ``more`` of a note on a payment."""

SHOWN = 5
"""Notes that are told; more are counted."""


def payment_said(turn: Turn, text: str) -> Call | None:
    """Such a message about a customer that is known; None for any other."""
    return of_known(turn, read_paying(lay_out(text), turn.today))


@chapter.command("payment.note")
def note(turn: Turn, who: Party, text: str | None = None, on: Due | None = None) -> Reply:
    """Somebody paid, has not, or owes something."""
    row = write(turn, who, "note", text, on, dict(ABOUT))
    turn.focus(**who.ids)
    parts: list[Part] = [
        Title(turn.say("payment_noted", name=who.name)),
        Line(turn.voice.apart(row.text or "")),
    ]
    if on:
        parts.append(Fields(((turn.say("field_on"), turn.voice.due(on)),)))
    parts.append(Line(turn.say("payments_as_notes"), quiet=True))
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


@chapter.command("payment.list")
def noted(turn: Turn, call: Call) -> Reply:
    """What was noted of a customer's payments, the latest first."""
    who = find_who(turn, call)
    if who is None:
        raise Sorry("ask_who")
    turn.focus(**who.ids)
    show = turn.button("show_button", "contact.show", **who.slots)
    company = who.company.id if who.company and not who.contact else None
    contact = who.contact.id if who.contact else None
    here = select(Activity).where(
        Activity.workspace_id == turn.workspace.id, Activity.kind == "note",
        queries.with_any(Activity, turn.workspace.id, [contact] if contact else [],
                         [company] if company else []),
        Activity.more["about"].as_string() == ABOUT["about"],
    )  # fmt: skip
    rows = turn.session.scalars(here.order_by(Activity.at.desc(), Activity.id.desc())).all()
    if not rows:
        none = Title(turn.say("no_payments_noted", name=who.name))
        return Reply((none, Line(turn.say("payment_how"), quiet=True)), (show,))
    for row in rows[:SHOWN]:
        turn.shows(row)
    parts: list[Part] = [
        Title(turn.say("payments_noted", name=who.name)),
        Items(tuple(activity_line(turn, row) for row in rows[:SHOWN])),
    ]
    if len(rows) > SHOWN:
        parts.append(Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True))
    parts.append(Line(turn.say("payments_as_notes"), quiet=True))
    return Reply(tuple(parts), (show,))


@chapter.command("look.payments")
def payments(turn: Turn) -> Reply:
    """That it cannot be told, and how to mark those who are meant so that they can be listed."""
    return Reply((Title(turn.say("payments_not_kept")), Line(turn.say("payments_how"), quiet=True)))
