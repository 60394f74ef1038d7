"""What the tests of tickets at both doors share: what is said, and what stands in the database."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import select

from storage.database import Database
from storage.models import Ticket, TicketComment


class Serving(Protocol):
    """A Rabta that runs, with its database."""

    @property
    def database(self) -> Database: ...


OF_SERVICE = {
    "english": ("is yours now", "is resolved", "How happy is Firm 2 now", "Resolve"),
    "urdu": ("اب آپ کے پاس ہے", "حل ہو گیا،", "اب کتنے خوش ہیں", "حل ہو گیا"),
    "roman urdu": ("ab aap ke paas hai", "hal ho gaya,", "ab kitne khush hain", "Hal ho gaya"),
}
"""What each of them says, and the first button of the first."""

TORN = "Bilal Traders complained that 3 rolls were torn, urgent"


def only(rabta: Serving) -> Ticket:
    with rabta.database.transaction() as session:
        row = session.scalars(select(Ticket)).one()
        session.expunge(row)
        return row


def comments(rabta: Serving) -> list[str]:
    with rabta.database.transaction() as session:
        return list(session.scalars(select(TicketComment.text).order_by(TicketComment.id)))
