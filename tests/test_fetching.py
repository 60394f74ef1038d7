"""What is fetched of several records at once is there, and asks nothing more."""

from __future__ import annotations

from sqlalchemy import event, select
from sqlalchemy.orm.base import instance_dict

from storage.fetching import fetched, fill
from storage.models import Contact
from tests.conversation import Conversation


def test_lists_that_were_filled_are_at_hand(chat: Conversation) -> None:
    chat.says("met Sara Malik, 0300 1234567, sara@nishat.example")
    chat.says("met Omar Sheikh")
    with chat.database.transaction() as session:
        ids = session.scalars(select(Contact.id)).all()
        session.expunge_all()
        rows = fetched(session, Contact, 1, ids)
        asked: list[str] = []
        fill(session, 1, Contact, rows, "points", "own_values")
        listen = (session.get_bind(), "before_cursor_execute", lambda *said: asked.append(said[2]))
        event.listen(*listen)
        try:
            there = {row.name: sorted(each.kind for each in row.points) for row in rows}
        finally:
            event.remove(*listen)
    assert there == {"Sara Malik": ["email", "phone"], "Omar Sheikh": []}
    assert asked == []
    assert all({"points", "own_values"} <= instance_dict(row).keys() for row in rows)
